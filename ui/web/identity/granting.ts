import type { Deed, Resource } from "./find_rights.ts";

/** To whom something is granted. */
export interface Grantee {
  name: string;
  groups: readonly string[];
}

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * The commands by which somebody who may gives a person what a deed takes in a namespace; `kinds` alone, where they may change
 * others already.
 */
export function grantCommand(
  deed: Deed,
  namespace: string,
  { name }: Grantee,
  kinds: readonly Resource[] = [],
): string {
  const [, ownNamespace, account] = SERVICE_ACCOUNT.exec(name) ?? [];
  const whom = account === undefined ? `--user=${quoted(name)}` : `--serviceaccount=${ownNamespace}:${account}`;
  const role = kinds.length > 0 ? "headwind-change" : ROLES[deed];
  const binding = `${role}-${nameOf(account ?? name)}`;
  const bind = (way: string) => `kubectl create rolebinding ${binding} -n ${namespace} ${way}=${role} ${whom}`;
  if (deed !== "retry" && kinds.length === 0) return bind("--clusterrole");
  const [verbs, resources] = deed === "retry"
    ? ["create,delete", "updaterequests.headwind.sh"]
    : ["patch", kinds.map(resourceName).join(",")];
  const make = `kubectl create role ${role} -n ${namespace} --verb=${verbs} --resource=${resources}`;
  return `${make}\n${bind("--role")}`;
}

/** The built-in `edit` has the verb `patch` on workloads; nothing of Kubernetes' own has those on UpdateRequests. */
const ROLES: Record<Deed, string> = {
  see: "headwind-viewer",
  approve: "headwind-approver",
  change: "edit",
  retry: "headwind-retry",
};

/** As a name of an object, for people to tell bindings apart. */
const nameOf = (name: string): string =>
  name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 40) || "person";

/** As a shell reads it as one word. */
const quoted = (word: string): string => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** As kubectl takes it: `helmreleases.helm.toolkit.fluxcd.io`. */
export const resourceName = ({ group, resource }: Resource): string => group === "" ? resource : `${resource}.${group}`;

import type { Deed } from "./find_rights.ts";

/** To whom something is granted. */
export interface Grantee {
  name: string;
  groups: readonly string[];
}

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The commands by which somebody who may gives a person what a deed takes in a namespace. */
export function grantCommand(deed: Deed, namespace: string, { name }: Grantee): string {
  const [, ownNamespace, account] = SERVICE_ACCOUNT.exec(name) ?? [];
  const whom = account === undefined ? `--user=${quoted(name)}` : `--serviceaccount=${ownNamespace}:${account}`;
  const role = ROLES[deed];
  const binding = `${role}-${nameOf(account ?? name)}`;
  const bind = (way: string) => `kubectl create rolebinding ${binding} -n ${namespace} ${way}=${role} ${whom}`;
  if (deed !== "retry") return bind("--clusterrole");
  const make = `kubectl create role ${role} -n ${namespace} --verb=create,delete --resource=updaterequests.headwind.sh`;
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

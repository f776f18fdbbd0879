import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlPlane } from "../testbed/controlplane.ts";
import { kubeconfig } from "../testbed/kubeconfig.ts";

/** Who is in the story: service accounts, and the ClusterRoles that they have in its namespace. */
const roles = {
  ann: ["headwind-approver", "edit"],
  bob: ["headwind-approver"],
  eve: ["edit"],
} as const;

export type Name = keyof typeof roles;

/** Somebody whom the API server knows by a token of its own making. */
export interface Person {
  token: string;
  /** Path of a file with it. */
  tokenFile: string;
  /** Path of a kubeconfig with that token. */
  kubeconfig: string;
}

export type People = Readonly<Record<Name, Person>>;

const names = Object.keys(roles) as Name[];

/** The objects that give people their rights, for `kubectl apply`. The accounts come with `meetPeople`. */
export function bindings(namespace: string): string {
  const items = names.flatMap((name) =>
    roles[name].map((role) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: `${name}-${role}`, namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    }))
  );
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** Makes their accounts and tokens. The files are below the control plane's folder. */
export async function meetPeople(plane: ControlPlane, namespace: string): Promise<People> {
  const ca = await readFile(plane.ca, "utf8");
  const people = names.map(async (name): Promise<[Name, Person]> => {
    const folder = await plane.serviceAccountDir(namespace, name);
    const tokenFile = join(folder, "token");
    const token = await readFile(tokenFile, "utf8");
    const path = join(folder, "kubeconfig");
    await writeFile(path, kubeconfig(plane.url, ca, { token }, namespace), { mode: 0o600 });
    return [name, { token, tokenFile, kubeconfig: path }];
  });
  return Object.fromEntries(await Promise.all(people)) as Record<Name, Person>;
}

/** What people call one of them whom the API server calls `system:serviceaccount:shop:ann`; others keep their names. */
export const calledShort = (user: string): string => user.replace(/^system:serviceaccount:[^:]+:/, "");

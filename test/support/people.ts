import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createKubeClient, type KubeClient, withToken } from "../../core/kube/client.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import type { ControlPlane } from "../../scripts/testbed/controlplane.ts";

/** Somebody whom the API server knows by a token of its own making. */
export interface Person {
  /** As the API server calls them. */
  user: string;
  token: string;
  kube: KubeClient;
  close(): void;
}

/** A service account with this ClusterRole in its namespace, or with no rights. */
export async function person(plane: ControlPlane, namespace: string, name: string, role?: string): Promise<Person> {
  const dir = await plane.serviceAccountDir(namespace, name);
  if (role) {
    await plane.kubectl([
      ...["create", "rolebinding", `${name}-${role}`, "-n", namespace],
      ...[`--clusterrole=${role}`, `--serviceaccount=${namespace}:${name}`],
    ]);
  }
  const token = await readFile(join(dir, "token"), "utf8");
  const connection = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    token,
    kube: createKubeClient(withToken(connection, token)),
    close: connection.close,
  };
}

/** As the API server calls who uses the test bed's kubeconfig. */
export const ADMIN = "headwind-testbed-admin";

/** The spec of a request for a Deployment of this name, from 1.0.0 to 1.1.0, made by hand by the test bed's admin. */
export function specOf(name: string, namespace = "default") {
  return {
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", namespace, name },
    updateType: "image",
    containerName: "app",
    currentImage: "registry.example/app:1.0.0",
    newImage: "registry.example/app:1.1.0",
    policy: "minor",
    madeBy: ADMIN,
  };
}

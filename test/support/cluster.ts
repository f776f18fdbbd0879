import process from "node:process";
import {
  attachControlPlane,
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from "../../scripts/testbed/controlplane.ts";
import { installDefinitions, shared } from "./shared.ts";

/** A real control plane on which the CRDs and rights of `deploy/` are installed. */
export interface Cluster extends ControlPlane {
  /** Makes a namespace of a fresh name that starts with `prefix`, and gives its name. */
  namespace(prefix?: string): Promise<string>;
}

export interface ClusterOptions {
  /** A control plane for this file alone: for those that run an operator over all namespaces, or break things. */
  own?: boolean;
  /** One of its own, without pods, that can be backed up. */
  restorable?: boolean;
}

/**
 * The control plane that the test runner shares between files; one of its own where there is none (a file run by hand) or `own`
 * says so. Call `stop` when done; it ends only what was started here.
 */
export async function cluster({ own = false, restorable = false }: ClusterOptions = {}): Promise<Cluster> {
  const path = own || restorable ? undefined : process.env[shared.kubeconfig];
  return clusterOf(path ? await attachControlPlane(path) : await started(restorable));
}

export function clusterOf(plane: ControlPlane): Cluster {
  return {
    ...plane,
    async namespace(prefix = "test") {
      const name = `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
      await plane.kubectl(["create", "namespace", name]);
      return name;
    },
  };
}

/** The variables of a process in a pod that has the rights of a service account. */
export async function inClusterEnv(
  { url, serviceAccountDir }: Pick<ControlPlane, "url" | "serviceAccountDir">,
  namespace: string,
  name: string,
): Promise<Record<string, string>> {
  const { hostname, port } = new URL(url);
  return {
    HEADWIND_SERVICE_ACCOUNT_DIR: await serviceAccountDir(namespace, name),
    HEADWIND_LEASE_NAMESPACE: namespace,
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
  };
}

const started = (restorable: boolean) =>
  startWithDefinitions({
    ...(restorable ? { restorable, kwok: false } : {}),
    progress: (line) => console.error(line),
  });

/** A new control plane with the CRDs, the namespace and the rights of `deploy/`. */
export async function startWithDefinitions(options: ControlPlaneOptions): Promise<ControlPlane> {
  const plane = await startControlPlane(options);
  try {
    await installDefinitions(plane);
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

import process from "node:process";
import { attachControlPlane, type ControlPlane, startControlPlane } from "../../scripts/testbed/controlplane.ts";
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

async function started(restorable: boolean): Promise<ControlPlane> {
  const plane = await startControlPlane({
    ...(restorable ? { restorable, kwok: false } : {}),
    progress: (line) => console.error(line),
  });
  try {
    await installDefinitions(plane);
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

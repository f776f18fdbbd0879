import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKubeClient, type KubeClient } from "../../core/kube/client.ts";
import { established } from "../testbed/established.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import { type ControlPlane, startControlPlane } from "../testbed/controlplane.ts";

/** A control plane with what the operator needs of one. */
export interface Cluster {
  controlPlane: ControlPlane;
  /** As an administrator. */
  admin: KubeClient;
  apiPort: string;
  /** Folder of the operator's service account. */
  serviceAccount: string;
  stop(): Promise<void>;
}

const deploy = fileURLToPath(new URL("../../deploy", import.meta.url));

/** Starts a control plane (no nodes: nothing runs) and applies the release's namespace, CRDs and rights. */
export async function startCluster(progress: (line: string) => void): Promise<Cluster> {
  progress("starting a control plane");
  const controlPlane = await startControlPlane({ kwok: false, progress });
  try {
    const crds = (await readdir(join(deploy, "crds"))).map((name) => join("crds", name));
    for (const file of ["namespace.yaml", ...crds, "rbac.yaml"]) {
      await controlPlane.kubectl(["apply", "-f", join(deploy, file)]);
    }
    await established(controlPlane, ["crd", "--all"]);
    const connection = await loadKubeConfig({ KUBECONFIG: controlPlane.kubeconfig });
    return {
      controlPlane,
      admin: createKubeClient(connection),
      apiPort: new URL(controlPlane.url).port,
      serviceAccount: await controlPlane.serviceAccountDir("headwind-system", "headwind"),
      async stop() {
        connection.close();
        await controlPlane.stop();
      },
    };
  } catch (error) {
    await controlPlane.stop({ keep: true });
    throw error;
  }
}

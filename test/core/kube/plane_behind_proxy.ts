import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createKubeClient, type KubeClient } from "../../../core/kube/client.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { startControlPlane } from "../../../scripts/testbed/controlplane.ts";
import { type Proxy, startProxy } from "./proxy.ts";

/** A control plane without nodes, asked straight and through a proxy that can be told to fail. */
export interface PlaneBehindProxy {
  client: KubeClient;
  proxy: Proxy;
  proxied: KubeClient;
  stop(): Promise<void>;
}

export async function planeBehindProxy(): Promise<PlaneBehindProxy> {
  const plane = await startControlPlane({ kwok: false });
  const proxy = await startProxy(plane.kubeconfig);
  const kubeconfig = join(plane.dir, "proxied");
  await writeFile(kubeconfig, proxy.kubeconfig);
  const direct = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  const viaProxy = await loadKubeConfig({ KUBECONFIG: kubeconfig });
  return {
    client: createKubeClient(direct),
    proxy,
    proxied: createKubeClient(viaProxy),
    async stop() {
      direct.close();
      viaProxy.close();
      proxy.close();
      await plane.stop();
    },
  };
}

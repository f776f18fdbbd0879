import type { Config } from "./config.ts";
import type { KubeConnection } from "../kube/client.ts";
import type { Environment } from "../runtime/env.ts";
import { type AddressGuard, createAddressGuard, hostOf, portOf } from "../runtime/outside/guard.ts";

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/**
 * In a pod nothing of the pod itself is asked for a workload; with a kubeconfig, on a person's machine, registries on loopback are. The API
 * server, and this operator's ports on the pod's own addresses, are asked for nobody.
 */
export function addressGuardOf(
  config: Config,
  { server, namespace, inCluster = false }: KubeConnection,
  env: Environment,
): AddressGuard {
  const url = new URL(server);
  const ports = [config.HEADWIND_WEBHOOK_PORT, config.HEADWIND_API_PORT, config.HEADWIND_METRICS_PORT];
  const own = ["127.0.0.1", "::1", ...[config.HEADWIND_HOST, env.POD_IP].filter((host) => host !== undefined)];
  return createAddressGuard({
    loopback: !inCluster,
    allowed: config.HEADWIND_ALLOWED_ADDRESSES,
    endpoints: [
      { host: hostOf(url), port: portOf(url) },
      ...ports.flatMap((port) => own.map((host) => ({ host, port }))),
    ],
    refusedNames: (name, port) => inCluster && ports.includes(port) && isServiceOf(namespace, name),
    // Deno's fetch goes by them
    proxied: "Deno" in globalThis && PROXIES.some((name) => env[name] || env[name.toLowerCase()]),
  });
}

/** Whether a name is one of a Service here, as a pod of the namespace may write it. */
function isServiceOf(namespace: string, name: string): boolean {
  const [service, second = namespace, third = "svc"] = name.split(".");
  return service !== "" && second === namespace && third === "svc";
}

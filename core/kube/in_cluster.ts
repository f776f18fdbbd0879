import { type Send, sendByFetch } from "../runtime/http_request.ts";
import { createTlsClient } from "../runtime/tls_client.ts";
import { type Environment, fileExists, readTextFile } from "../runtime/process.ts";
import { createFetch } from "../runtime/fetch.ts";
import type { KubeConnection } from "./client.ts";

const SERVICE_ACCOUNT_DIR = "/var/run/secrets/kubernetes.io/serviceaccount";
/** The kubelet rotates the token's file; client-go reads it again every minute, too. */
const TOKEN_MS = 60_000;

/** Where a pod finds its service account, or undefined with the reason in `missing`, when this is no pod. */
export async function serviceAccountDir(env: Environment, missing: string[]): Promise<string | undefined> {
  const dir = env.HEADWIND_SERVICE_ACCOUNT_DIR || SERVICE_ACCOUNT_DIR;
  if (!env.KUBERNETES_SERVICE_HOST) {
    missing.push("KUBERNETES_SERVICE_HOST is not set");
    return undefined;
  }
  if (await fileExists(`${dir}/token`)) return dir;
  missing.push(`KUBERNETES_SERVICE_HOST is set but there is no ${dir}/token`);
  return undefined;
}

/** The connection of a pod, from the files of its service account (`token`, `ca.crt`, `namespace`). */
export async function inClusterConnection(env: Environment, dir: string): Promise<KubeConnection> {
  const host = env.KUBERNETES_SERVICE_HOST ?? "";
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT || "443"}`;
  const [ca, namespace] = await Promise.all([
    readTextFile(`${dir}/ca.crt`),
    readTextFile(`${dir}/namespace`).catch(() => "default"),
  ]);
  const { send, close } = createTlsClient(server, ca, env, () => byFetch(ca));
  let headers: Record<string, string> = {};
  let readAt = -Infinity;
  return {
    server,
    namespace: namespace.trim() || "default",
    inCluster: true,
    send,
    sendAsNobody: send,
    close,
    describe: `${server}, by the service account in ${dir}`,
    authorization: () => performance.now() - readAt < TOKEN_MS ? headers : readToken(),
  };

  async function readToken(): Promise<Record<string, string>> {
    headers = { authorization: `Bearer ${(await readTextFile(`${dir}/token`)).trim()}` };
    readAt = performance.now();
    return headers;
  }
}

function byFetch(ca: string): { send: Send; close(): void } {
  const { fetch, close } = createFetch({ ca: [ca], onlyCa: true });
  return { send: sendByFetch(fetch), close };
}

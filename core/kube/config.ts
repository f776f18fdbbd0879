import { join } from "node:path";
import { type Environment, fileExists } from "../runtime/process.ts";
import { sendByFetch } from "../runtime/http_request.ts";
import { createFetch, type Fetcher } from "../runtime/fetch.ts";
import type { KubeConnection } from "./client.ts";
import { inClusterConnection, serviceAccountDir } from "./in_cluster.ts";
import { type ContextChoice, readKubeconfig } from "./kubeconfig.ts";
import { createLogin, homeFolder, type Login, pem } from "./kubeconfig_login.ts";

/**
 * Finds the API server: `KUBECONFIG` if set, else the service account of the pod, else `~/.kube/config`. Rejects with all that was
 * looked for, or with what is wrong in the file that was found. Nothing is asked of the server. `choice` is of names in a kubeconfig.
 */
export async function loadKubeConfig(env: Environment, choice: ContextChoice = {}): Promise<KubeConnection> {
  if (env.KUBECONFIG) return await kubeconfigConnection(env.KUBECONFIG, choice);
  const missing = ["KUBECONFIG is not set"];
  const dir = await serviceAccountDir(env, missing);
  if (dir) return await inClusterConnection(env, dir);
  const home = homeFolder(env);
  const path = home && join(home, ".kube", "config");
  if (path && await fileExists(path)) return await kubeconfigConnection(path, choice);
  missing.push(path ? `there is no ${path}` : "HOME is not set");
  throw new Error(`no way to a cluster: ${missing.join(", ")}`);
}

async function kubeconfigConnection(paths: string, wanted: ContextChoice): Promise<KubeConnection> {
  const chosen = await readKubeconfig(paths, wanted);
  const { cluster, context, namespace } = chosen;
  for (const field of ["tls-server-name", "proxy-url"] as const) {
    if (cluster[field]) throw new Error(`${field} in the kubeconfig ${paths} is not supported`);
  }
  const ca = await pem(cluster["certificate-authority-data"], cluster["certificate-authority"]);
  const logIn = await createLogin(chosen);
  const fetcher = ({ cert, key }: Partial<Login>): Fetcher =>
    createFetch({
      ...(ca ? { ca: [ca], onlyCa: true } : {}),
      ...(cert && key ? { cert, key } : {}),
      ...(cluster["insecure-skip-tls-verify"] ? { insecureSkipVerify: true } : {}),
    });
  let login = await logIn();
  let current = fetcher(login);
  let nobodys: Fetcher | undefined;
  const server = cluster.server.replace(/\/+$/, "");
  return {
    server,
    namespace,
    describe: `${server}, by context ${context} of ${paths}`,
    send: sendByFetch((url, init) => current.fetch(url, init)),
    sendAsNobody: sendByFetch((url, init) => (nobodys ??= fetcher({})).fetch(url, init)),
    async authorization() {
      const next = await logIn();
      if (next.cert !== login.cert || next.key !== login.key) {
        // what is still running on the old one runs on
        current.close();
        current = fetcher(next);
      }
      login = next;
      return login.headers;
    },
    close() {
      current.close();
      nobodys?.close();
    },
  };
}

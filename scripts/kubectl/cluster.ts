import { join } from "node:path";
import { createKubeClient, type KubeClient, type RequestOptions } from "../../core/kube/client.ts";
import type { Environment } from "../../core/runtime/env.ts";
import { fileExists } from "../../core/runtime/files.ts";
import { homeFolder } from "../../core/kube/kubeconfig_login.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import { whoAmI } from "../../core/kube/access.ts";
import { Failure } from "./errors.ts";

export interface Choice {
  env: Environment;
  kubeconfig?: string | undefined;
  context?: string | undefined;
  namespace?: string | undefined;
  dryRun?: boolean;
}

/** The cluster, asked with the user's own rights. */
export interface Cluster {
  /** Where it is a dry run, what it writes is checked and not stored. */
  client: KubeClient;
  namespace: string;
  dryRun: boolean;
  env: Environment;
  /** Who the user is to the API server. Asked once. */
  me(): Promise<string>;
  /** The same, but that nothing is stored. */
  asDryRun(): Cluster;
  close(): void;
}

/** Behind a word that says what was done. */
export const dryMark = ({ dryRun }: Cluster): string => dryRun ? " (server dry run)" : "";

/** Connects to nothing yet, but reads the kubeconfig. */
export async function openCluster(choice: Choice): Promise<Cluster> {
  const { env, context, namespace, dryRun = false } = choice;
  const paths = await kubeconfigPaths(choice);
  if (context !== undefined && paths === undefined) {
    throw new Failure(`there is no kubeconfig with a context ${context}`);
  }
  const connection = await loadKubeConfig(paths === undefined ? env : { ...env, KUBECONFIG: paths }, context);
  const client = createKubeClient(connection);
  let me: Promise<string> | undefined;
  const cluster = (dryRun: boolean): Cluster => ({
    client: dryRun ? dry(client) : client,
    namespace: namespace ?? connection.namespace,
    dryRun,
    env,
    me: () => me ??= named(client),
    asDryRun: () => cluster(true),
    close: connection.close,
  });
  return cluster(dryRun);
}

/** Where kubectl finds its kubeconfig; undefined where there is none, as in a pod. */
export async function kubeconfigPaths(
  { env, kubeconfig }: Pick<Choice, "env" | "kubeconfig">,
): Promise<string | undefined> {
  const named = kubeconfig ?? env.KUBECONFIG;
  if (named) return named;
  const home = homeFolder(env);
  const path = home && join(home, ".kube", "config");
  return path && await fileExists(path) ? path : undefined;
}

async function named(client: KubeClient): Promise<string> {
  const user = await whoAmI(client);
  if (user === "") throw new Failure("the API server does not say who you are");
  return user;
}

/** A client whose writes are the API server's dry runs. The options of a DELETE stand in its body, which hides the query. */
function dry(client: KubeClient): KubeClient {
  return {
    stream: client.stream,
    request(method, path, options = {}) {
      if (method === "GET") return client.request(method, path, options);
      const body = method === "DELETE" ? { ...options.body as object | undefined, dryRun: ["All"] } : options.body;
      const dried: RequestOptions = { ...options, body, query: { ...options.query, dryRun: "All" } };
      return client.request(method, path, dried);
    },
  };
}

import {
  createKubeClient,
  dryRunOf,
  type Environment,
  fileExists,
  homeFolder,
  type KubeClient,
  type KubeConnection,
  loadKubeConfig,
  whoAmI,
} from "../../core/ui.ts";
import { join } from "node:path";
import { Failure, UsageError } from "./errors.ts";

export interface Choice {
  env: Environment;
  /** By name; those of `clusterFlags`. */
  flags: ReadonlyMap<string, string>;
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
  const { env, flags, dryRun = false } = choice;
  const [user, group] = [flags.get("as"), flags.get("as-group")];
  if (user === undefined && group !== undefined) throw new UsageError("--as-group wants --as, too");
  const paths = await kubeconfigPaths(choice);
  const named = namesOf(flags);
  for (const [kind, name] of Object.entries(named)) {
    if (name !== undefined && paths === undefined) throw new Failure(`there is no kubeconfig with a ${kind} ${name}`);
  }
  const found = await loadKubeConfig(paths === undefined ? env : { ...env, KUBECONFIG: paths }, named);
  const connection = impersonating(found, user, group);
  const client = createKubeClient(connection);
  let me: Promise<string> | undefined;
  const cluster = (dryRun: boolean): Cluster => ({
    client: dryRun ? dryRunOf(client) : client,
    namespace: flags.get("namespace") ?? connection.namespace,
    dryRun,
    env,
    me: () => me ??= nameOf(client),
    asDryRun: () => cluster(true),
    close: connection.close,
  });
  return cluster(dryRun);
}

const namesOf = (flags: Choice["flags"]) => ({
  context: flags.get("context"),
  cluster: flags.get("cluster"),
  user: flags.get("user"),
});

/**
 * The same connection, in the name of somebody else, if the API server lets this user.
 *
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
function impersonating(connection: KubeConnection, user: string | undefined, group: string | undefined) {
  if (user === undefined) return connection;
  const headers = { "impersonate-user": user, ...(group === undefined ? {} : { "impersonate-group": group }) };
  return {
    ...connection,
    authorization: async () => ({ ...await connection.authorization(), ...headers }),
  };
}

/** Where kubectl finds its kubeconfig; undefined where there is none, as in a pod. */
export async function kubeconfigPaths(
  { env, flags }: Pick<Choice, "env" | "flags">,
): Promise<string | undefined> {
  const named = flags.get("kubeconfig") ?? env.KUBECONFIG;
  if (named) return named;
  const home = homeFolder(env);
  const path = home && join(home, ".kube", "config");
  return path && await fileExists(path) ? path : undefined;
}

async function nameOf(client: KubeClient): Promise<string> {
  const user = await whoAmI(client);
  if (user === "") throw new Failure("the API server does not say who you are");
  return user;
}

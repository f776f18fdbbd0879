import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileExists, readTextFile } from "../runtime/process.ts";

/** A kubeconfig's cluster, with the file's own names. */
export interface Cluster {
  server: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
  "proxy-url"?: string;
}
export interface ExecLogin {
  apiVersion?: string;
  command: string;
  args?: string[];
  env?: { name: string; value: string }[] | null;
}
/** A kubeconfig's user, with the file's own names. */
export interface User {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  as?: string;
  "as-groups"?: string[];
  exec?: ExecLogin;
  "auth-provider"?: { name: string; config?: Record<string, string> };
}
/** What is said in place of what stands in the files: their current context, and its cluster and user. */
export interface ContextChoice {
  context?: string | undefined;
  cluster?: string | undefined;
  user?: string | undefined;
}
/** What a context stands for. */
export interface ChosenContext {
  context: string;
  namespace: string;
  cluster: Cluster;
  user: User;
}
interface Entry {
  name: string;
  cluster?: Cluster;
  user?: User;
  context?: { cluster: string; user: string; namespace?: string };
}
/** `Config` of `client.authentication.k8s.io`'s sibling `v1`: kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig */
export interface KubeconfigFile {
  clusters?: Entry[] | null;
  users?: Entry[] | null;
  contexts?: Entry[] | null;
  "current-context"?: string;
}

/** Reads one or several files (`KUBECONFIG` separates them by `:`) and gives what a context stands for, the current one if absent. */
export async function readKubeconfig(paths: string, choice: ContextChoice = {}): Promise<ChosenContext> {
  return chooseContext(await readFiles(paths), paths, choice);
}

/** The names of all contexts, clusters or users in these files. */
export async function namesIn(paths: string, what: "contexts" | "clusters" | "users"): Promise<string[]> {
  const entries = (await readFiles(paths)).flatMap((file) => file[what] ?? []);
  return [...new Set(entries.map(({ name }) => name))];
}

/** Of several files those that are not there are passed over, as kubectl does. */
async function readFiles(paths: string): Promise<KubeconfigFile[]> {
  const files: KubeconfigFile[] = [];
  const named = paths.split(delimiter).filter((part) => part !== "");
  for (const path of named) {
    if (named.length > 1 && !await fileExists(path)) continue;
    files.push(withAbsolutePaths(await parse(path), dirname(path)));
  }
  return files;
}

async function parse(path: string): Promise<KubeconfigFile> {
  const text = await readTextFile(path).catch((error) => {
    throw new Error(`the kubeconfig ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  try {
    // JSON is YAML, and needs no parser
    const file = text.trimStart().startsWith("{") ? JSON.parse(text) : (await import("js-yaml")).load(text);
    if (typeof file === "object" && file !== null) return file as KubeconfigFile;
  } catch (error) {
    // what comes after the first line shows lines of the file, which hold tokens
    const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new Error(`${path} is no kubeconfig: ${why}`);
  }
  throw new Error(`${path} is no kubeconfig`);
}

const CLUSTER_PATHS = ["certificate-authority"] as const;
const USER_PATHS = ["client-certificate", "client-key", "tokenFile"] as const;

function withAbsolutePaths(file: KubeconfigFile, folder: string): KubeconfigFile {
  const absolute = <K extends string>(part: Partial<Record<K, unknown>> | undefined, keys: readonly K[]) => {
    for (const key of keys) {
      const path = part?.[key];
      if (part && typeof path === "string" && path !== "" && !isAbsolute(path)) part[key] = join(folder, path);
    }
  };
  for (const { cluster } of file.clusters ?? []) absolute(cluster, CLUSTER_PATHS);
  for (const { user } of file.users ?? []) absolute(user, USER_PATHS);
  for (const { user } of file.users ?? []) {
    const exec = user?.exec;
    if (exec && /[/\\]/.test(exec.command) && !isAbsolute(exec.command)) exec.command = join(folder, exec.command);
  }
  return file;
}

/**
 * Merges as kubectl does, the first to say something wins, and follows a context, the current one if absent.
 *
 * @throws naming what is missing
 */
export function chooseContext(files: KubeconfigFile[], origin: string, choice: ContextChoice = {}): ChosenContext {
  const named = (kind: "clusters" | "users" | "contexts", name: string): Entry | undefined =>
    files.flatMap((file) => file[kind] ?? []).find((entry) => entry.name === name);
  const current = choice.context ?? files.map((file) => file["current-context"]).find((name) => name);
  const needsContext = choice.cluster === undefined || choice.user === undefined;
  if (!current && needsContext) throw new Error(`no current-context in the kubeconfig ${origin}`);
  const context = current === undefined ? undefined : named("contexts", current)?.context;
  if (!context && current !== undefined) throw new Error(`no context ${current} in the kubeconfig ${origin}`);
  const [clusterName, userName] = [choice.cluster ?? context?.cluster, choice.user ?? context?.user];
  const cluster = named("clusters", clusterName!)?.cluster;
  if (!cluster?.server) throw new Error(`no cluster ${clusterName} with a server in the kubeconfig ${origin}`);
  const user = userName ? named("users", userName)?.user : {};
  if (!user) throw new Error(`no user ${userName} in the kubeconfig ${origin}`);
  return { context: current ?? "", namespace: context?.namespace || "default", cluster, user };
}

import { DOCKER_HUB, DOCKER_HUB_INDEX } from "../versions/docker_hub.ts";
import { type DockerConfig, readDockerConfig } from "./docker_config.ts";
import { RegistryError } from "./registry_error.ts";
import type { Credentials } from "./credentials.ts";
import { isForbidden, isObjectName, readSecret, type SecretReader } from "./read_secret.ts";
import type { RepositoryRef } from "./send.ts";
export { type DockerConfig, type PullSecret, readDockerConfig } from "./docker_config.ts";

/** Where a workload's logins are found. */
export interface PullSources {
  /** Names of its `imagePullSecrets`. */
  pullSecrets: readonly string[];
  /** @default `default`, as in Kubernetes */
  serviceAccount?: string;
}

/** Each gives undefined for what does not exist. */
export interface PullSecretReaders extends SecretReader {
  getServiceAccount(
    namespace: string,
    name: string,
  ): Promise<{ imagePullSecrets?: readonly { name?: string }[] } | undefined>;
}

export interface PullCredentials {
  /** To be tried in this order; empty when none fits. */
  credentials: Credentials[];
  /** A sentence for each secret that was left out. It holds names only. */
  warnings: string[];
}

/** Names of pull secrets that are heeded, those of a workload and of its service account together. */
export const MOST_PULL_SECRETS = 20;

/**
 * The logins that fit a repository, in the kubelet's order: hosts may have globs (`*.example.com`, each part for itself), ports have to be
 * equal, paths match as prefixes, and the longer path comes first.
 *
 * Source: https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/credentialprovider/keyring.go
 */
export function credentialsFor(
  configs: readonly DockerConfig[],
  { registry, repository }: RepositoryRef,
): Credentials[] {
  const keys = [...new Set(configs.flatMap((config) => [...config.keys()]))].sort().reverse();
  const at = (key: string) =>
    configs.flatMap((config) => {
      const login = config.get(key);
      return login ? [login] : [];
    });
  const found = keys.filter((key) => matches(key, registry, `/${repository}`)).flatMap(at);
  return found.length === 0 && registry === DOCKER_HUB ? at(DOCKER_HUB_INDEX) : found;
}

function matches(key: string, registry: string, path: string): boolean {
  const slash = key.indexOf("/");
  const host = slash < 0 ? key : key.slice(0, slash);
  if (slash >= 0 && !path.startsWith(key.slice(slash))) return false;
  const [glob, globPort] = splitPort(host);
  const [name, port] = splitPort(registry);
  const globParts = glob.split(".");
  const parts = name.split(".");
  return globPort === port && globParts.length === parts.length &&
    globParts.every((part, index) => globMatches(part, parts[index]!));
}

function splitPort(host: string): [name: string, port: string] {
  const port = /:\d+$/.exec(host)?.[0] ?? "";
  return [host.slice(0, host.length - port.length), port];
}

/** One part of a host's name against a glob with `*` and `?`. */
function globMatches(glob: string, text: string): boolean {
  if (!/[*?]/.test(glob)) return glob === text;
  let [g, t, star, retry] = [0, 0, -1, 0];
  while (t < text.length) {
    if (glob[g] === "*") {
      star = g++;
      retry = t;
    } else if (glob[g] === "?" || glob[g] === text[t]) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++retry;
    } else return false;
  }
  return /^\**$/.test(glob.slice(g));
}

/**
 * Reads the pull secrets that a workload names and those of its service account, in this order and at most 20 of them, and gives the
 * logins in them that fit the repository. Nothing is kept. A secret that is missing, malformed or forbidden is left out with a warning; other errors of the
 * readers are thrown.
 */
export async function readPullCredentials(
  readers: PullSecretReaders,
  namespace: string,
  { pullSecrets, serviceAccount = "default" }: PullSources,
  repository: RepositoryRef,
): Promise<PullCredentials> {
  const warnings: string[] = [];
  const account = await readAccount(readers, namespace, serviceAccount, warnings);
  const ofAccount = (account?.imagePullSecrets ?? []).flatMap(({ name }) => name ? [name] : []);
  const named = [...new Set([...pullSecrets, ...ofAccount])];
  if (named.length > MOST_PULL_SECRETS) {
    warnings.push(
      `only the first ${MOST_PULL_SECRETS} pull secrets are read of those that it and its service account name`,
    );
  }
  const configs: DockerConfig[] = [];
  for (const name of named.slice(0, MOST_PULL_SECRETS)) {
    const config = await readPullSecret(readers, namespace, name);
    if (typeof config === "string") warnings.push(config);
    else configs.push(config);
  }
  return { credentials: credentialsFor(configs, repository), warnings };
}

async function readAccount(
  { getServiceAccount }: PullSecretReaders,
  namespace: string,
  name: string,
  warnings: string[],
): Promise<Awaited<ReturnType<PullSecretReaders["getServiceAccount"]>>> {
  if (!isObjectName(name)) return undefined;
  try {
    return await getServiceAccount(namespace, name);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    warnings.push(`service account ${namespace}/${name} may not be read`);
    return undefined;
  }
}

async function readPullSecret(
  readers: SecretReader,
  namespace: string,
  name: string,
): Promise<DockerConfig | string> {
  const secret = await readSecret(readers, "pull secret", namespace, name);
  if (typeof secret === "string") return secret;
  return readDockerConfig(secret) ??
    `pull secret ${namespace}/${name} is no readable kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg`;
}

/**
 * Calls with each login in turn, without one if there is none, until one of them may read: a refused login and a "not found" (an error or
 * undefined, since registries hide what one may not see) lead to the next. If none gives more, a "not found" stands before a refusal.
 */
export async function withCredentials<T>(
  credentials: readonly Credentials[],
  call: (credentials?: Credentials) => Promise<T>,
): Promise<T> {
  let missing: (() => T) | undefined;
  let refused: unknown;
  for (const login of credentials.length > 0 ? credentials : [undefined]) {
    try {
      const value = await call(login);
      if (value !== undefined) return value;
      missing ??= () => value;
    } catch (error) {
      if (!(error instanceof RegistryError) || !["unauthorized", "not-found"].includes(error.kind)) throw error;
      if (error.kind === "unauthorized") refused ??= error;
      else {
        missing ??= () => {
          throw error;
        };
      }
    }
  }
  if (missing) return missing();
  throw refused;
}

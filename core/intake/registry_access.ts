import type { Artifact, RegistryReader } from "../plugin.ts";
import type { ChartAccess } from "./chart_access.ts";
import type { Credentials } from "../registry/identity.ts";
import type { Log } from "../plugin.ts";
import { parseReference } from "../image/reference.ts";
import { type PullSecretReaders, readPullCredentials, withCredentials } from "../registry/credentials.ts";
import type { RegistryClient } from "../registry/client.ts";
import { RegistryError } from "../registry/errors.ts";
import type { RepositoryRef } from "../registry/repository_ref.ts";
import type { Use, WorkloadIndex } from "../match/index.ts";
import type { Workload } from "../match/workload.ts";

/**
 * The digest that a tag (or a digest) of a container's repository has at the registry, or a version that a chart has;
 * undefined when there is none.
 */
export type VersionLookup = (use: Use, tag: string, signal?: AbortSignal) => Promise<string | undefined>;

/** Registries, asked with the pull credentials of the workloads that use them. All throw `RegistryError`. */
export interface RegistryAccess {
  lookup: VersionLookup;
  /** For artifacts that some workload uses. */
  reader: RegistryReader;
}

/** Workloads of one repository whose logins are tried before its poll fails. */
const mostIdentities = 3;

export interface RegistryAccessOptions {
  registry: RegistryClient;
  index: WorkloadIndex;
  secrets: PullSecretReaders;
  charts: ChartAccess;
  log: Log;
}

export function createRegistryAccess(options: RegistryAccessOptions): RegistryAccess {
  const { registry, index, secrets, charts, log } = options;
  const asked = async <T>(users: readonly Workload[], ref: RepositoryRef, ask: Ask<T>): Promise<T> => {
    let refusal: unknown;
    for (const { namespace, pullSecrets, serviceAccount } of users) {
      const from = { pullSecrets, ...(serviceAccount ? { serviceAccount } : {}) };
      const { credentials, warnings } = await readPullCredentials(secrets, namespace, from, ref);
      for (const warning of warnings) log.warn(warning, { namespace });
      try {
        return await withCredentials(credentials, ask);
      } catch (error) {
        if (!(error instanceof RegistryError) || error.kind !== "unauthorized") throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new Error(`no workload uses ${ref.registry}/${ref.repository}`);
  };
  const repositoryOf = (artifact: Artifact) => parseReference(artifact.repository);

  return {
    lookup(use, tag) {
      const { workload, slot } = use;
      if (slot.type === "chart") return charts.lookup(use, tag);
      const ref = parseReference(slot.current);
      return asked([workload], ref, (credentials) => registry.digest(ref, tag, credentials));
    },
    reader: {
      async versions(artifact) {
        if (artifact.type === "chart") return await charts.versions(artifact);
        const ref = repositoryOf(artifact);
        const { tags } = await asked(usersOf(index, artifact), ref, (credentials) => registry.tags(ref, credentials));
        return tags.map((tag) => ({ tag }));
      },
      digest(artifact, tag) {
        const ref = repositoryOf(artifact);
        return asked(usersOf(index, artifact), ref, (credentials) => registry.digest(ref, tag, credentials));
      },
    },
  };
}

type Ask<T> = (credentials?: Credentials) => Promise<T>;

/** A few workloads of the artifact with different logins, those with their own pull secrets first. */
function usersOf(index: WorkloadIndex, { repository }: Artifact): Workload[] {
  const byIdentity = new Map<string, Workload>();
  for (const { workload, slot } of index.uses(repository)) {
    if (slot.type !== "image") continue;
    const identity = loginOf(workload);
    if (!byIdentity.has(identity)) byIdentity.set(identity, workload);
  }
  return [...byIdentity.values()]
    .sort((a, b) => b.pullSecrets.length - a.pullSecrets.length)
    .slice(0, mostIdentities);
}

/** Equal for workloads that pull with the same login. */
export function loginOf({ namespace, pullSecrets, serviceAccount }: Workload): string {
  return [namespace, serviceAccount, ...pullSecrets].join("\n");
}

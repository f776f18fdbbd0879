import { createFetch } from "../../../core/runtime/fetch.ts";
import { createRegistryClient, type Credentials, RegistryError } from "../../../core/registry/client.ts";
import { parseReference } from "../../../core/image/reference.ts";
import { readPullCredentials, withCredentials } from "../../../core/registry/credentials.ts";
import { readTextFile } from "../../../core/runtime/files.ts";
import { secretReader } from "../../../core/kube/secrets.ts";
import type { Slot } from "../../../core/plugin.ts";
import type { Workload } from "../../../core/match/workload.ts";
import type { Cluster } from "../cluster.ts";

/** What the registry says of a container's repository. */
export type RegistryAnswer =
  & {
    /** What is wrong with the pull secrets, a sentence each. */
    warnings: string[];
  }
  & (
    /** All tags there are. */
    | { tags: string[] }
    /** For policy `force`: the tag that is followed, and its digest; undefined when there is no such tag. */
    | { followed: string; digest: string | undefined }
    | { unreachable: string }
  );

export interface RegistryReader {
  /** What the policy of the workload chooses from. */
  read(workload: Workload, slot: Slot): Promise<RegistryAnswer>;
  close(): void;
}

const patienceMs = 20_000;

/** The registries as this user reaches them: from this machine, with the pull secrets that they may read. */
export async function createRegistryReader({ client, env }: Cluster): Promise<RegistryReader> {
  const authority = env.HEADWIND_REGISTRY_CA;
  const outside = createFetch({ ca: authority ? [await readTextFile(authority)] : [] });
  const insecure = (env.HEADWIND_INSECURE_REGISTRIES ?? "").split(",").map((host) => host.trim()).filter((host) =>
    host
  );
  const late = new AbortController();
  const registry = createRegistryClient({ fetch: outside.fetch, insecure, signal: late.signal });
  const secrets = secretReader(client);
  return {
    close: outside.close,
    async read({ namespace, pullSecrets, serviceAccount, settings }, slot) {
      const ref = parseReference(slot.current);
      const from = { pullSecrets, ...(serviceAccount ? { serviceAccount } : {}) };
      const { credentials, warnings } = await readPullCredentials(secrets, namespace, from, ref);
      const ask = async (login?: Credentials) => {
        if (settings?.policy.name !== "force") return { tags: (await registry.tags(ref, login)).tags };
        const followed = ref.tag ?? "latest";
        return { followed, digest: await registry.digest(ref, followed, login) };
      };
      const message = `${ref.registry} gave no answer in ${patienceMs / 1000} s.`;
      const timer = setTimeout(() => late.abort(new RegistryError("unreachable", ref.registry, message)), patienceMs);
      try {
        return { warnings, ...await withCredentials(credentials, ask) };
      } catch (error) {
        if (error instanceof RegistryError) return { warnings, unreachable: error.message };
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

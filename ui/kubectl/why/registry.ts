import type { Confirmed } from "./confirmed.ts";
import { createChartReader } from "./charts.ts";
import { createFetch } from "../../../core/runtime/fetch.ts";
import { createRegistryClient, type Credentials, RegistryError } from "../../../core/registry/registry_client.ts";
import { definitionOf } from "../../../core/policy/policies.ts";
import { parseReference } from "../../../core/versions/reference.ts";
import { readPullCredentials, withCredentials } from "../../../core/registry/pull_credentials.ts";
import { readAuthorities } from "../../../core/runtime/authorities_file.ts";
import { secretReader } from "../../../core/kube/secrets.ts";
import { tryCertificate } from "../../../core/runtime/certificate_trial.ts";
import type { SeenVersion, Slot } from "../../../core/plugin.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import type { Cluster } from "../cluster.ts";
import { readSettings } from "../settings.ts";
import { withCause } from "../errors.ts";

/** What the registry says of a container's repository, or a Helm repository of a chart. */
export type RegistryAnswer =
  & {
    /** What is wrong with the Secrets, a sentence each. */
    warnings: string[];
  }
  & (
    /** All versions there are; of a chart in a registry also which of them are charts. */
    | { versions: SeenVersion[] } & Partial<Confirmed>
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

/** The registries as this user reaches them: from this machine, with the Secrets that they may read. */
export async function createRegistryReader({ client, env }: Cluster): Promise<RegistryReader> {
  const settings = readSettings(env);
  const authority = settings.HEADWIND_REGISTRY_CA;
  const ca = authority ? [await readAuthorities("HEADWIND_REGISTRY_CA", authority)] : [];
  const outside = createFetch({ ca });
  const insecure = settings.HEADWIND_INSECURE_REGISTRIES;
  const late = new AbortController();
  const { signal } = late;
  const registry = createRegistryClient({ fetch: outside.fetch, insecure, signal });
  const secrets = secretReader(client);
  const limit = settings.HEADWIND_HELM_INDEX_LIMIT * 1_000_000;
  const trial = settings.HEADWIND_HELM_CLIENT_CERTIFICATES ? { tryCertificate } : {};
  const charts = createChartReader({ registry, secrets, ca, insecure, limit, signal, ...trial });

  async function readImages(workload: Workload, slot: Slot, warnings: string[]): Promise<RegistryAnswer> {
    const { namespace, pullSecrets, serviceAccount, settings } = workload;
    const ref = parseReference(slot.current);
    const from = { pullSecrets, ...(serviceAccount ? { serviceAccount } : {}) };
    const found = await readPullCredentials(secrets, namespace, from, ref);
    warnings.push(...found.warnings);
    return await withCredentials(found.credentials, async (login?: Credentials) => {
      if (!settings || definitionOf(settings.policy).follows !== "digest") {
        return { warnings, versions: (await registry.tags(ref, login)).tags.map((tag) => ({ tag })) };
      }
      const followed = ref.tag ?? "latest";
      return { warnings, followed, digest: await registry.digest(ref, followed, login) };
    });
  }

  return {
    close() {
      outside.close();
      charts.close();
    },
    async read(workload, slot) {
      const host = slot.source ? new URL(slot.source.url).host : parseReference(slot.current).registry;
      const message = `${host} gave no answer in ${patienceMs / 1000} s.`;
      const timer = setTimeout(() => late.abort(new RegistryError("unreachable", host, message)), patienceMs);
      const warnings: string[] = [];
      try {
        return await (slot.type === "chart" ? charts.read : readImages)(workload, slot, warnings);
      } catch (error) {
        if (error instanceof RegistryError) return { warnings, unreachable: withCause(error) };
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

import type { ArtifactReader } from "../intake/artifact_sources.ts";
import { confirm, type RegistryAnswer } from "./registry_versions.ts";
import { createAnswerCache } from "../lib/answer_cache.ts";
import { definitionOf } from "../policy/policies.ts";
import { fewVersions } from "./few_versions.ts";
import { isOci } from "../versions/chart_repository.ts";
import { keyOf } from "../workloads/workload_index.ts";
import { readAs } from "../versions/compare.ts";
import { RegistryError } from "../registry/registry_error.ts";
import { runInSlices } from "../lib/time_slices.ts";
import type { RegistryAccess } from "../intake/registry_access.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/** What the registry says of a container's repository, as the operator itself reads it. */
export type RegistryAnswers = (slotRef: SlotRef) => Promise<RegistryAnswer>;

/** How long an answer is shown without another question: people look at a page several times. */
const BELIEVED_MS = 30_000;
/** Short ones; one with a thousand versions counts for two. */
const MOST_ANSWERS = 500;
const PATIENCE_MS = 6_000;

/** Asks by the container's own login, at most once in half a minute for a container, and waits six seconds. */
export function createRegistryAnswers(
  { readerOf, lookup }: Pick<RegistryAccess, "readerOf" | "lookup">,
): RegistryAnswers {
  const known = createAnswerCache<RegistryAnswer>(BELIEVED_MS, MOST_ANSWERS, {
    weigh: (answer) => "versions" in answer ? 1 + answer.versions.length / 1000 : 1,
  });

  async function ask(slotRef: SlotRef): Promise<RegistryAnswer> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await read(slotRef, await readerOf(slotRef), signal);
    } catch (error) {
      if (error instanceof RegistryError) return { warnings: [], unreachable: error.message };
      if (!signal.aborted) throw error;
      return { warnings: [], unreachable: `it gave no answer in ${PATIENCE_MS / 1000} s` };
    }
  }

  async function read(slotRef: SlotRef, reader: ArtifactReader, signal: AbortSignal): Promise<RegistryAnswer> {
    const { workload: { settings }, slot } = slotRef;
    if (slot.type !== "chart" && settings && definitionOf(settings.policy).follows === "digest") {
      const followed = readAs(slot, slot.current)?.tag ?? "latest";
      return { warnings: [], followed, digest: await reader.digest(followed, signal) };
    }
    const all = await reader.versions(signal);
    const versions = [...await runInSlices(fewVersions(slotRef, all))];
    const warnings = versions.length < all.length
      ? [`${all.length} versions are listed: of each reason why one is left, the highest are told of here`]
      : [];
    if (slot.type !== "chart" || !isOci(slot.source?.url ?? "")) return { warnings, versions };
    const isChart = async (version: string) => await lookup(slotRef, version, signal) !== undefined;
    return { warnings, versions, ...await confirm(slotRef, versions, isChart) };
  }

  return (slotRef) => {
    const { workload, slot } = slotRef;
    const key = JSON.stringify([keyOf(workload), workload.uid, slot.name, slot.current, workload.settings?.policy]);
    return known(key, () => ask(slotRef));
  };
}

import type { Artifact, SeenVersion } from "../plugin.ts";
import { compareVersions } from "../versions/version_order.ts";
import { deciding } from "../policy/decide.ts";
import { readAs, versionOf } from "../versions/compare.ts";
import type { SlotRef } from "../workloads/workload_index.ts";
import type { Steps } from "../lib/time_slices.ts";
import type { Version } from "../versions/version.ts";

/** Lists up to this length are told of whole. */
const FEW = 2_000;
/** Of a longer one, of those that are taken or left for the same reason. */
const OF_A_REASON = 200;
/** Read until others have their turn. */
const A_STEP = 64;

/**
 * What a page tells of a list of versions, which a registry may make as long as it likes: all of a short one; of a long one for each reason
 * why they are left the highest, and what is taken.
 */
export function* fewVersions(
  { workload: { settings }, slot }: SlotRef,
  versions: readonly SeenVersion[],
): Steps<readonly SeenVersion[]> {
  const current = readAs(slot, slot.current);
  if (versions.length <= FEW || !settings || !current) return versions.slice(0, FEW);
  const { verdicts } = yield* deciding({
    policy: settings.policy,
    type: slot.type,
    current,
    candidates: versions,
    complete: true,
  });
  const highest = new Map<string, Highest>();
  for (let at = 0; at < verdicts.length; at++) {
    if (at % A_STEP === A_STEP - 1) yield;
    const { why, taken, candidate } = verdicts[at]!;
    const reason = taken ? "taken" : why;
    const group = highest.get(reason) ?? createHighest(slot.type);
    highest.set(reason, group);
    group.add(candidate);
  }
  return [...highest.values()].flatMap((group) => group.values());
}

interface Highest {
  add(version: SeenVersion): void;
  values(): SeenVersion[];
}

/** The highest of all that are added; what is no version comes last. */
function createHighest(type: Artifact["type"]): Highest {
  let kept: { seen: SeenVersion; version: Version | undefined }[] = [];
  const cut = () => {
    kept.sort(({ version: a }, { version: b }) => a && b ? compareVersions(b, a) : a ? -1 : b ? 1 : 0);
    kept = kept.slice(0, OF_A_REASON);
  };
  return {
    add(seen) {
      kept.push({ seen, version: versionOf(type, seen.tag) });
      if (kept.length >= 4 * OF_A_REASON) cut();
    },
    values() {
      cut();
      return kept.map(({ seen }) => seen);
    },
  };
}

import maxSatisfying from "semver/ranges/max-satisfying.js";
import { decide } from "../../core/policy/decide.ts";
import { percentile } from "./percentile.ts";
import type { Policy } from "../../core/policy/policies.ts";
import { readRealTags, type RealTags, scoreTags } from "./real_tags.ts";
import type { TagsResult } from "./results.ts";

const listed = 7_000;
const rounds = 50;
const running = "9.0.31-jdk11-openjdk-slim";
const policies: Policy[] = [
  ...(["patch", "minor", "major", "all"] as const).map((name) => ({ name })),
  { name: "glob", pattern: "9.*" },
];

/**
 * How many real successions of tags are chosen exactly, and how long a decision over 7,000 real tags takes, beside a floor:
 * the `semver` package, which npm has, finds the highest in a range of the same list. It reads no variant.
 */
export function measureTags({ progress }: { progress(line: string): void }): TagsResult {
  progress("tags: what is chosen");
  const real = readRealTags();
  const { successions, missed, pairs, steppedDown } = scoreTags(real);
  progress("tags: how long it takes");
  const list = largestLists(real).slice(0, listed);
  const candidates = list.map((tag) => ({ tag }));
  const floorMs = timeOf(() => maxSatisfying(list, "^9.0.31"));
  const decisions = policies.map((policy) => ({
    policy: policy.name,
    ms: timeOf(() => decide({ policy, current: { tag: running }, candidates, complete: true })),
  }));
  const counts = { successions, exact: successions - missed.length, pairs, steppedDown: steppedDown.length };
  return { ...counts, tags: list.length, floorMs, decisions };
}

function largestLists({ tags }: RealTags): string[] {
  const lists = Object.values(tags).map((looks) => Object.values(looks).flat());
  return lists.sort((a, b) => b.length - a.length).flat();
}

/** Milliseconds, the median of many times. */
function timeOf(work: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return percentile(times, 50);
}

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createTagReader, type Version } from "../../core/versions/version.ts";
import { comparable, isPrerelease } from "../../core/versions/version_order.ts";
import { decide } from "../../core/policy/decide.ts";
import { explain } from "../../core/policy/explain.ts";
import type { Policy, PolicyName } from "../../core/policy/policies.ts";

/** Tags of real images by the date of the look at which they were first seen, and which followed which. */
export interface RealTags {
  tags: Record<string, Record<string, string[]>>;
  successions: [image: string, older: string, newer: string, date: string][];
}

/** One succession that was not chosen, or that was stepped down. */
export interface Miss {
  image: string;
  older: string;
  newer: string;
  policy: PolicyName;
  /** What was chosen in its place. */
  chosen?: string;
  /** Why not the right one, in a sentence. */
  why: string;
}

export interface Score {
  /** Successions that a policy has to choose. */
  successions: number;
  missed: Miss[];
  /** Pairs of which the older must never be chosen. */
  pairs: number;
  steppedDown: Miss[];
}

const file = new URL("../../test/data/tags/official-images.json.gz", import.meta.url);

export function readRealTags(): RealTags {
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

/** How many successions are chosen exactly, and which are not; see `test/data/tags/README.md` for what is right. */
export function scoreTags(real: RealTags): Score {
  const lists = createLists(real);
  const score: Score = { successions: 0, missed: [], pairs: 0, steppedDown: [] };
  for (const [image, older, newer, date] of real.successions) {
    const policy = policyFor(older, newer);
    const running = lists.read(older);
    if (policy && !(running && isPrerelease(running))) {
      score.successions++;
      const list = running ? lists.alike(image, date, running) : [newer];
      const { wanted } = decide({
        policy: { name: policy },
        current: { tag: older },
        candidates: list.map(asTag),
        complete: true,
      });
      if (wanted?.tag !== newer) {
        const chosen = wanted ? { chosen: wanted.tag } : {};
        score.missed.push({ image, older, newer, policy, ...chosen, why: whyNot(policy, older, newer) });
      }
    }
    if (!isHigher(newer, older)) continue;
    score.pairs++;
    for (const [policy, complete] of ways) {
      const { wanted, message } = decide({ policy, current: { tag: newer }, candidates: [asTag(older)], complete });
      if (wanted) score.steppedDown.push({ image, older, newer, policy: policy.name, chosen: older, why: message });
    }
  }
  return score;
}

const asTag = (tag: string) => ({ tag });
/** Policies, and whether they are given a list: for some it makes a difference. */
const ways: [policy: Policy, complete: boolean][] = [
  [{ name: "patch" }, true],
  [{ name: "minor" }, true],
  [{ name: "major" }, true],
  [{ name: "all" }, true],
  [{ name: "all" }, false],
  [{ name: "glob", pattern: "*" }, true],
  [{ name: "glob", pattern: "*" }, false],
];

/** The policy that has to take the newer one; undefined for a pair that none of the two has to take. */
export function policyFor(older: string, newer: string): "patch" | "minor" | undefined {
  const [a, b] = [older, newer].map((tag) => (/\d+(?:\.\d+)*/.exec(tag)?.[0] ?? "").split("."));
  if (a![0] !== b![0]) return undefined;
  if (a!.length === 2) return "minor";
  return a!.length >= 3 && a![1] === b![1] ? "patch" : undefined;
}

function isHigher(newer: string, older: string): boolean {
  const [a, b] = [older, newer].map((tag) => (tag.match(/\d+/g) ?? []).map(Number));
  const at = a!.findIndex((number, i) => b![i] !== undefined && number !== b![i]);
  return at >= 0 && b![at]! > a![at]!;
}

function whyNot(name: PolicyName, older: string, newer: string): string {
  const input = { policy: { name }, current: { tag: older }, candidates: [asTag(newer)], complete: true };
  return explain(decide(input).verdicts[0]!, input);
}

/** Of each list only what is comparable with what runs is judged: all else has no order with it, by the policies' own word. */
function createLists({ tags }: RealTags) {
  const readTag = createTagReader();
  const known = new Map<string, Version | undefined>();
  const read = (tag: string): Version | undefined => {
    if (!known.has(tag)) known.set(tag, readTag(tag));
    return known.get(tag);
  };
  const byForm = new Map<string, [date: string, version: Version][]>();
  const formOf = (image: string, { prefix, numbers, suffix, form }: Version) =>
    [image, prefix, numbers.length, suffix, form].join("\n");
  for (const [image, looks] of Object.entries(tags)) {
    for (const [date, seen] of Object.entries(looks)) {
      for (const tag of seen) {
        const version = read(tag);
        if (!version) continue;
        const key = formOf(image, version);
        const alike = byForm.get(key) ?? [];
        byForm.set(key, alike);
        alike.push([date, version]);
      }
    }
  }
  return {
    read,
    alike: (image: string, until: string, running: Version): string[] =>
      (byForm.get(formOf(image, running)) ?? [])
        .filter(([date, version]) => date <= until && comparable(version, running))
        .map(([, { text }]) => text),
  };
}

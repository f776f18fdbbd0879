// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { namedTarget, rollbackMoves, rollbackTarget } from "../../../core/lifecycle/rollback.ts";
import type { SlotGroup } from "../../../core/workloads/slot_group.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("where a rollback goes");

/** `from→to`, newest first; `!` verified, `<` a rollback. */
function history(...changes: string[]): string {
  return JSON.stringify(changes.map((change, index) => {
    const [from, to] = change.replace(/[!<]/g, "").split("→");
    return {
      container: "app",
      image: `app:${to}`,
      ...(from ? { previousImage: `app:${from}` } : {}),
      timestamp: new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString(),
      ...(change.includes("!") ? { verified: true } : {}),
      ...(change.includes("<") ? { rollback: { of: `app:${from}`, by: "ann", reason: "slow" } } : {}),
    };
  }));
}

const automatic: [what: string, history: string | undefined, is: string | undefined][] = [
  ["no history", undefined, undefined],
  ["nonsense", "what?", undefined],
  ["what a person had put there", history("1→2"), "1"],
  ["what was verified", history("2→3", "1→2!"), "2"],
  ["past what was not verified", history("3→4", "2→3", "1→2!"), "2"],
  ["past all to what a person had put there", history("3→4", "2→3", "1→2"), "1"],
  ["what a person moved to in between", history("9→10", "1→2!"), "9"],
  ["never from a rollback", history("3→2<", "2→3", "1→2!"), undefined],
  ["never to what was rolled back", history("2→4", "3→2<", "2→3!", "1→2!"), "2"],
  ["what a rollback went to", history("2→4", "3→2<", "2→3"), "2"],
  ["what is not known", history("→2"), undefined],
];
for (const [what, annotation, is] of automatic) {
  s(`by itself: ${what}`, () => assert.is(rollbackTarget(annotation, "app"), is && `app:${is}`));
}

const byHand: [what: string, history: string | undefined, current: string, image: string | undefined, is?: string][] = [
  ["no history", undefined, "2", undefined],
  ["what ran before", history("2→3", "1→2"), "3", undefined, "2"],
  ["what ran before, verified or not", history("3→4", "2→3", "1→2!"), "4", undefined, "3"],
  ["a named one", history("3→4", "2→3", "1→2"), "4", "app:2", "2"],
  ["a named tag", history("3→4", "2→3", "1→2"), "4", "1", "1"],
  ["one that is not in the history", history("3→4"), "4", "7"],
  ["the one that runs", history("3→4"), "4", "app:4"],
  ["the same wish again, after it was done", history("2→1<", "1→2"), "1", undefined],
  ["another step back, after one", history("3→2<", "2→3", "1→2"), "2", undefined, "1"],
  ["what was taken back, when it is named", history("2→1<", "1→2"), "1", "2", "2"],
  ["after a person moved it", history("2→3", "1→2"), "9", undefined, "3"],
];
for (const [what, annotation, current, image, is] of byHand) {
  s(`by hand: ${what}`, () => assert.is(namedTarget(annotation, "app", `app:${current}`, image), is && `app:${is}`));
}

/** Changes of two containers, newest first: `a 1→2`; `!` verified, `<` a rollback. What both go back to. */
function together(...changes: string[]): string | undefined {
  const entries = changes.map((change, index) => {
    const [container, from, to] = change.replace(/[!<]/g, "").split(/[ →]/) as [string, string, string];
    return {
      container,
      image: `app:${to}`,
      previousImage: `app:${from}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString(),
      ...(change.includes("!") ? { verified: true } : {}),
      ...(change.includes("<") ? { rollback: { of: `app:${from}`, by: "ann", reason: "slow" } } : {}),
    };
  });
  const { slots } = workloadOf({ images: { a: "app:3", b: "app:3" } });
  const moves = rollbackMoves(JSON.stringify(entries), slots as unknown as SlotGroup);
  return moves?.map(({ slot, image }) => `${slot.name} ${image}`).join(", ");
}

s("containers that moved together go back together, to one version or not at all", () => {
  assert.is(together("a 2→3", "b 2→3", "a 1→2!", "b 1→2!"), "a app:2, b app:2", "to what was verified of both");
  assert.is(together("a 2→3", "b 2→3", "a 1→2", "b 1→2"), "a app:1, b app:1", "past what was verified of none");
  assert.is(together("a 2→3", "b 2→3", "a 1→2!", "b 1→2"), "a app:2, b app:2", "to what ran, where they differ");
  assert.is(together("a 2→3", "b 1→3"), undefined, "they ran different versions");
  assert.is(together("a 2→3"), undefined, "nothing is known of one");
  assert.is(together("a 2→3", "b 2→3<", "a 1→2!"), undefined, "one is there by a rollback");
  assert.is(together("a 2→3", "b 2→3", "b 2→1<", "a 1→2!", "b 1→2!"), undefined, "what ran was taken back of one");
});

s.run();

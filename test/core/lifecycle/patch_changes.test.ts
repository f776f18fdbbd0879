import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Hold, readHolds } from "../../../core/requests/holds.ts";
import { applyPatch, holdPatch, resumePatch, rollbackPatch, verifiedPatch } from "../../../core/lifecycle/patch.ts";
import type { PatchOperation } from "../../../core/kube/client.ts";
import { type HistoryEntry, readHistory } from "../../../core/requests/history.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf, workloadPatched } from "../../support/build/workload.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

const s = suite("JSON patches of rollback, verification, hold and resume");
const now = new Date("2026-01-01T12:00:00.000Z");
const earlier = "2026-01-01T11:00:00.000Z";

const entry = (container: string, image: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  container,
  image,
  timestamp: earlier,
  ...more,
});
const hold = (container: string, image?: string, more: Partial<Hold> = {}): Hold => ({
  container,
  ...(image ? { image } : {}),
  at: earlier,
  by: "ann",
  reason: "it is slow",
  ...more,
});
const history = [
  entry("app", "app:1.1.0", { previousImage: "app:1.0.0" }),
  entry("proxy", "proxy:2.0.0"),
  entry("app", "app:1.0.0"),
];
const held = [hold("app", "app:0.9.0"), hold("proxy", "proxy:1.9.0")];
const before = (more: { held?: Hold[] } = {}) => workloadOf({ image: "app:1.1.0", history, held, ...more });

function changed(workload: Workload, operations: readonly PatchOperation[] | undefined) {
  const after = workloadPatched(workload, operations!);
  if (!after) throw new Error("it is refused");
  return {
    image: after.slots[0]!.current,
    history: readHistory(after.annotations.history),
    held: readHolds(after.annotations.held),
    lastUpdate: after.annotations.lastUpdate,
  };
}
const slotOf = (workload: Workload) => workload.slots[0]!;
const rollback = { by: "headwind", reason: "pod web-1: back-off" };
const rolledBack = (workload: Workload, more: Partial<Parameters<typeof rollbackPatch>[0]> = {}) =>
  rollbackPatch({ workload, moves: [{ slot: slotOf(workload), image: "app:1.0.0" }], rollback, now, ...more });
const resumed = (workload: Workload, image?: string, unwritten: Hold[] = []) =>
  resumePatch({ workload, slots: [slotOf(workload)], ...(image ? { image } : {}), unwritten, by: "bob", now });
const letGo = { resumedAt: now.toISOString(), resumedBy: "bob" };

s("a rollback brings the image back, tells the history, and holds what was left, in one", () => {
  const after = changed(before(), rolledBack(before(), { updateRequest: requestOf() }));
  assert.is(after.image, "app:1.0.0");
  assert.is(after.lastUpdate, now.toISOString());
  assert.equal(after.history, [
    {
      container: "app",
      image: "app:1.0.0",
      previousImage: "app:1.1.0",
      timestamp: now.toISOString(),
      updateRequestName: "a",
      rollback: { of: "app:1.1.0", ...rollback },
    },
    ...history,
  ]);
  assert.equal(after.held, [{ container: "app", image: "app:1.1.0", at: now.toISOString(), ...rollback }, ...held]);
});

s("what was held without being written down is written with a rollback, behind what is left now", () => {
  const unwritten = [hold("app", "app:1.0.5", { by: "person" })];
  const after = changed(before(), rolledBack(before(), { unwritten }));
  assert.equal(after.held.map(({ image }) => image), ["app:1.1.0", "app:1.0.5", "app:0.9.0", "proxy:1.9.0"]);
});

s("verified is the last change of the container, and no other", () => {
  const after = changed(before(), verifiedPatch(before(), [slotOf(before())]));
  assert.equal(after.history, [{ ...history[0], verified: true }, ...history.slice(1)]);
  assert.equal([after.image, after.held, after.lastUpdate], ["app:1.1.0", held, undefined]);
});

s("a hold of a version stands in front, once; of all versions it stands beside", () => {
  const put = (one: Hold) => changed(before(), holdPatch(before(), [slotOf(before())], [one])).held;
  const again = hold("app", "app:0.9.0", { by: "bob" });
  assert.equal(put(again), [again, held[1]!]);
  assert.equal(put(hold("app", "app:1.2.0")), [hold("app", "app:1.2.0"), ...held]);
  assert.equal(put(hold("app")), [hold("app"), ...held]);
});

s("resumed is one version, or all of the container; it is kept that a person let it go", () => {
  const many = [hold("app", "app:0.9.0"), hold("app"), hold("app", "app:0.8.0", letGo), hold("proxy", "proxy:1.9.0")];
  const state = (list: readonly Hold[]) =>
    list.map(({ container, image, resumedBy }) => `${container} ${image} ${resumedBy}`);
  const workload = before({ held: many });
  assert.equal(state(changed(workload, resumed(workload, "app:0.9.0")).held).sort(), [
    "app app:0.8.0 bob",
    "app app:0.9.0 bob",
    "app undefined bob",
    "proxy proxy:1.9.0 undefined",
  ], "all versions are held by the second, so that goes too");
  const one = before();
  assert.equal(changed(one, resumed(one)).held, [{ ...held[0], ...letGo }, held[1]!]);
  assert.equal(changed(one, resumed(one, "app:0.9.0")).held, [{ ...held[0], ...letGo }, held[1]!]);
});

s("nothing to resume is no patch", () => {
  const none = before({ held: [hold("proxy", "proxy:1.9.0"), hold("app", "app:0.9.0", letGo)] });
  for (const image of [undefined, "app:0.9.0", "app:3"]) assert.is(resumed(none, image), undefined);
  assert.is(resumed(before(), "app:3"), undefined);
});

s("what is held without being written down is written down as let go", () => {
  const left = hold("app", "app:1.2.0", { by: "person" });
  const after = changed(before(), resumed(before(), "app:1.2.0", [left]));
  assert.equal(after.held, [{ ...left, ...letGo }, ...held]);
});

const patches: Record<string, (workload: Workload) => PatchOperation[]> = {
  "apply": (workload) => applyPatch(requestOf(), workload, [slotOf(workload)], now),
  "rollback": (workload) => rolledBack(workload),
  "verified": (workload) => verifiedPatch(workload, [slotOf(workload)]),
  "hold": (workload) => holdPatch(workload, [slotOf(workload)], [hold("app", "app:1.2.0")]),
  "resume": (workload) => resumed(workload)!,
};
const meanwhile: Record<string, [path: string, value: string, ...refusing: string[]]> = {
  "made anew": ["/metadata/uid", "w2", ...Object.keys(patches)],
  "moved": ["/spec/template/spec/containers/0/image", "app:1.5.0", ...Object.keys(patches)],
  "its containers in another order": ["/spec/template/spec/containers/0/name", "web", ...Object.keys(patches)],
  "its history changed": [annotation("update-history"), "[]", "apply", "rollback", "verified"],
  "something held": [annotation("held"), "[]", "apply", "rollback", "hold", "resume"],
  "another policy": [annotation("policy"), "none", "apply"],
  "another note": [annotation("soak"), "1"],
};
for (const [what, [path, value, ...refusing]] of Object.entries(meanwhile)) {
  s(`${what} in between: refused are ${refusing.join(", ") || "none"}`, () => {
    const workload = before();
    const theirs = workloadPatched(workload, [{ op: "add", path, value }])!;
    const refused = Object.entries(patches).filter(([, patch]) => !workloadPatched(theirs, patch(workload)));
    assert.equal(refused.map(([name]) => name), refusing);
  });
}

function annotation(name: string): string {
  return `/metadata/annotations/headwind.sh~1${name}`;
}

s.run();

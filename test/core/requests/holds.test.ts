// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  activeHolds,
  heldBy,
  type Hold,
  holdOfLeft,
  leftVersion,
  readHolds,
  unwrittenHolds,
  withHold,
} from "../../../core/requests/holds.ts";
import type { HistoryEntry } from "../../../core/requests/history.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("holds");
const digest = (letter: string) => `app:main@sha256:${letter.repeat(64)}`;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

interface Given {
  /** What the container `app` runs. */
  runs: string;
  history?: Partial<HistoryEntry>[] | string;
  held?: Partial<Hold>[] | string;
  requests?: RequestChanges[];
  hold?: "all";
}

/** A change of minute 10, unless it says otherwise. */
const entry = (change: Partial<HistoryEntry>) => ({ container: "app", image: "", timestamp: at(10), ...change });
const hold = (change: Partial<Hold>): Hold => ({ container: "app", at: at(20), by: "ann", reason: "slow", ...change });
const text = <T>(list: Partial<T>[] | string | undefined, whole: (one: Partial<T>) => T) =>
  typeof list === "string" || list === undefined ? list : JSON.stringify(list.map(whole));

function world({ runs, history, held, requests = [], hold: all }: Given) {
  const annotations = { "update-history": text<HistoryEntry>(history, entry), held: text<Hold>(held, hold), hold: all };
  const written = Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== undefined));
  const workload = workloadOf({ image: runs, annotations: written as Record<string, string> });
  return [workload, workload.slots[0]!, requests.map((request) => requestOf(request))] as const;
}

const update = { image: "app:1.1.0", previousImage: "app:1.0.0" };
const applied: RequestChanges = { phase: "Completed", newImage: "app:1.1.0", appliedAt: at(10) };

const left: Record<string, [given: Given, is?: string]> = {
  "nothing was applied": [{ runs: "app:1.0.0" }],
  "it runs": [{ runs: "app:1.1.0", history: [update] }],
  "it runs, written in another way": [{ runs: "docker.io/library/app:1.1.0", history: [update] }],
  "moved back": [{ runs: "app:1.0.0", history: [update] }, "app:1.1.0"],
  "moved back to what never ran": [{ runs: "app:0.9.0", history: [update] }, "app:1.1.0"],
  "moved up": [{ runs: "app:1.2.0", history: [update] }],
  "moved to another repository": [{ runs: "other/app:1.0.0", history: [update] }],
  "another container was changed": [{ runs: "app:1.0.0", history: [{ ...update, container: "proxy" }] }],
  "versions without an order, moved back to what ran before": [
    { runs: digest("a"), history: [{ image: digest("b"), previousImage: digest("a") }] },
    digest("b"),
  ],
  "versions without an order, moved back two steps": [
    {
      runs: digest("a"),
      history: [{ image: digest("c"), previousImage: digest("b") }, { image: digest("b"), previousImage: digest("a") }],
    },
    digest("c"),
  ],
  "versions without an order, moved to a new one": [
    { runs: digest("d"), history: [{ image: digest("b"), previousImage: digest("a") }] },
  ],
  "moved up to what was rolled back before": [
    {
      runs: "app:1.2.0",
      history: [update, { image: "app:1.0.0", previousImage: "app:1.2.0" }, { image: "app:1.2.0" }],
    },
  ],
  "the annotation went with it, and the request remembers": [{ runs: "app:1.0.0", requests: [applied] }, "app:1.1.0"],
  "the annotation tells of an older change only": [
    { runs: "app:1.0.0", history: [{ image: "app:1.0.0", timestamp: at(5) }], requests: [applied] },
    "app:1.1.0",
  ],
  "a request that the history tells of, by a clock that was ahead": [
    {
      runs: "app:1.0.0",
      history: [update, { image: "app:1.0.0", timestamp: at(9) }, { image: "app:1.2.0", updateRequestUid: "uid-a" }],
      requests: [{ ...applied, newImage: "app:1.2.0", appliedAt: at(11) }],
    },
    "app:1.1.0",
  ],
  "another container's request": [{ runs: "app:1.0.0", requests: [{ ...applied, container: "proxy" }] }],
  "a request that was never applied": [{ runs: "app:1.0.0", requests: [{ newImage: "app:1.1.0" }] }],
  "a request that was rolled back is no change": [{
    runs: "app:1.0.0",
    requests: [{ ...applied, phase: "RolledBack" }],
  }],
  "what a rollback brought back runs": [{
    runs: "app:1.0.0",
    history: [{ image: "app:1.0.0", rollback: { of: "app:1.1.0", by: "headwind", reason: "" } }],
  }],
  "what a rollback brought back was left too": [{
    runs: "app:0.9.0",
    history: [{ image: "app:1.0.0", rollback: { of: "app:1.1.0", by: "headwind", reason: "" } }],
  }, "app:1.0.0"],
  "what a rollback took away was brought in again by a person": [{
    runs: "app:1.1.0",
    history: [{ image: "app:1.0.0", rollback: { of: "app:1.1.0", by: "headwind", reason: "" } }],
  }],
  "it is written down": [{ runs: "app:1.0.0", history: [update], held: [{ image: "app:1.1.0" }] }],
  "it was written down, and let go": [
    { runs: "app:1.0.0", history: [update], held: [{ image: "app:1.1.0", resumedAt: at(30) }] },
  ],
  "it was written down before it was applied anew": [
    { runs: "app:1.0.0", history: [update], held: [{ image: "app:1.1.0", at: at(1), resumedAt: at(2) }] },
    "app:1.1.0",
  ],
  "let go while it ran, and left after that": [
    { runs: "app:1.0.0", history: [update], held: [{ image: "app:1.1.0", at: at(1), resumedAt: at(12) }] },
    "app:1.1.0",
  ],
  "another version is written down": [
    { runs: "app:1.0.0", history: [update], held: [{ image: "app:1.0.5" }] },
    "app:1.1.0",
  ],
  "annotations of nonsense": [{ runs: "app:1.0.0", history: "what?", held: "{}" }],
};
for (const [what, [given, is]] of Object.entries(left)) {
  s(`left is ${is ?? "nothing"}: ${what}`, () => assert.is(leftVersion(...world(given))?.image, is));
}

const held: Record<string, [given: Given, image: string, by?: string]> = {
  "nothing is held": [{ runs: "app:1.0.0" }, "app:1.1.0"],
  "what is written down": [{ runs: "app:1.0.0", held: [{ image: "app:1.1.0" }] }, "app:1.1.0", "ann"],
  "another version": [{ runs: "app:1.0.0", held: [{ image: "app:1.1.0" }] }, "app:1.2.0"],
  "another container's": [{ runs: "app:1.0.0", held: [{ image: "app:1.1.0", container: "proxy" }] }, "app:1.1.0"],
  "let go": [{ runs: "app:1.0.0", held: [{ image: "app:1.1.0", resumedAt: at(30) }] }, "app:1.1.0"],
  "all versions": [{ runs: "app:1.0.0", held: [{}] }, "app:1.2.0", "ann"],
  "one, where the workload says that all are": [
    { runs: "app:1.0.0", held: [{ image: "app:1.1.0" }], hold: "all" },
    "app:1.2.0",
    "ann",
  ],
  "none, where the workload says that all are": [{ runs: "app:1.0.0", hold: "all" }, "app:1.2.0"],
  "by digest, whatever the tag": [
    { runs: digest("a"), held: [{ image: digest("b") }] },
    digest("b").replace("main", "2026-01-01"),
    "ann",
  ],
  "another digest of the same tag": [{ runs: digest("a"), held: [{ image: digest("b") }] }, digest("c")],
  "what was left a moment ago": [{ runs: "app:1.0.0", history: [update] }, "app:1.1.0", "person"],
  "newer than what was left": [{ runs: "app:1.0.0", history: [update] }, "app:1.2.0"],
  "rolled back, though the annotation is gone": [
    { runs: "app:1.0.0", requests: [{ ...applied, phase: "RolledBack" }] },
    "app:1.1.0",
    "headwind",
  ],
  "rolled back and let go": [
    {
      runs: "app:1.0.0",
      requests: [{ ...applied, phase: "RolledBack" }],
      held: [{ image: "app:1.1.0", resumedAt: at(30) }],
    },
    "app:1.1.0",
  ],
  "let go, applied anew and rolled back, and then the annotation went back": [
    {
      runs: "app:1.0.0",
      requests: [{ ...applied, phase: "RolledBack" }],
      held: [{ image: "app:1.1.0", at: at(1), resumedAt: at(2) }],
    },
    "app:1.1.0",
    "headwind",
  ],
  "rolled back in another container": [
    { runs: "app:1.0.0", requests: [{ ...applied, phase: "RolledBack", container: "proxy" }] },
    "app:1.1.0",
  ],
};
for (const [what, [given, image, by]] of Object.entries(held)) {
  s(`${image} is ${by ? `held by ${by}` : "not held"}: ${what}`, () => {
    const [workload, slot, requests] = world(given);
    assert.is(heldBy(workload, slot, image, requests)?.by, by);
  });
}

s("what stands is what is written down, and then what is not yet", () => {
  const given = world({
    runs: "app:1.0.0",
    history: [update],
    held: [{ image: "app:1.3.0" }, { image: "app:1.4.0", resumedAt: at(30) }],
    requests: [{ ...applied, name: "b", newImage: "app:1.2.0", phase: "RolledBack" }],
  });
  assert.equal(unwrittenHolds(...given).map(({ image }) => image), ["app:1.1.0", "app:1.2.0"]);
  assert.equal(activeHolds(...given).map(({ image }) => image), ["app:1.3.0", "app:1.1.0", "app:1.2.0"]);
});

s("a version is never left before it was applied, whatever the clock says", () => {
  const slot = workloadOf().slots[0]!;
  const one = { image: "app:1.1.0", appliedAt: at(10) };
  assert.equal([at(5), at(15), undefined].map((time) => holdOfLeft(slot, one, time).at), [at(10), at(15), at(10)]);
});

s("the last ten of each container are kept, newest first, and one of each version", () => {
  let annotation: string | undefined;
  for (let n = 1; n <= 12; n++) {
    annotation = withHold(annotation, hold({ image: `app:1.${n}.0` }));
    annotation = withHold(annotation, hold({ image: `proxy:1.${n}.0`, container: "proxy" }));
  }
  annotation = withHold(annotation, hold({ image: "docker.io/library/app:1.5.0", by: "bob" }));
  const of = (name: string) => readHolds(annotation).filter(({ container }) => container === name);
  assert.is(of("proxy").length, 10);
  assert.equal(
    of("app").map(({ image }) => image),
    ["docker.io/library/app:1.5.0", ...[12, 11, 10, 9, 8, 7, 6, 4, 3].map((n) => `app:1.${n}.0`)],
  );
});

for (const nonsense of ["", "no json", "{}", "17", '[1, null, {"container": "app"}, {"container": "app", "at": 1}]']) {
  s(`an annotation edited into ${JSON.stringify(nonsense)} reads as empty and is written anew`, () => {
    assert.equal(readHolds(nonsense), []);
    assert.equal(readHolds(withHold(nonsense, hold({}))), [hold({})]);
  });
}

s("a hold is read whose parts are what they should be; one beside it that is not is dropped alone", () => {
  const good = [hold({ image: "app:1.1.0", resumedAt: at(30) }), hold({})];
  const [first, second] = good;
  const whole = { ...first, image: "app:1.2.0" };
  for (const part of ["container", "image", "at", "by", "reason", "resumedAt"] as const) {
    for (const value of [1, null, {}]) {
      const held = JSON.stringify([first, { ...whole, [part]: value }, second]);
      assert.equal(readHolds(held), good, `${part} ${value}`);
    }
  }
  for (const part of ["container", "at", "by", "reason"] as const) {
    const { [part]: _, ...without } = whole;
    assert.equal(readHolds(JSON.stringify([first, without, second])), good, `without ${part}`);
  }
});

s("a hold of all versions is never one too many", () => {
  let held = withHold(undefined, hold({ by: "ann", reason: "frozen" }));
  for (let minor = 1; minor <= 30; minor++) held = withHold(held, hold({ image: `app:1.${minor}.0`, by: "headwind" }));
  const holds = readHolds(held);
  assert.equal(holds.map(({ image }) => image ?? "all"), [
    ...[30, 29, 28, 27, 26, 25, 24, 23, 22].map((minor) => `app:1.${minor}.0`),
    "all",
  ]);
  const resumed = withHold(held, hold({ reason: "frozen", resumedAt: at(30) }));
  let later = resumed;
  for (let minor = 40; minor <= 50; minor++) later = withHold(later, hold({ image: `app:1.${minor}.0` }));
  assert.not(readHolds(later).some(({ image }) => image === undefined), "one that was let go is as any other");
});

s("a hold of all versions stays where the annotation would become too long", () => {
  const reason = "x".repeat(9_000);
  let held = withHold(undefined, hold({ reason: "frozen" }));
  for (let minor = 1; minor <= 12; minor++) held = withHold(held, hold({ image: `app:1.${minor}.0`, reason }));
  assert.ok(held.length <= 65_536);
  assert.ok(readHolds(held).some(({ image }) => image === undefined));
});

s.run();

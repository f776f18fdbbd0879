import { suite } from "uvu";
import * as assert from "uvu/assert";
import { closedGate, GATES } from "../../../core/lifecycle/gates.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("gates");
const sentence = sentencesOf(s, import.meta.url);
const noon = Date.parse("2026-01-01T12:00:00Z");
const minute = 60_000;
const updated = (minutes: number, interval?: string): WorkloadChanges => ({
  annotations: {
    "last-update": new Date(noon + minutes * minute).toISOString(),
    ...(interval === undefined ? {} : { "min-update-interval": interval }),
  },
});
const at = (minutes: number) => new Date(noon + minutes * minute).toISOString();
const approved = { approved: true, by: "ann" };

const annotated = (annotations: WorkloadChanges["annotations"]): WorkloadChanges => ({ annotations });
const [approval, interval, invalid] = ["WaitingForApproval", "IntervalNotElapsed", "AnnotationsInvalid"];

/** Closed by which gate, and until how many minutes from now; `waits`: since when its status says that it waits for the interval. */
const rows: [
  what: string,
  workload?: WorkloadChanges,
  closed?: string,
  until?: number,
  request?: RequestChanges & { waits?: string },
][] = [
  ["nothing to wait for"],
  ["approval", {}, approval, undefined, { requireApproval: true }],
  ["approval by default", {}, approval, undefined, { requireApproval: undefined }],
  ["approved", {}, undefined, undefined, { requireApproval: true, decision: approved }],
  ["approval, whatever the workload says by now", annotated({ "require-approval": "false" }), approval, undefined, {
    requireApproval: true,
  }],
  [
    "no approval when it was made, and the workload wants one by now",
    annotated({ "require-approval": "true" }),
    approval,
  ],
  [
    "no approval when it was made, and the workload does not say so any more",
    annotated({ "require-approval": undefined }),
    approval,
  ],
  [
    "the workload wants an approval by now, and a person gave it",
    annotated({ "require-approval": "true" }),
    undefined,
    undefined,
    { decision: approved },
  ],
  [
    "no approval by the word of who made it by hand, whatever the workload says",
    annotated({ "require-approval": "true" }),
    undefined,
    undefined,
    { sighting: undefined },
  ],
  ["updated two minutes ago", updated(-2), interval, 3],
  ["just updated", updated(0), interval, 5],
  ["updated as long ago as the interval", updated(-5)],
  ["an interval of its own", updated(-6, "10m"), interval, 4],
  ["an interval of nought", updated(0, "0")],
  ["never updated, a long interval", annotated({ "min-update-interval": "30d" })],
  ["another replica's clock runs ahead", updated(4), interval, 5],
  ["it runs ahead by far", updated(60), interval, 5],
  ["it ran ahead, and the wait began a while ago", updated(60), interval, 3, { waits: at(-2) }],
  ["it ran ahead, and the interval has passed since", updated(60), undefined, undefined, { waits: at(-5) }],
  ["the wait began in what is still to come, too", updated(60), interval, 5, { waits: at(30) }],
  ["the last time that there is", annotated({ "last-update": "+275760-09-13T00:00:00.000Z" }), interval, 5],
  ["a last update that is no time", annotated({ "last-update": "yesterday" })],
  ["the interval holds for what a person approved too", updated(-2), interval, 3, { decision: approved }],
  ["approval comes before the interval", updated(-2), approval, undefined, { requireApproval: true }],
  ["annotations that cannot be read", annotated({ images: "Bad Name" }), invalid],
  ["annotations come before approval", annotated({ images: "Bad Name" }), invalid, undefined, {
    requireApproval: true,
  }],
  ["what is written by hand asks for no annotations", annotated({ images: "Bad Name" }), undefined, undefined, {
    sighting: undefined,
  }],
];
for (const [what, workload, closed, until, request] of rows) {
  s(`${what}: ${closed ?? "open"}`, () => {
    const { waits, ...changes } = request ?? {};
    const one = requestOf(changes);
    const step = { phase: "Pending", reason: "IntervalNotElapsed", message: "" } as const;
    if (waits) one.status = { ...one.status, steps: [{ at: waits, ...step }] };
    const found = closedGate({ request: one, workload: workloadOf(workload), now: noon });
    assert.is(found?.gate.reason, closed);
    assert.is(found?.until, until === undefined ? undefined : noon + until * minute);
    if (closed) sentence(what, found!.message);
  });
}

s("each gate has a name and a reason of its own, and is closed in a row above", () => {
  assert.is(new Set(GATES.map(({ name }) => name)).size, GATES.length);
  const reasons = GATES.map(({ reason }) => reason);
  assert.equal(reasons.filter((reason) => !rows.some(([, , closed]) => closed === reason)), []);
  assert.is(new Set(reasons).size, GATES.length);
});

s.run();

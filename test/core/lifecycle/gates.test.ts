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
const updated = (minutes: number, interval?: string) => ({
  annotations: {
    "last-update": new Date(noon + minutes * minute).toISOString(),
    ...(interval === undefined ? {} : { "min-update-interval": interval }),
  },
});
const at = (minutes: number) => new Date(noon + minutes * minute).toISOString();
const approved = { approved: true, by: "ann" };

interface Row {
  what: string;
  /** `waits`: since when its status says that it waits for the interval. */
  request?: RequestChanges & { waits?: string };
  workload?: WorkloadChanges;
  /** Absent: open. */
  closed?: string;
  /** Minutes from now. */
  until?: number;
}
const rows: Row[] = [
  { what: "nothing to wait for" },
  { what: "approval", request: { requireApproval: true }, closed: "WaitingForApproval" },
  { what: "approval by default", request: { requireApproval: undefined }, closed: "WaitingForApproval" },
  { what: "approved", request: { requireApproval: true, decision: approved } },
  {
    what: "approval, whatever the workload says by now",
    request: { requireApproval: true },
    workload: { annotations: { "require-approval": "false" } },
    closed: "WaitingForApproval",
  },
  {
    what: "no approval when it was made, and the workload wants one by now",
    workload: { annotations: { "require-approval": "true" } },
    closed: "WaitingForApproval",
  },
  {
    what: "no approval when it was made, and the workload does not say so any more",
    workload: { annotations: { "require-approval": undefined } },
    closed: "WaitingForApproval",
  },
  {
    what: "the workload wants an approval by now, and a person gave it",
    request: { decision: approved },
    workload: { annotations: { "require-approval": "true" } },
  },
  {
    what: "no approval by the word of who made it by hand, whatever the workload says",
    request: { sighting: undefined },
    workload: { annotations: { "require-approval": "true" } },
  },
  { what: "updated two minutes ago", workload: updated(-2), closed: "IntervalNotElapsed", until: 3 },
  { what: "just updated", workload: updated(0), closed: "IntervalNotElapsed", until: 5 },
  { what: "updated as long ago as the interval", workload: updated(-5) },
  { what: "an interval of its own", workload: updated(-6, "10m"), closed: "IntervalNotElapsed", until: 4 },
  { what: "an interval of nought", workload: updated(0, "0") },
  { what: "never updated, a long interval", workload: { annotations: { "min-update-interval": "30d" } } },
  { what: "another replica's clock runs ahead", workload: updated(4), closed: "IntervalNotElapsed", until: 5 },
  { what: "it runs ahead by far", workload: updated(60), closed: "IntervalNotElapsed", until: 5 },
  {
    what: "it ran ahead, and the wait began a while ago",
    request: { waits: at(-2) },
    workload: updated(60),
    closed: "IntervalNotElapsed",
    until: 3,
  },
  { what: "it ran ahead, and the interval has passed since", request: { waits: at(-5) }, workload: updated(60) },
  {
    what: "the wait began in what is still to come, too",
    request: { waits: at(30) },
    workload: updated(60),
    closed: "IntervalNotElapsed",
    until: 5,
  },
  {
    what: "the last time that there is",
    workload: { annotations: { "last-update": "+275760-09-13T00:00:00.000Z" } },
    closed: "IntervalNotElapsed",
    until: 5,
  },
  { what: "a last update that is no time", workload: { annotations: { "last-update": "yesterday" } } },
  {
    what: "the interval holds for what a person approved too",
    request: { decision: approved },
    workload: updated(-2),
    closed: "IntervalNotElapsed",
    until: 3,
  },
  {
    what: "approval comes before the interval",
    request: { requireApproval: true },
    workload: updated(-2),
    closed: "WaitingForApproval",
  },
  {
    what: "annotations that cannot be read",
    workload: { annotations: { images: "Bad Name" } },
    closed: "AnnotationsInvalid",
  },
  {
    what: "annotations come before approval",
    request: { requireApproval: true },
    workload: { annotations: { images: "Bad Name" } },
    closed: "AnnotationsInvalid",
  },
  {
    what: "what is written by hand asks for no annotations",
    request: { sighting: undefined },
    workload: { annotations: { images: "Bad Name" } },
  },
];
for (const { what, request, workload, closed, until } of rows) {
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
  assert.equal(reasons.filter((reason) => !rows.some(({ closed }) => closed === reason)), []);
  assert.is(new Set(reasons).size, GATES.length);
});

s.run();

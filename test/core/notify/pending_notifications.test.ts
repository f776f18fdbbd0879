import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keptSteps } from "../../../core/lifecycle/status.ts";
import { notificationTypes, pendingNotifications } from "../../../core/notify/pending_notifications.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import type { Phase } from "../../../core/requests/phases.ts";
import type { UpdateRequest, UpdateRequestStatus } from "../../../core/requests/update_request.ts";

const s = suite("notifications that are owed");
const noon = Date.parse("2026-01-01T12:00:00Z");
const hour = 3600_000;
const yes = { approved: true, by: "ann" };
const no = { approved: false, by: "bob" };
const lastUpdated = "2026-01-01T11:30:00Z";

function request(status: UpdateRequestStatus | undefined, changes: RequestChanges = {}): UpdateRequest {
  return { ...requestOf(changes), ...(status ? { status } : {}) };
}
const marks = (one: UpdateRequest, notifiers = ["webhook"], now = noon) =>
  pendingNotifications(one, notifiers, now, hour).map(({ mark }) => mark);

const steps: [string, UpdateRequest, string[]][] = [
  ["new", request(undefined), ["created"]],
  ["waits", request({ phase: "Pending" }), ["created"]],
  ["approved, which is not written down yet", request({ phase: "Pending" }, { decision: yes }), ["created"]],
  ["approved", request({ phase: "Approved", approvedAt: lastUpdated }, { decision: yes }), ["created", "approved"]],
  ["applied", request({ phase: "Completed" }), ["created", "completed"]],
  [
    "applied after approval",
    request({ phase: "Completed", approvedAt: lastUpdated }, { decision: yes }),
    ["created", "approved", "completed"],
  ],
  ["rejected", request({ phase: "Rejected", rejectedAt: lastUpdated }, { decision: no }), ["created", "rejected"]],
  ["failed", request({ phase: "Failed" }), ["created", "failed"]],
  ["applied, not verified yet", request({ phase: "Verifying", appliedAt: lastUpdated }), ["created"]],
  ["rolled back", request({ phase: "RolledBack", appliedAt: lastUpdated }), ["created", "rolledBack"]],
  ["held", request({ phase: "Held" }), ["created", "held"]],
  ["superseded", request({ phase: "Superseded" }), ["created", "superseded"]],
  ["expired", request({ phase: "Expired" }), ["created", "expired"]],
];
/** A request that stood so, each ten minutes after the other up to its last update, and stands as it did at last. */
function story(phases: Phase[], notified?: string[], changes: RequestChanges = {}, more: UpdateRequestStatus = {}) {
  const at = (index: number) =>
    new Date(Date.parse(lastUpdated) - (phases.length - 1 - index) * hour / 6).toISOString();
  const steps = phases.map((phase, index) => ({
    at: at(index),
    phase,
    reason: `R${index}`,
    message: `it is ${phase}`,
  }));
  const [phase, message] = [phases.at(-1)!, steps.at(-1)!.message];
  return request({ phase, message, lastUpdated, steps, ...(notified ? { notified } : {}), ...more }, changes);
}
steps.push(
  ["completed, and left", story(["Pending", "Verifying", "Completed", "Held"]), ["created", "completed", "held"]],
  ["held, and let go", story(["Held", "Superseded"]), ["created", "held", "superseded"]],
  [
    "approved, completed, and rolled back by hand",
    story(["Pending", "Approved", "Verifying", "Completed", "RolledBack"], [], { decision: yes }, {
      approvedAt: new Date(Date.parse(lastUpdated) - hour / 2).toISOString(),
    }),
    ["created", "approved", "completed", "rolledBack"],
  ],
  [
    "held, and approved after that",
    story(["Held", "Approved"], [], { decision: yes }, { approvedAt: lastUpdated }),
    ["created", "held", "approved"],
  ],
  ["held twice", story(["Completed", "Held", "Pending", "Held"]), ["created", "completed", "held"]],
  [
    "stood otherwise before there were steps",
    { ...story(["Held"]), status: { ...story(["Held"]).status, phase: "Superseded", message: "let go" } },
    ["created", "held", "superseded"],
  ],
);
for (const [what, one, wanted] of steps) s(`steps: ${what}`, () => assert.equal(notificationTypes(one), wanted));

const done = (notified: string[] | undefined, more: UpdateRequestStatus = {}) =>
  request({ phase: "Completed", lastUpdated, ...(notified ? { notified } : {}), ...more });
const rows: [string, UpdateRequest, string[], string[], number?][] = [
  ["nothing delivered yet", done([]), ["webhook"], ["created/webhook", "completed/webhook"]],
  ["a part delivered", done(["created/webhook"]), ["webhook"], ["completed/webhook"]],
  ["all delivered", done(["created/webhook", "completed/webhook"]), ["webhook"], []],
  ["each notifier by itself, step by step", done(["created/a", "completed/b"]), ["a", "b"], [
    "created/b",
    "completed/a",
  ]],
  ["nobody to tell", done([]), [], []],
  ["from a time without notifiers", done(undefined), ["webhook"], []],
  ["without a status", request(undefined), ["webhook"], []],
  ["finished a while ago", done([]), ["webhook"], ["created/webhook", "completed/webhook"], noon + hour / 2],
  ["finished too long ago", done([]), ["webhook"], [], noon + hour / 2 + 1],
  [
    "waiting for ever so long",
    request({ phase: "Pending", lastUpdated, notified: [] }),
    ["webhook"],
    ["created/webhook"],
    noon + 1000 * hour,
  ],
  [
    "held for ever so long",
    request({ phase: "Held", lastUpdated, notified: ["created/webhook"] }),
    ["webhook"],
    ["held/webhook"],
    noon + 1000 * hour,
  ],
  [
    "rolled back too long ago",
    request({ phase: "RolledBack", lastUpdated, notified: [] }),
    ["webhook"],
    [],
    noon + hour,
  ],
  ["finished at no time that can be read", done([], { lastUpdated: "once" }), ["webhook"], [
    "created/webhook",
    "completed/webhook",
  ]],
];
const left: Phase[] = ["Verifying", "Completed", "Held"];
const all = ["created/webhook", "completed/webhook", "held/webhook"];
rows.push(
  ["completed while nobody listened, and left", story(left, []), ["webhook"], all],
  ["left, and that alone was heard", story(left, ["created/webhook", "held/webhook"]), ["webhook"], [
    "completed/webhook",
  ]],
  ["left, and one of two was away", story(left, all), ["webhook", "other"], [
    "created/other",
    "completed/other",
    "held/other",
  ]],
  ["left, and all was heard", story(left, all), ["webhook"], []],
  ["left, from a time without notifiers", story(left), ["webhook"], []],
  ["left, and what was before is not yet too long ago", story(left, []), ["webhook"], all, noon + hour / 3],
  ["left, and what was before is too long ago", story(left, []), ["webhook"], ["held/webhook"], noon + hour / 3 + 1],
  ["left and ended, too long ago", story([...left, "Superseded"], []), ["webhook"], [], noon + hour],
);
for (const [what, one, notifiers, wanted, now] of rows) {
  s(`owed: ${what}`, () => assert.equal(marks(one, notifiers, now), wanted));
}

s("an event says all, and the same at each delivery", () => {
  const status = {
    phase: "Completed",
    approvedAt: "2026-01-01T11:20:00Z",
    lastUpdated,
    message: "app runs it",
  } as const;
  const one = request({ ...status, notified: [] }, { decision: yes, requireApproval: true });
  const owed = pendingNotifications(one, ["webhook"], noon, hour);
  const same = {
    updateRequest: { namespace: "default", name: "a", uid: "uid-a" },
    workload: { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" },
    container: "app",
    currentImage: "app:1.0.0",
    newImage: "app:1.1.0",
    policy: "minor",
    requiresApproval: true,
    approvedBy: "ann",
  };
  assert.equal(owed.map(({ notifier, event }) => ({ notifier, event })), [
    {
      notifier: "webhook",
      event: { type: "created", idempotencyKey: "uid-a/created", timestamp: "2026-01-01T11:00:00Z", ...same },
    },
    {
      notifier: "webhook",
      event: { type: "approved", idempotencyKey: "uid-a/approved", timestamp: "2026-01-01T11:20:00Z", ...same },
    },
    {
      notifier: "webhook",
      event: {
        type: "completed",
        idempotencyKey: "uid-a/completed",
        timestamp: lastUpdated,
        ...same,
        message: "app runs it",
      },
    },
  ]);
  assert.equal(pendingNotifications(structuredClone(one), ["webhook"], noon + 1, hour), owed);
});

s("each event tells of its own step, however many came after it", () => {
  const [, completed, held] = pendingNotifications(story(left, []), ["webhook"], noon, hour);
  assert.equal([completed?.event.timestamp, completed?.event.message], ["2026-01-01T11:20:00.000Z", "it is Completed"]);
  assert.equal([held?.event.timestamp, held?.event.message], ["2026-01-01T11:30:00.000Z", "it is Held"]);
  const before = pendingNotifications(story(left.slice(0, 2), []), ["webhook"], noon, hour)[1]!.event;
  assert.is(before.idempotencyKey, completed?.event.idempotencyKey);
});

s("of too many steps those go first of which nobody is told", () => {
  const phases: Phase[] = ["Completed", "Held", "Pending", "Verifying", "Pending", "Held", "Verifying", "Pending"];
  const steps = phases.map((phase, index) => ({ at: String(index), phase, reason: "R", message: "" }));
  const kept = (most: number) => keptSteps(steps, most).map(({ phase, at }) => `${at} ${phase}`);
  assert.equal(kept(8).length, 8);
  assert.equal(kept(7)[1], "2 Pending", "it was held again");
  assert.equal(kept(3), ["0 Completed", "5 Held", "7 Pending"]);
  assert.equal(kept(2), ["0 Completed", "5 Held"]);
  assert.equal(kept(1), ["5 Held"]);
});

s("a request by hand without a container or a word on approval", () => {
  const one = request({ phase: "Failed", notified: [] }, { requireApproval: undefined, sighting: undefined });
  delete one.spec.containerName;
  const [created, failed] = pendingNotifications(one, ["webhook"], noon, hour);
  assert.equal([created?.event.container, created?.event.requiresApproval], ["", true]);
  assert.is(failed?.event.timestamp, "2026-01-01T11:00:00Z");
});

s.run();

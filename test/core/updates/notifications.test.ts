import { suite } from "uvu";
import * as assert from "uvu/assert";
import { owedNotifications, stepsOf } from "../../../core/updates/notifications.ts";
import { type RequestChanges, requestOf } from "./world.ts";
import type { UpdateRequest, UpdateRequestStatus } from "../../../core/updates/update_request.ts";

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
  owedNotifications(one, notifiers, now, hour).map(({ mark }) => mark);

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
for (const [what, one, wanted] of steps) s(`steps: ${what}`, () => assert.equal(stepsOf(one), wanted));

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
  const owed = owedNotifications(one, ["webhook"], noon, hour);
  const same = {
    updateRequest: { namespace: "default", name: "a", uid: "uid-a" },
    workload: { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" },
    container: "app",
    containers: ["app"],
    currentImage: "app:1.0.0",
    newImage: "app:1.1.0",
    policy: "major",
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
  assert.equal(owedNotifications(structuredClone(one), ["webhook"], noon + 1, hour), owed);
});

s("a request by hand without a container or a word on approval", () => {
  const one = request({ phase: "Failed", notified: [] }, { requireApproval: undefined, sighting: undefined });
  delete one.spec.containerName;
  const [created, failed] = owedNotifications(one, ["webhook"], noon, hour);
  assert.equal([created?.event.container, created?.event.requiresApproval], ["", true]);
  assert.is(failed?.event.timestamp, "2026-01-01T11:00:00Z");
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { reported } from "../../../core/requests/reasons.ts";
import type { StatusUpdate } from "../../../core/lifecycle/step.ts";
import { hasStatus, statusOf } from "../../../core/lifecycle/status.ts";
import type { Condition, UpdateRequest } from "../../../core/requests/update_request.ts";

const s = suite("status that says where a request stands");
const [first, later] = [new Date("2026-01-01T12:00:00Z"), new Date("2026-01-01T12:05:00Z")];
const [t1, t2] = [first.toISOString(), later.toISOString()];
const yes = { approved: true, by: "ann" };
const no = { approved: false, by: "bob", reason: "too new" };

const statusUpdate = (
  phase: StatusUpdate["phase"],
  reason: string,
  more: Partial<StatusUpdate> = {},
): StatusUpdate => ({
  phase,
  reason: reported(reason),
  message: `it is ${reason}`,
  ...more,
});
const waiting = statusUpdate("Pending", "WaitingForApproval");
/** When the workload was changed: before that is written here. */
const t0 = "2026-01-01T11:59:58.000Z";
const applied = { appliedAt: t0 };
const health = (status: Condition["status"], reason: string) => ({ health: { status, reason, message: "so it is" } });
const write = (request: UpdateRequest, one: StatusUpdate, now = first, tells = false): UpdateRequest => ({
  ...request,
  status: statusOf(request, one, now, tells),
});
/** `type status reason`, each. */
const told = ({ status }: UpdateRequest) =>
  status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`);

const rows: {
  what: string;
  request?: RequestChanges;
  statusUpdate: StatusUpdate;
  fields?: object;
  conditions: string[];
}[] = [
  {
    what: "waits for approval",
    request: { requireApproval: true },
    statusUpdate: waiting,
    conditions: ["Approved Unknown WaitingForApproval", "Applied False WaitingForApproval"],
  },
  {
    what: "waits for approval by default",
    request: { requireApproval: undefined },
    statusUpdate: waiting,
    conditions: ["Approved Unknown WaitingForApproval", "Applied False WaitingForApproval"],
  },
  {
    what: "needs no approval",
    statusUpdate: statusUpdate("Pending", "IntervalNotElapsed"),
    conditions: ["Applied False IntervalNotElapsed"],
  },
  {
    what: "approved",
    request: { requireApproval: true, decision: yes },
    statusUpdate: statusUpdate("Approved", "Approved"),
    fields: { approvedBy: "ann", approvedAt: t1 },
    conditions: ["Approved True Decided", "Applied False Approved"],
  },
  {
    what: "applied, and nothing could be seen of it",
    statusUpdate: statusUpdate("Completed", "NoReplicas", { ...applied, ...health("Unknown", "NoReplicas") }),
    fields: applied,
    conditions: ["Applied True Applied", "Healthy Unknown NoReplicas"],
  },
  {
    what: "applied after approval",
    request: { requireApproval: true, decision: yes },
    statusUpdate: statusUpdate("Completed", "Verified", { ...applied, ...health("True", "Healthy") }),
    fields: { approvedBy: "ann", approvedAt: t1, appliedAt: t0 },
    conditions: ["Approved True Decided", "Applied True Applied", "Healthy True Healthy"],
  },
  {
    what: "applied, on its way",
    statusUpdate: statusUpdate("Verifying", "PodsNotUpdated", { ...applied, ...health("Unknown", "PodsNotUpdated") }),
    fields: applied,
    conditions: ["Applied True Applied", "Healthy Unknown PodsNotUpdated"],
  },
  {
    what: "applied, and failed",
    statusUpdate: statusUpdate("Failed", "CrashLoopBackOff", { ...applied, ...health("False", "CrashLoopBackOff") }),
    fields: applied,
    conditions: ["Applied True Applied", "Healthy False CrashLoopBackOff"],
  },
  {
    what: "rolled back",
    statusUpdate: statusUpdate("RolledBack", "RolledBack", applied),
    fields: applied,
    conditions: ["Applied True Applied", "Held True RolledBack"],
  },
  {
    what: "held before it was applied",
    statusUpdate: statusUpdate("Held", "VersionHeld"),
    conditions: ["Applied False VersionHeld", "Held True VersionHeld"],
  },
  {
    what: "somebody else brought it in",
    statusUpdate: statusUpdate("Completed", "AlreadyRuns"),
    conditions: ["Applied True AlreadyRuns"],
  },
  {
    what: "rejected",
    request: { requireApproval: true, decision: no },
    statusUpdate: statusUpdate("Rejected", "Rejected"),
    fields: { rejectedBy: "bob", rejectedAt: t1 },
    conditions: ["Approved False Decided", "Applied False Rejected"],
  },
  {
    what: "rejected when it was applied already",
    request: { decision: no },
    statusUpdate: statusUpdate("Completed", "Verified", applied),
    fields: applied,
    conditions: ["Approved False Decided", "Applied True Applied"],
  },
  {
    what: "a hint that the registry confirmed",
    request: { trusted: false },
    statusUpdate: statusUpdate("Completed", "Verified", { ...applied, confirmed: "True" }),
    fields: applied,
    conditions: ["Confirmed True InRegistry", "Applied True Applied"],
  },
  {
    what: "a hint that the registry refutes",
    request: { trusted: false },
    statusUpdate: statusUpdate("Failed", "NotInRegistry", { confirmed: "False" }),
    conditions: ["Confirmed False NotInRegistry", "Applied False NotInRegistry"],
  },
  {
    what: "a hint while the registry is away",
    request: { trusted: false },
    statusUpdate: statusUpdate("Pending", "RegistryUnavailable", { confirmed: "Unknown" }),
    conditions: ["Confirmed Unknown RegistryUnavailable", "Applied False RegistryUnavailable"],
  },
];
for (const { what, request, statusUpdate, fields = {}, conditions } of rows) {
  s(`${what}: what is written, and then it stands`, () => {
    const before = requestOf(request);
    assert.not(hasStatus(before, statusUpdate));
    const written = write(before, statusUpdate);
    const { conditions: _, steps, ...rest } = written.status!;
    assert.equal(steps, [{
      at: t1,
      phase: statusUpdate.phase,
      reason: statusUpdate.reason,
      message: statusUpdate.message,
    }]);
    const { phase, reason, message } = statusUpdate;
    assert.equal(rest, { phase, reason, message, lastUpdated: t1, ...fields });
    assert.equal(told(written), conditions);
    assert.ok(written.status!.conditions!.every(({ lastTransitionTime }) => lastTransitionTime === t1));
    assert.ok(hasStatus(written, statusUpdate));
  });

  s(`${what}: written again later, only the time of the last word moves`, () => {
    const once = write(requestOf(request), statusUpdate);
    assert.equal(write(once, statusUpdate, later).status, { ...once.status, lastUpdated: t2 });
  });
}

const changes: [string, RequestChanges, StatusUpdate, StatusUpdate][] = [
  ["another phase", {}, waiting, { ...waiting, phase: "Approved" }],
  ["another reason", {}, waiting, { ...waiting, reason: "Forbidden" }],
  ["another message", {}, waiting, { ...waiting, message: "it is otherwise" }],
  ["another word of the registry", { trusted: false }, { ...waiting, confirmed: "Unknown" }, {
    ...waiting,
    confirmed: "True",
  }],
  ["another word on its health", {}, statusUpdate("Verifying", "Healthy", health("Unknown", "Healthy")), {
    ...statusUpdate("Verifying", "Healthy", health("True", "Healthy")),
  }],
];
for (const [what, request, before, after] of changes) {
  s(`${what} is to be written`, () => assert.not(hasStatus(write(requestOf(request), before), after)));
}

s("a decision is to be written, though nothing else changed", () => {
  const waits = write(requestOf({ requireApproval: true }), waiting);
  const decided = { ...waits, spec: { ...waits.spec, decision: yes } };
  assert.not(hasStatus(decided, waiting));
  assert.ok(hasStatus(write(decided, waiting), waiting));
});

s("who approved is to be written, where only the condition says that somebody did", () => {
  const approved = write(requestOf({ decision: yes }), statusUpdate("Completed", "Verified"));
  const { approvedBy: _, ...status } = approved.status!;
  assert.ok(hasStatus(approved, statusUpdate("Completed", "Verified")));
  assert.not(hasStatus({ ...approved, status }, statusUpdate("Completed", "Verified")));
});

s("a condition keeps the time since when it has its status, whatever its reason", () => {
  const waits = write(requestOf({ requireApproval: true }), waiting);
  const decided = { ...waits, spec: { ...waits.spec, decision: yes } };
  const approved = write(decided, statusUpdate("Approved", "IntervalNotElapsed"), later);
  assert.equal(approved.status?.conditions?.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]), [
    ["Approved", t2],
    ["Applied", t1],
  ]);
  assert.is(approved.status?.approvedAt, t2);
});

s("health that is not spoken of any more stays as it was last; the time of the change stays too", () => {
  const failed = write(
    requestOf(),
    statusUpdate("Failed", "CrashLoopBackOff", { ...applied, ...health("False", "Crash") }),
  );
  const held = write(failed, statusUpdate("Held", "VersionHeld"), later);
  assert.equal(told(held), ["Applied True Applied", "Healthy False Crash", "Held True VersionHeld"]);
  assert.is(held.status?.appliedAt, t0);
  const again = write(
    held,
    statusUpdate("Verifying", "Healthy", { appliedAt: t2, ...health("True", "Healthy") }),
    later,
  );
  assert.is(again.status?.appliedAt, t0);
});

s("what happened is told in its order, each step once, and the last twenty are kept", () => {
  const verifying = (reason: string) => statusUpdate("Verifying", reason, applied);
  let one = write(requestOf(), waiting);
  for (const next of [waiting, verifying("Healthy"), { ...verifying("Healthy"), message: "in other words" }]) {
    one = write(one, next, later);
  }
  assert.equal(one.status?.steps?.map(({ at, phase, reason }) => `${at} ${phase} ${reason}`), [
    `${t1} Pending WaitingForApproval`,
    `${t2} Verifying Healthy`,
  ]);
  assert.is(one.status?.steps?.[1]?.message, "it is Healthy");
  for (let n = 1; n <= 30; n++) one = write(one, verifying(n % 2 ? "ReadinessLost" : "Healthy"), later);
  assert.is(one.status?.steps?.length, 20);
  assert.is(one.status?.steps?.at(-1)?.reason, "Healthy");
});

s("notifications that were delivered stay, and are only spoken of where there is someone to tell", () => {
  assert.is(write(requestOf(), waiting).status?.notified, undefined);
  const told = write(requestOf(), waiting, first, true);
  assert.equal(told.status?.notified, []);
  const delivered = { ...told, status: { ...told.status, notified: ["created/webhook"] } };
  assert.equal(write(delivered, waiting, later, true).status?.notified, ["created/webhook"]);
  assert.equal(write(delivered, waiting, later, false).status?.notified, ["created/webhook"]);
});

s.run();

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
): StatusUpdate => ({ phase, reason: reported(reason), message: `it is ${reason}`, ...more });
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

const rows: [
  what: string,
  statusUpdate: StatusUpdate,
  conditions: string[],
  request?: RequestChanges,
  fields?: object,
][] = [
  ["waits for approval", waiting, ["Approved Unknown WaitingForApproval", "Applied False WaitingForApproval"], {
    requireApproval: true,
  }],
  ["waits for approval by default", waiting, [
    "Approved Unknown WaitingForApproval",
    "Applied False WaitingForApproval",
  ], { requireApproval: undefined }],
  ["needs no approval", statusUpdate("Pending", "IntervalNotElapsed"), ["Applied False IntervalNotElapsed"]],
  ["approved", statusUpdate("Approved", "Approved"), ["Approved True Decided", "Applied False Approved"], {
    requireApproval: true,
    decision: yes,
  }, { approvedBy: "ann", approvedAt: t1 }],
  [
    "applied, and nothing could be seen of it",
    statusUpdate("Completed", "NoReplicas", { ...applied, ...health("Unknown", "NoReplicas") }),
    ["Applied True Applied", "Healthy Unknown NoReplicas"],
    undefined,
    applied,
  ],
  [
    "applied after approval",
    statusUpdate("Completed", "Verified", { ...applied, ...health("True", "Healthy") }),
    ["Approved True Decided", "Applied True Applied", "Healthy True Healthy"],
    { requireApproval: true, decision: yes },
    { approvedBy: "ann", approvedAt: t1, appliedAt: t0 },
  ],
  [
    "applied, on its way",
    statusUpdate("Verifying", "PodsNotUpdated", { ...applied, ...health("Unknown", "PodsNotUpdated") }),
    ["Applied True Applied", "Healthy Unknown PodsNotUpdated"],
    undefined,
    applied,
  ],
  [
    "applied, and failed",
    statusUpdate("Failed", "CrashLoopBackOff", { ...applied, ...health("False", "CrashLoopBackOff") }),
    ["Applied True Applied", "Healthy False CrashLoopBackOff"],
    undefined,
    applied,
  ],
  [
    "rolled back",
    statusUpdate("RolledBack", "RolledBack", applied),
    ["Applied True Applied", "Held True RolledBack"],
    undefined,
    applied,
  ],
  ["held before it was applied", statusUpdate("Held", "VersionHeld"), [
    "Applied False VersionHeld",
    "Held True VersionHeld",
  ]],
  ["somebody else brought it in", statusUpdate("Completed", "AlreadyRuns"), ["Applied True AlreadyRuns"]],
  ["rejected", statusUpdate("Rejected", "Rejected"), ["Approved False Decided", "Applied False Rejected"], {
    requireApproval: true,
    decision: no,
  }, { rejectedBy: "bob", rejectedAt: t1 }],
  [
    "rejected when it was applied already",
    statusUpdate("Completed", "Verified", applied),
    ["Approved False Decided", "Applied True Applied"],
    { decision: no },
    applied,
  ],
  [
    "a hint that the registry confirmed",
    statusUpdate("Completed", "Verified", { ...applied, confirmed: "True" }),
    ["Confirmed True InRegistry", "Applied True Applied"],
    { trusted: false },
    applied,
  ],
  ["a hint that the registry refutes", statusUpdate("Failed", "NotInRegistry", { confirmed: "False" }), [
    "Confirmed False NotInRegistry",
    "Applied False NotInRegistry",
  ], { trusted: false }],
  ["a hint while the registry is away", statusUpdate("Pending", "RegistryUnavailable", { confirmed: "Unknown" }), [
    "Confirmed Unknown RegistryUnavailable",
    "Applied False RegistryUnavailable",
  ], { trusted: false }],
];
for (const [what, statusUpdate, conditions, request, fields = {}] of rows) {
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

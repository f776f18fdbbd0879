import * as assert from "uvu/assert";
import { suite } from "uvu";
import { labelsOf } from "../../../core/requests/metadata.ts";
import { recreated } from "../../../core/lifecycle/recreated_request.ts";
import { nextSteps } from "../../../core/lifecycle/lifecycle.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import { ago, holdOf, now, requestOf, workloadOf } from "../../ui/kubectl/objects.ts";

const s = suite("a request made anew");

const made = (old: UpdateRequest, workload = workloadOf()) =>
  recreated(old, workload, [workload.slots[0]!], "ann", now);

s("it asks for the same, without its decision and its sighting, from what runs now", () => {
  const decision = { approved: false, by: "bob" };
  const old = requestOf("1.2.0", { phase: "Rejected", spec: { decision } });
  old.metadata.labels = { team: "a" };
  old.metadata.ownerReferences = [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "w1" }];
  const anew = made(old, workloadOf({ image: "web:1.1.0" }));
  const { decision: _, sighting: __, ...spec } = old.spec;
  assert.equal(anew, {
    metadata: {
      name: "web-app-1.2.0",
      namespace: "shop",
      labels: { team: "a", ...labelsOf(old.spec) },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "w1" }],
    },
    spec: {
      ...spec,
      madeBy: "ann",
      currentImage: "web:1.1.0",
      reason: "1.2.0 is higher than 1.1.0, and policy minor takes it",
    },
  });
});

s("one that was to expire does so as long after now", () => {
  const old = requestOf("1.1.0", { phase: "Expired", spec: { expiresAt: ago(30) } });
  const anew = made(old);
  assert.ok(typeof anew === "object");
  assert.is(anew.spec.expiresAt, ago(-60));
});

s("one that would be finished at once is not made, and why is told", () => {
  const cases: [UpdateRequest, ReturnType<typeof workloadOf>, RegExp][] = [
    [requestOf("1.1.0", { phase: "Failed" }), workloadOf({ image: "web:1.1.0" }), /app runs web:1\.1\.0 already/],
    [requestOf("1.1.0", { phase: "Failed" }), workloadOf({ image: "web:1.2.0" }), /lower than web:1\.2\.0/],
    [requestOf("2.0.0", { phase: "Failed" }), workloadOf(), /not wanted any more: 2\.0\.0 is further/],
    [requestOf("1.1.0", { phase: "Failed" }), workloadOf({ annotations: null }), /no headwind\.sh annotations/],
  ];
  for (const [old, workload, why] of cases) {
    const answer = made(old, workload);
    assert.type(answer, "string");
    assert.match(answer as string, why);
  }
});

for (const [name, value] of [["event-source", "none"], ["images", "other"]] as const) {
  s(`what a person makes anew is made, whatever ${name} keeps away`, () => {
    const anew = made(requestOf("1.1.0", { phase: "Failed" }), workloadOf({ annotations: { [name]: value } }));
    assert.type(anew, "object");
  });
}

s("Headwind takes it for a new one, though the history names the old one's change and its rollback", () => {
  const history = [
    {
      container: "app",
      image: "web:1.0.0",
      previousImage: "web:1.1.0",
      timestamp: ago(50),
      updateRequestName: "web-app-1.1.0",
      rollback: { of: "web:1.1.0", by: "headwind", reason: "CrashLoopBackOff" },
    },
    {
      container: "app",
      image: "web:1.1.0",
      previousImage: "web:1.0.0",
      timestamp: ago(80),
      updateRequestName: "web-app-1.1.0",
      updateRequestUid: "uid-web-app-1.1.0",
    },
  ];
  const workload = workloadOf({ history, held: [holdOf("1.1.0", { resumedAt: ago(1), resumedBy: "ann" })] });
  const old = requestOf("1.1.0", { phase: "RolledBack", appliedAt: ago(80) });
  const anew = made(old, workload);
  assert.ok(typeof anew === "object");
  const stored: UpdateRequest = {
    ...old,
    metadata: { ...old.metadata, uid: "another" },
    spec: { ...anew.spec, requireApproval: false },
  };
  delete stored.status;
  const situation = {
    workload,
    now: now.getTime(),
    lookups: new Map(),
    readings: new Map(),
    readingInterval: 10_000,
    trust: "proof",
  } as const;
  assert.equal(nextSteps({ ...situation, requests: [stored] }).map(({ type }) => type), ["apply"]);
  const [same] = nextSteps({ ...situation, requests: [{ ...stored, metadata: old.metadata }] });
  assert.is(same?.type === "write status" && same.statusUpdate.phase, "RolledBack");
});

s.run();

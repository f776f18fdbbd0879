import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { UpdateRequest, UpdateRequestSpec, UpdateRequestStatus } from "../../../core/updates/update_request.ts";
import type { Change, WorkloadView } from "../../../scripts/demo/change.ts";
import { inOrder } from "../../../scripts/demo/in_order.ts";
import { linesOf } from "../../../scripts/demo/telling.ts";
import { hintOf } from "../../../scripts/demo/hint.ts";

const s = suite("demo: what is told");

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const request = (spec: Partial<UpdateRequestSpec> = {}, status?: UpdateRequestStatus) =>
  ({
    metadata: { name: "web-1", namespace: "shop" },
    spec: {
      targetRef: { name: "web" },
      newImage: "127.0.0.1:5000/shop/web:1.3.0",
      reason: "1.3.0 is higher",
      sighting: { at: "", via: "webhook", trigger: "registry", trusted: true },
      ...spec,
    },
    ...(status ? { status } : {}),
  }) as UpdateRequest;
const standing = (phase: UpdateRequestStatus["phase"], reason: string, message = "so it is"): UpdateRequestStatus => ({
  ...(phase ? { phase } : {}),
  message,
  conditions: [{ type: "Applied", status: "False", reason, message, lastTransitionTime: "" }],
});
const told = (before: UpdateRequest | undefined, after: UpdateRequest) =>
  linesOf({ of: "request", before, after }).map(({ workload, step, text }) => {
    assert.is(workload, "web");
    return `${step}: ${text}`;
  });

s("a new UpdateRequest, after what brought it", () => {
  assert.equal(told(undefined, request()), [
    "sighting: the registry's notification names 1.3.0, and proves itself by the secret",
    "request: UpdateRequest web-1 is stored: 1.3.0 is higher",
  ]);
  const polled = { at: "", via: "polling", trigger: "poller", trusted: true } as const;
  const newImage = `shop/web:edge@${digest("a")}`;
  assert.is(
    told(undefined, request({ sighting: polled, newImage }))[0],
    "sighting: the poller finds edge@aaaaaaa in the registry",
  );
});

s("each decision once, with who and why", () => {
  const waits = standing("Pending", "WaitingForApproval");
  const no = request({ decision: { approved: false, by: "bob", reason: "not now", via: "api" } }, waits);
  assert.equal(told(request({}, waits), no), ["rejection: bob rejects over the approval API: not now"]);
  assert.equal(told(no, no), []);
  const yes = request({ decision: { approved: true, by: "ann", via: "kubectl" } }, waits);
  assert.equal(told(request({}, waits), yes), ["approval: ann approves by kubectl"]);
});

s("each standing once", () => {
  const pending = request({}, standing("Pending", "WaitingForApproval"));
  assert.equal(told(request(), pending), ["waits: for a person's approval"]);
  assert.equal(told(pending, pending), []);
  const late = request({}, standing("Pending", "IntervalNotElapsed"));
  assert.equal(told(pending, late), ["waits: so it is"]);
  assert.equal(told(pending, request({}, standing("Approved", "Approved"))), []);
  assert.equal(told(pending, request({}, standing("Completed", "Applied"))), ["end: the UpdateRequest is Completed"]);
  assert.equal(told(pending, request({}, standing("Failed", "NotInRegistry"))), [
    "end: the UpdateRequest is Failed: so it is",
  ]);
});

const view = (change: Partial<WorkloadView>): WorkloadView => ({
  kind: "Deployment",
  name: "web",
  generation: 1,
  images: { app: "shop/web:1.2.0" },
  annotations: {},
  rollout: { done: true, ready: 3, wanted: 3 },
  ...change,
});
const seen = (before: WorkloadView | undefined, after: WorkloadView) =>
  linesOf({ of: "workload", before, after }).map(({ step, text }) => `${step}: ${text}`);

s("a patch, and the pods that follow, but nothing of the first look", () => {
  const patched = view({
    generation: 2,
    images: { app: "shop/web:1.3.0" },
    rollout: { done: false, ready: 0, wanted: 3 },
  });
  assert.equal(seen(undefined, view({})), []);
  assert.equal(seen(view({}), patched), ["patch: container app of Deployment web: 1.2.0 → 1.3.0"]);
  assert.equal(seen(patched, { ...patched, rollout: { done: false, ready: 2, wanted: 3 } }), []);
  assert.equal(seen(patched, { ...patched, rollout: { done: true, ready: 3, wanted: 3 } }), [
    "rollout: 3 of 3 pods run it and are ready",
  ]);
  assert.equal(
    seen(view({ rollout: { done: false, ready: 0, wanted: 3 } }), view({})),
    [],
    "the first pods are no rollout",
  );
});

s("a Completed that is heard before its patch is told after it", () => {
  const told: string[] = [];
  const hear = inOrder((change) => told.push(...linesOf(change).map(({ step }) => step)));
  const old = view({ images: { app: "127.0.0.1:5000/shop/web:1.2.0" } });
  const patched = { ...old, images: { app: "127.0.0.1:5000/shop/web:1.3.0" } };
  const approved = request({ containerName: "app" }, standing("Approved", "Approved"));
  const completed = request({ containerName: "app" }, standing("Completed", "Applied"));
  const end: Change = { of: "request", before: approved, after: completed };
  const patch: Change = { of: "workload", before: old, after: patched };
  hear({ of: "workload", before: undefined, after: old });
  hear(end);
  assert.equal(told, []);
  hear({ of: "workload", before: old, after: old });
  assert.equal(told, []);
  hear(patch);
  assert.equal(told, ["patch", "end"]);
  hear(end);
  assert.equal(told, ["patch", "end", "end"], "what is in order is told at once");
});

s("a visitor is told how to approve, when it begins to wait", () => {
  const api = "http://127.0.0.1:1";
  const pending = request({}, standing("Pending", "WaitingForApproval"));
  const hint = hintOf({ of: "request", before: request(), after: pending }, api);
  assert.match(hint!.text, "http://127.0.0.1:1/api/v1/updates/shop/web-1/approve");
  assert.is(hintOf({ of: "request", before: pending, after: pending }, api), undefined);
  const automatic = request({ requireApproval: false }, standing("Pending", "RegistryUnavailable"));
  assert.is(hintOf({ of: "request", before: undefined, after: automatic }, api), undefined);
});

s.run();

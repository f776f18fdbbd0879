import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeEvent } from "../../../core/kube/events.ts";
import type { StatusStep, UpdateRequest, UpdateRequestSpec } from "../../../core/requests/update_request.ts";
import type { WorkloadView } from "../../../scripts/demo/change.ts";
import { linesOf } from "../../../scripts/demo/telling.ts";
import { hintOf } from "../../../scripts/demo/hint.ts";

const s = suite("demo: what is told");

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const request = (spec: Partial<UpdateRequestSpec> = {}, steps: StatusStep[] = [], healthy = "True") =>
  ({
    metadata: { name: "web-1", namespace: "shop" },
    spec: {
      targetRef: { name: "web" },
      newImage: "127.0.0.1:5000/shop/web:1.3.0",
      reason: "1.3.0 is higher",
      sighting: { at: "", via: "webhook", trigger: "registry", trusted: true },
      ...spec,
    },
    ...(steps.length > 0
      ? { status: { phase: steps.at(-1)!.phase, steps, conditions: [{ type: "Healthy", status: healthy }] } }
      : {}),
  }) as UpdateRequest;
let at = 0;
const step = (phase: StatusStep["phase"], reason: string, message = "so it is"): StatusStep => ({
  at: String(at++),
  phase,
  reason,
  message,
});
const told = (before: UpdateRequest | undefined, after: UpdateRequest) =>
  linesOf({ of: "request", before, after }).map(({ workload, step, text }) => {
    assert.is(workload, "web");
    return `${step}: ${text}`;
  });
const waits = step("Pending", "WaitingForApproval");

s("a new UpdateRequest, after what brought it", () => {
  assert.equal(told(undefined, request()), [
    "sighting: a webhook names 1.3.0, and proves itself by the secret",
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
  const no = request({ decision: { approved: false, by: "bob", reason: "not now", via: "api" } }, [waits]);
  assert.equal(told(request({}, [waits]), no), ["rejection: bob rejects over the approval API: not now"]);
  assert.equal(told(no, no), []);
  const yes = request({ decision: { approved: true, by: "ann", via: "kubectl" } }, [waits]);
  assert.equal(told(request({}, [waits]), yes), ["approval: ann approves by kubectl"]);
});

const standings: [what: string, step: StatusStep, lines: string[]][] = [
  ["for an approval", waits, ["waits: for a person's approval"]],
  ["for something else", step("Pending", "IntervalNotElapsed"), ["waits: so it is"]],
  ["approved", step("Approved", "Approved"), []],
  ["approved, and waiting", step("Approved", "Verifying"), ["waits: so it is"]],
  ["verifying", step("Verifying", "NotObserved"), [
    "verifying: applied is not done: it has to become healthy, and to stay so",
  ]],
  ["completed", step("Completed", "Verified"), ["end: the UpdateRequest is Completed: so it is"]],
  ["rejected", step("Rejected", "Rejected"), ["end: the UpdateRequest is Rejected"]],
  ["held", step("Held", "VersionHeld"), ["held: the UpdateRequest is Held: so it is"]],
  ["failed", step("Failed", "NotInRegistry"), ["end: the UpdateRequest is Failed: so it is"]],
  ["rolled back", step("RolledBack", "RolledBack", `to web@${digest("a")}`), [
    "end: the UpdateRequest is RolledBack: to web@aaaaaaa",
  ]],
];
for (const [what, standing, lines] of standings) {
  s(`a standing is told once: ${what}`, () => {
    const before = request({}, [step("Pending", "RegistryUnavailable")]);
    const after = request({}, [...before.status!.steps!, standing]);
    assert.equal(told(before, after), lines);
    assert.equal(told(after, after), []);
  });
}

s("of a verification its start is told, and what fails", () => {
  const steps = [step("Verifying", "NotObserved"), step("Verifying", "PodsNotUpdated"), step("Verifying", "Crash")];
  const before = request({}, steps.slice(0, 1), "Unknown");
  assert.equal(told(before, request({}, steps.slice(0, 2), "Unknown")), []);
  assert.equal(told(request({}, steps.slice(0, 2)), request({}, steps, "False")), ["failing: so it is"]);
});

s("a status that the watch has skipped is told all the same", () => {
  const steps = [waits, step("Approved", "Approved"), step("Verifying", "NotObserved"), step("Completed", "Verified")];
  assert.equal(told(request(), request({}, steps)).map((line) => line.split(":")[0]), ["waits", "verifying", "end"]);
});

const view = (change: Partial<WorkloadView> = {}): WorkloadView => ({
  kind: "Deployment",
  name: "web",
  generation: 1,
  images: { app: "shop/web:1.2.0" },
  annotations: {},
  rollout: { state: "complete", reason: "RolledOut", message: "all pods are there" },
  ...change,
});
const seen = (before: WorkloadView | undefined, after: WorkloadView) =>
  linesOf({ of: "workload", before, after }).map(({ step, text }) => `${step}: ${text}`);
const history = (...tags: [tag: string, more?: Record<string, unknown>][]) => ({
  "update-history": JSON.stringify(
    tags.map(([tag, more], index) => ({
      container: "app",
      image: `shop/web:${tag}`,
      timestamp: `2026-01-01T00:00:0${tags.length - index}Z`,
      ...more,
    })),
  ),
});
const moved = (from: string, to: string) => `container app of Deployment web: ${from} → ${to}`;

s("nothing of the first look, nor of what stays", () => {
  assert.equal(seen(undefined, view()), []);
  assert.equal(seen(view(), view({ generation: 2, annotations: history(["1.2.0"]) })), []);
});

s("a patch, a rollback, and a person's change, which takes annotations back too", () => {
  const [patched, images] = [history(["1.3.0"]), { app: "shop/web:1.3.0" }];
  const after = view({ images, annotations: patched });
  assert.equal(seen(view(), after), [`patch: ${moved("1.2.0", "1.3.0")}`]);
  const rollback = { rollback: { of: "shop/web:1.3.0", by: "headwind", reason: "it crashes" } };
  assert.equal(seen(after, view({ annotations: history(["1.2.0", rollback], ["1.3.0"]) })), [
    `rollback: ${moved("1.3.0", "1.2.0")}`,
  ]);
  assert.equal(seen(after, view()), [`by hand: somebody changes ${moved("1.3.0", "1.2.0")}`]);
  const before = view({ images, annotations: history(["1.3.0"], ["1.2.0"]) });
  assert.equal(seen(before, view({ annotations: history(["1.2.0"]) })), [
    `by hand: somebody changes ${moved("1.3.0", "1.2.0")}`,
  ]);
});

s("a rollout once its controller is done, but not each look of the controller at an annotation", () => {
  const rolling = view({ generation: 2, rollout: { state: "progressing", reason: "PodsNotUpdated", message: "" } });
  const unseen = view({ generation: 2, rollout: { state: "progressing", reason: "NotObserved", message: "" } });
  const done = view({ generation: 2 });
  assert.equal(seen(rolling, done), ["rollout: all pods are there"]);
  assert.equal(seen(rolling, rolling), []);
  assert.equal(seen(unseen, done), []);
  assert.equal(seen({ ...rolling, generation: 1 }, view()), [], "the first pods are no rollout");
});

s("of a release its chart, what Flux runs, and when it is released", () => {
  const progressing = (reason: string, message: string) => ({ state: "progressing" as const, reason, message });
  const release = (version: string, rollout: WorkloadView["rollout"], generation = 2) =>
    view({ kind: "HelmRelease", generation, images: { chart: `web:${version}` }, rollout });
  const released = { state: "complete" as const, reason: "Released", message: "the chart is released" };
  const unseen = release("1.3.0", progressing("NotObserved", "Flux has not seen the change yet"));
  const checking = release("1.3.0", progressing("Progressing", "Fulfilling prerequisites"));
  const running = release("1.3.0", progressing("Progressing", "Running 'upgrade' action"));
  assert.equal(seen(release("1.2.0", released, 1), unseen), [
    "by hand: somebody changes chart of HelmRelease web: 1.2.0 → 1.3.0",
  ]);
  assert.equal(seen(unseen, checking), []);
  assert.equal(seen(checking, running), ["flux: Running 'upgrade' action"]);
  assert.equal(seen(running, running), []);
  assert.equal(seen(running, release("1.3.0", released)), ["rollout: the chart is released"]);
  assert.equal(seen(checking, release("1.3.0", released)), [], "Helm has run before");
  assert.equal(
    seen({ ...checking, generation: 1 }, { ...running, generation: 1 }),
    [],
    "the installation is no update",
  );
});

s("a Warning once, but those of updates, whose requests tell of them", () => {
  const event = (reason: string) => ({ involvedObject: { name: "web" }, reason, message: "so" }) as KubeEvent;
  const [after, update] = [event("InvalidAnnotation"), event("UpdateUnhealthy")];
  assert.equal(linesOf({ of: "warning", before: undefined, after }), [
    { workload: "web", step: "warning", text: "Event InvalidAnnotation: so" },
  ]);
  assert.equal(linesOf({ of: "warning", before: after, after }), []);
  assert.equal(linesOf({ of: "warning", before: undefined, after: update }), []);
});

s("a visitor is told how to approve, when it begins to wait", () => {
  const pending = request({}, [waits]);
  const hint = hintOf({ of: "request", before: request(), after: pending });
  assert.is(hint!.text, "kubectl headwind -n shop approve web-1");
  assert.is(hintOf({ of: "request", before: pending, after: pending }), undefined);
  const automatic = request({ requireApproval: false }, [step("Pending", "RegistryUnavailable")]);
  assert.is(hintOf({ of: "request", before: undefined, after: automatic }), undefined);
});

s.run();

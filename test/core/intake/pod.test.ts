// runs on: deno, node
import { runToEnd } from "../../../core/lib/time_slices.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { digest, harness, poller, proven, seen } from "./intake_harness.ts";
import type { NewUpdateRequest } from "../../../core/requests/store.ts";
import type { Phase } from "../../../core/requests/phases.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import { requestStore } from "../../support/request_store.ts";
import { newRequest } from "../../../core/intake/new_request.ts";
import { updateRequestName } from "../../../core/requests/metadata.ts";
import { proposeUpdates } from "../../../core/intake/proposed_updates.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";

const s = suite("a pod of containers of one version is one update");
const pod: WorkloadChanges = { name: "web", images: { app: "app:1.2.0" }, initImages: { migrate: "app:1.2.0" } };
const names = (all: Iterable<UpdateRequest>) =>
  [...all].map(({ spec }) => `${spec.containerName} (${spec.containerNames ?? ""}) ${spec.newImage}`).sort();

s("one webhook, one request that names all, and one write", async () => {
  const one = harness([pod]);
  const result = await one.accept(seen(["1.3.0"]));
  assert.equal([result.matched, result.created, result.updateRequests.length], [2, 1, 1]);
  assert.equal(names(one.store.requests.values()), ["app (app,migrate) app:1.3.0"]);
  const again = await one.accept(seen(["1.3.0"]));
  assert.equal([again.created, again.updateRequests], [0, result.updateRequests]);
  const polled = await one.accept(seen(["1.2.0", "1.3.0"], { via: "polling", complete: true }), poller);
  assert.equal(polled.created, 0);
});

s("pinned alike, by a policy that follows digests, they move together too", async () => {
  const images = { app: `app:edge@${digest("a")}` };
  const one = harness([{ name: "web", images, initImages: { migrate: images.app }, annotations: { policy: "force" } }]);
  one.answer = () => Promise.resolve(digest("b"));
  assert.is((await one.accept(seen([`edge@${digest("b")}`]))).created, 1);
  assert.equal(names(one.store.requests.values()), [`app (app,migrate) app:edge@${digest("b")}`]);
  assert.equal(one.asked, ["default/web edge"]);
});

s("containers of different versions of one repository stay apart", async () => {
  const one = harness([{ ...pod, initImages: { migrate: "app:1.1.0" } }]);
  assert.is((await one.accept(seen(["1.3.0"]))).created, 2);
  assert.equal(names(one.store.requests.values()), ["app () app:1.3.0", "migrate () app:1.3.0"]);
});

const order = { "of the pod": ["b", "a", "c"], "another": ["c", "b", "a"] };
s("the name is the same in whatever order the pod lists its containers, and of one container as it always was", () => {
  const made = Object.values(order).map((names) => {
    const images = Object.fromEntries(names.map((name) => [name, "app:1.0.0"]));
    const one = workloadOf({ images });
    const wants = runToEnd(proposeUpdates(seen(["1.1.0"]), one.slots.map((slot) => ({ workload: one, slot }))));
    assert.is(wants.length, 1);
    return newRequest(wants[0]!, seen(["1.1.0"]), proven!, new Date(0));
  });
  assert.is(made[0]!.metadata.name, made[1]!.metadata.name);
  assert.equal(made.map(({ spec }) => [spec.containerName, spec.containerNames]), [["a", ["a", "b", "c"]], [
    "a",
    ["a", "b", "c"],
  ]]);
  const wish = { target: made[0]!.spec.targetRef, uid: "u", newImage: "app:1.1.0", tag: "1.1.0" };
  assert.is(
    updateRequestName({ ...wish, containers: ["a", "b"] }),
    updateRequestName({ ...wish, containers: ["b", "a"] }),
  );
  assert.is.not(
    updateRequestName({ ...wish, containers: ["a", "b"] }),
    updateRequestName({ ...wish, containers: ["a"] }),
  );
  const many = Array.from({ length: 100 }, (_, at) => `container-${at}`);
  assert.match(updateRequestName({ ...wish, containers: many }), /-1-1-0-[0-9a-f]{10}$/);
});

/** A request of before, for one container. */
function ofOne(container: string, phase: Phase, more: Partial<UpdateRequest["status"]> = {}): UpdateRequest {
  const one = workloadOf({ name: "web", images: { [container]: "app:1.2.0" } });
  const [want] = runToEnd(proposeUpdates(seen(["1.3.0"]), one.slots.map((slot) => ({ workload: one, slot }))));
  const made: NewUpdateRequest = newRequest(want!, seen(["1.3.0"]), proven!, new Date(0));
  return {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: {
      ...made.metadata,
      uid: `u-${container}`,
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    spec: made.spec,
    status: { phase, ...more },
  };
}
const because = (reason: string) => ({
  conditions: [{ type: "Applied", status: "False", reason, message: "", lastTransitionTime: "" }] as const,
});

const before: [what: string, requests: UpdateRequest[], are: string[]][] = [
  ["each goes on for its own", [ofOne("app", "Pending"), ofOne("migrate", "Approved")], []],
  ["what none is for gets its own", [ofOne("app", "Pending")], ["migrate () app:1.3.0"]],
  ["what a person rejected for one is not offered to both", [ofOne("app", "Rejected")], []],
  ["what gave way to something that has passed is asked for as a whole", [
    ofOne("app", "Superseded", { ...because("PolicyRefuses") } as object),
  ], ["app (app,migrate) app:1.3.0"]],
];
for (const [what, requests, are] of before) {
  s(`requests of before, for one container each: ${what}`, async () => {
    const one = harness([pod]);
    for (const request of requests) one.cache.upsert(request);
    const { updateRequests, created } = await one.accept(seen(["1.3.0"]));
    assert.equal(names(one.store.requests.values()), are);
    assert.is(created, are.length);
    assert.ok(updateRequests.length > 0);
  });
}

const ofBoth = (phase: Phase): UpdateRequest => {
  const one = workloadOf(pod);
  const [want] = runToEnd(proposeUpdates(seen(["1.3.0"]), one.slots.map((slot) => ({ workload: one, slot }))));
  const { metadata, spec } = newRequest(want!, seen(["1.3.0"]), proven!, new Date(0));
  return { ...ofOne("app", phase), metadata: { ...ofOne("app", phase).metadata, ...metadata }, spec };
};

s("of a pod that a person has moved apart, a request that goes on is for what is as it was", async () => {
  const one = harness([{ ...pod, initImages: { migrate: "app:1.2.5" } }]);
  one.cache.upsert({ ...ofBoth("Pending"), spec: { ...ofBoth("Pending").spec, requireApproval: false } });
  assert.is((await one.accept(seen(["1.3.0"]))).created, 1);
  assert.equal(names(one.store.requests.values()), ["migrate () app:1.3.0"]);
});

s("what a Headwind of before moved for the first container alone is still wanted for the other", async () => {
  const history = [{ image: "app:1.3.0", updateRequestUid: "u-app" }];
  const one = harness([{ ...pod, images: { app: "app:1.3.0" }, history }]);
  one.cache.upsert(ofBoth("Completed"));
  assert.is((await one.accept(seen(["1.3.0"]))).created, 1);
  assert.equal(names(one.store.requests.values()), ["migrate () app:1.3.0"]);
});

s("a hold of one container is one of the pod", async () => {
  const one = harness([{ ...pod, held: [{ container: "migrate", image: "app:1.3.0" }] }]);
  assert.is((await one.accept(seen(["1.3.0"]))).created, 0);
});

s("where a schema of before keeps only the first container, the others get requests of their own", async () => {
  const store = requestStore();
  const one = harness([pod], {
    ...store,
    create({ metadata, spec: { containerNames: _, ...spec } }) {
      return store.create({ metadata, spec });
    },
  });
  for (let times = 0; times < 3; times++) {
    assert.is((await one.accept(seen(["1.3.0"]))).created, times === 0 ? 2 : 0);
    assert.equal(names(store.requests.values()), ["app () app:1.3.0", "migrate () app:1.3.0"]);
    if (times > 0) { for (const request of store.requests.values()) one.cache.upsert(request); }
  }
  assert.ok(one.logged.some(({ message }) => /deploy\/crds/.test(message)));
});

s.run();

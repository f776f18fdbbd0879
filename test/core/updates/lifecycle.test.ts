// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Lookup, nextSteps, type Situation, type Step } from "../../../core/updates/lifecycle.ts";
import type { UpdateRequest } from "../../../core/updates/update_request.ts";
import { requestOf, workloadOf } from "./world.ts";

const test = suite("lifecycle");
const now = Date.parse("2026-01-01T12:00:00Z");

function steps(requests: UpdateRequest[], change: Partial<Situation> = {}): Step[] {
  return nextSteps({ requests, workload: workloadOf(), now, lookups: new Map(), ...change });
}

/** `apply`, `look up`, or where it stands: `Pending WaitingForApproval`. */
function told(step: Step | undefined): string {
  if (!step) return "nothing";
  return step.type === "stand" ? `${step.standing.phase} ${step.standing.reason}` : step.type;
}

const single: Record<
  string,
  { request?: Parameters<typeof requestOf>[0]; situation?: Partial<Situation>; is: string }
> = {
  "no approval needed: applied": { is: "apply" },
  "waits for approval": { request: { requireApproval: true }, is: "Pending WaitingForApproval" },
  "waits for approval by default": { request: { requireApproval: undefined }, is: "Pending WaitingForApproval" },
  "an approval is written down first": {
    request: { requireApproval: true, decision: { approved: true, by: "ann" } },
    is: "Approved Approved",
  },
  "approved and written down: applied": {
    request: { requireApproval: true, decision: { approved: true, by: "ann" }, phase: "Approved" },
    is: "apply",
  },
  "rejected": { request: { decision: { approved: false, by: "ann", reason: "no" } }, is: "Rejected Rejected" },
  "expired": { request: { expiresAt: "2026-01-01T11:59:59Z" }, is: "Expired Expired" },
  "not expired yet": { request: { expiresAt: "2026-01-01T12:00:01Z" }, is: "apply" },
  "workload gone": { situation: { workload: "missing" }, is: "Failed TargetNotFound" },
  "unknown kind": { situation: { workload: "unknown kind" }, is: "Failed UnknownKind" },
  "no such container": { request: { container: "nope" }, is: "Failed ContainerNotFound" },
  "by an apiVersion that nobody serves": { request: { apiVersion: "apps/v0" }, is: "Failed UnknownKind" },
  "in another namespace": { request: { targetNamespace: "other" }, is: "Failed OtherNamespace" },
  "an image that is none": { request: { newImage: "App:1" }, is: "Failed InvalidImage" },
  "runs already": { situation: { workload: workloadOf({ image: "app:1.1.0" }) }, is: "Completed Applied" },
  "runs already, though rejected since": {
    request: { decision: { approved: false, by: "ann" } },
    situation: { workload: workloadOf({ image: "app:1.1.0" }) },
    is: "Completed Applied",
  },
  "the workload is newer by now": {
    situation: { workload: workloadOf({ image: "app:1.2.0" }) },
    is: "Superseded Newer",
  },
  "the workload was moved up, but not beyond": {
    situation: { workload: workloadOf({ image: "app:1.0.5" }) },
    is: "apply",
  },
  "a person moved it back": {
    situation: { workload: workloadOf({ image: "app:0.9.0" }) },
    is: "Superseded MovedBack",
  },
  "a person moved it to another repository": {
    situation: { workload: workloadOf({ image: "other/app:1.0.0" }) },
    is: "Superseded Moved",
  },
  "the policy was taken back": {
    situation: { workload: workloadOf({ annotations: { policy: "none" } }) },
    is: "Superseded PolicyRefuses",
  },
  "a person's approval outweighs the policy": {
    request: { decision: { approved: true, by: "ann" }, phase: "Approved" },
    situation: { workload: workloadOf({ annotations: { policy: "none" } }) },
    is: "apply",
  },
  "annotations that cannot be read": {
    situation: { workload: workloadOf({ annotations: { "min-update-interval": "soon" } }) },
    is: "Pending AnnotationsInvalid",
  },
  "written by hand, lower than what runs": {
    request: { sighting: undefined, newImage: "app:0.9.0" },
    is: "Failed Downgrade",
  },
  "written by hand, from what does not run": {
    request: { sighting: undefined, currentImage: "app:0.5.0" },
    is: "Superseded Moved",
  },
  "interval not elapsed": {
    situation: { workload: workloadOf({ annotations: { "last-update": "2026-01-01T11:58:00Z" } }) },
    is: "Pending IntervalNotElapsed",
  },
  "interval elapsed": {
    situation: { workload: workloadOf({ annotations: { "last-update": "2026-01-01T11:55:00Z" } }) },
    is: "apply",
  },
  "a last update far in the future is no update": {
    situation: { workload: workloadOf({ annotations: { "last-update": "2096-01-01T11:55:00Z" } }) },
    is: "apply",
  },
  "a hint is looked up first": { request: { trusted: false }, is: "look up" },
  "a hint that the registry confirmed": { request: { trusted: false, confirmed: true }, is: "apply" },
  "a hint found now": { request: { trusted: false }, situation: { lookups: lookups("found") }, is: "apply" },
  "a hint of what is not there": {
    request: { trusted: false },
    situation: { lookups: lookups("absent") },
    is: "Failed NotInRegistry",
  },
  "a hint while the registry is away": {
    request: { trusted: false },
    situation: { lookups: lookups({ unavailable: "no answer" }) },
    is: "Pending RegistryUnavailable",
  },
};
for (const [name, { request, situation, is }] of Object.entries(single)) {
  test(name, () => assert.is(told(steps([requestOf(request)], situation)[0]), is));
}

function lookups(lookup: Lookup): ReadonlyMap<string, Lookup> {
  return new Map([[requestOf().metadata.uid, lookup]]);
}

test("of two pending versions the older gives way", () => {
  const [a, b] = [requestOf({ name: "a", newImage: "app:1.1.0" }), requestOf({ name: "b", newImage: "app:1.2.0" })];
  assert.equal(steps([b, a]).map(told), ["Superseded Newer", "apply"]);
});

test("a hint that nobody confirmed displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", trusted: false });
  assert.equal(steps([a, b]).map(told), ["apply", "look up"]);
});

test("a rejected version displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", decision: { approved: false, by: "ann" } });
  assert.equal(steps([a, b]).map(told), ["apply", "Rejected Rejected"]);
});

test("what a person approved is not displaced by what nobody approved", () => {
  const decision = { approved: true, by: "ann" };
  const a = requestOf({ name: "a", newImage: "app:1.1.0", requireApproval: true, decision, phase: "Approved" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", requireApproval: true });
  assert.equal(steps([a, b]).map(told), ["apply", "Pending WaitingForApproval"]);
});

const fruitless: Record<string, Parameters<typeof requestOf>[0]> = {
  "of another namespace": { namespace: "other" },
  "by another apiVersion": { apiVersion: "apps/v0" },
  "that expired": { expiresAt: "2026-01-01T11:59:59Z" },
  "that the policy does not take": { newImage: "app:2.0.0" },
  "written from what does not run": { sighting: undefined, currentImage: "app:0.5.0" },
};
for (const [what, changes] of Object.entries(fruitless)) {
  test(`a request ${what} displaces nothing, since it ends without its version`, () => {
    const workload = workloadOf({ annotations: { policy: "minor" } });
    const a = requestOf({ name: "a", newImage: "app:1.1.0" });
    const b = requestOf({ name: "b", newImage: "app:1.2.0", ...changes });
    assert.is(told(steps([a, b], { workload })[0]), "apply");
    assert.match(told(steps([a, b], { workload })[1]), /^(Failed|Expired|Superseded) /);
  });
}

test("a digest that runs already displaces what was seen before it", () => {
  const digest = (letter: string) => `app:latest@sha256:${letter.repeat(64)}`;
  const workload = workloadOf({ image: digest("b"), annotations: { policy: "force" } });
  const a = requestOf({ name: "a", currentImage: "app:latest", newImage: digest("a"), at: "2026-01-01T11:00:00Z" });
  const b = requestOf({ name: "b", currentImage: "app:latest", newImage: digest("b"), at: "2026-01-01T11:00:01Z" });
  assert.equal(steps([a, b], { workload }).map(told), ["Superseded Newer", "Completed Applied"]);
});

test("another container's versions displace nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "proxy:2.1.0", currentImage: "proxy:2.0.0", container: "proxy" });
  assert.equal(steps([a, b]).map(told), ["apply", "apply"]);
});

test("digests of one tag have no order: the later sighting wins", () => {
  const workload = workloadOf({ image: "app:latest", annotations: { policy: "force" } });
  const digest = (letter: string) => `app:latest@sha256:${letter.repeat(64)}`;
  const currentImage = "app:latest";
  const a = requestOf({ name: "a", currentImage, newImage: digest("a"), at: "2026-01-01T11:00:01Z" });
  const b = requestOf({ name: "b", currentImage, newImage: digest("b"), at: "2026-01-01T11:00:00Z" });
  assert.equal(steps([a, b], { workload }).map(told), ["apply", "Superseded Newer"]);
});

test.run();

// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Lookup, Situation } from "../../../core/lifecycle/step.ts";
import { byName, steps, told } from "./lifecycle_harness.ts";
import { growthByFour } from "../../support/growth.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const test = suite("lifecycle");
const hundred = Array.from({ length: 100 }, (_, index) => index);
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
  "an image of another repository": { request: { newImage: "evil:1.1.0" }, is: "Failed OtherRepository" },
  "one that a person approved": {
    request: {
      newImage: "evil/app:1.1.0",
      sighting: undefined,
      requireApproval: true,
      decision: { approved: true, by: "ann" },
    },
    is: "Failed OtherRepository",
  },
  "an image that is none": { request: { newImage: "App:1" }, is: "Failed InvalidImage" },
  "runs already": { situation: { workload: workloadOf({ image: "app:1.1.0" }) }, is: "Completed AlreadyRuns" },
  "runs already, though rejected since": {
    request: { decision: { approved: false, by: "ann" } },
    situation: { workload: workloadOf({ image: "app:1.1.0" }) },
    is: "Completed AlreadyRuns",
  },
  "the workload is newer by now": {
    situation: { workload: workloadOf({ image: "app:1.2.0" }) },
    is: "Superseded Newer",
  },
  "the workload was moved up, but not beyond": {
    situation: { workload: workloadOf({ image: "app:1.0.5" }) },
    is: "apply",
  },
  "a person moved it back": { situation: { workload: workloadOf({ image: "app:0.9.0" }) }, is: "Superseded MovedBack" },
  "a person moved it to another repository": {
    situation: { workload: workloadOf({ image: "other/app:1.0.0" }) },
    is: "Superseded Moved",
  },
  "the policy was taken back": {
    situation: { workload: workloadOf({ annotations: { policy: "none" } }) },
    is: "Superseded PolicyRefuses",
  },
  "what a person sets after an approval is the later word": {
    request: { decision: { approved: true, by: "ann" }, phase: "Approved" },
    situation: { workload: workloadOf({ annotations: { policy: "none" } }) },
    is: "Superseded PolicyRefuses",
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
  "a last update far in the future is waited for as long as one that was just made": {
    situation: { workload: workloadOf({ annotations: { "last-update": "2096-01-01T11:55:00Z" } }) },
    is: "Pending IntervalNotElapsed",
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
  "a hint of a digest that the tag is not at": {
    request: { trusted: false },
    situation: { lookups: lookups({ moved: `sha256:${"b".repeat(64)}` }) },
    is: "Superseded TagMoved",
  },
  "a proven one, where the registry is to say it": { situation: { trust: "registry" }, is: "look up" },
  "a proven one that it confirmed": { request: { confirmed: true }, situation: { trust: "registry" }, is: "apply" },
  "a proven one found now": { situation: { trust: "registry", lookups: lookups("found") }, is: "apply" },
  "a proven one that it does not have yet": {
    request: { at: "2026-01-01T11:51:00Z" },
    situation: { trust: "registry", lookups: lookups("absent") },
    is: "Pending NotInRegistryYet",
  },
  "a proven one that it does not have for ten minutes": {
    request: { at: "2026-01-01T11:50:00Z" },
    situation: { trust: "registry", lookups: lookups("absent") },
    is: "Failed NotInRegistry",
  },
  "a proven one of a digest that the tag is not at yet": {
    request: { at: "2026-01-01T11:59:46Z" },
    situation: { trust: "registry", lookups: lookups({ moved: `sha256:${"b".repeat(64)}` }) },
    is: "Pending NotInRegistryYet",
  },
  "a proven one of a digest that the tag is not at": {
    request: { at: "2026-01-01T11:59:45Z" },
    situation: { trust: "registry", lookups: lookups({ moved: `sha256:${"b".repeat(64)}` }) },
    is: "Superseded TagMoved",
  },
  "a proven one while the registry is away": {
    situation: { trust: "registry", lookups: lookups({ unavailable: "no answer" }) },
    is: "Pending RegistryUnavailable",
  },
  "a proven one that was approved while the registry is away": {
    request: { decision: { approved: true, by: "ann" }, phase: "Approved" },
    situation: { trust: "registry", lookups: lookups({ unavailable: "no answer" }) },
    is: "Approved RegistryUnavailable",
  },
  "one that was approved before the registry had it": {
    request: { decision: { approved: true, by: "ann" }, phase: "Approved", at: "2026-01-01T11:59:00Z" },
    situation: { trust: "registry", lookups: lookups("absent") },
    is: "Approved NotInRegistryYet",
  },
  "what a poll found is the registry's own word": {
    request: { via: "polling" },
    situation: { trust: "registry", workload: workloadOf({ annotations: { "event-source": "both" } }) },
    is: "apply",
  },
  "what a person wrote by hand": { request: { sighting: undefined }, situation: { trust: "registry" }, is: "apply" },
};
for (const [name, { request, situation, is }] of Object.entries(single)) {
  test(name, () => assert.is(told(steps([requestOf(request)], situation)[0]), is));
}

function lookups(lookup: Lookup): ReadonlyMap<string, Lookup> {
  return new Map([[requestOf().metadata.uid, lookup]]);
}

test("of two pending versions the older gives way", () => {
  const [a, b] = [requestOf({ name: "a", newImage: "app:1.1.0" }), requestOf({ name: "b", newImage: "app:1.2.0" })];
  assert.equal(byName([b, a]), ["Superseded Newer", "apply"]);
});

test("what is to be done comes before what is to be written down, and waiting last", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0" });
  const c = requestOf({
    name: "c",
    container: "proxy",
    currentImage: "proxy:2.0.0",
    newImage: "proxy:2.1.0",
    requireApproval: true,
  });
  assert.equal(steps([c, a, b]).map(told), ["apply", "Superseded Newer", "Pending WaitingForApproval"]);
});

test("a hint that nobody confirmed displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", trusted: false });
  assert.equal(byName([a, b]), ["apply", "look up"]);
});

test("a newer version that is about to be confirmed spares the workload the older one", () => {
  const at = "2026-01-01T11:59:55Z";
  const a = requestOf({ name: "a", newImage: "app:1.1.0", at });
  const b = requestOf({ name: "b", newImage: "app:1.2.0" });
  const said = (a: Lookup, b?: Lookup) => new Map([["uid-a", a], ...(b ? [["uid-b", b] as const] : [])]);
  const told = (...of: Parameters<typeof said>) => byName([a, b], { trust: "registry", lookups: said(...of) });
  assert.equal(told("found"), ["await", "look up"]);
  assert.equal(told("found", "asked"), ["await", "await"]);
  assert.equal(told("found", "found"), ["Superseded Newer", "apply"]);
  assert.equal(told("found", { unavailable: "no answer" }), ["apply", "Pending RegistryUnavailable"]);
  assert.equal(told("asked", "found"), ["Superseded Newer", "apply"]);
  const old = requestOf({ name: "a", newImage: "app:1.1.0", at: "2026-01-01T11:59:50Z" });
  assert.equal(
    byName([old, b], { trust: "registry", lookups: said("found") }),
    ["apply", "look up"],
    "but not for long",
  );
});

test("a rejected version displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", decision: { approved: false, by: "ann" } });
  assert.equal(byName([a, b]), ["apply", "Rejected Rejected"]);
});

test("what a person approved is not displaced by what nobody approved", () => {
  const decision = { approved: true, by: "ann" };
  const a = requestOf({ name: "a", newImage: "app:1.1.0", requireApproval: true, decision, phase: "Approved" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", requireApproval: true });
  assert.equal(byName([a, b]), ["apply", "Pending WaitingForApproval"]);
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
    const [first, second] = byName([a, b], { workload });
    assert.is(first, "apply");
    assert.match(second!, /^(Failed|Expired|Superseded) /);
  });
}

test("a digest that runs already displaces what was seen before it", () => {
  const digest = (letter: string) => `app:latest@sha256:${letter.repeat(64)}`;
  const workload = workloadOf({ image: digest("b"), annotations: { policy: "force" } });
  const a = requestOf({ name: "a", currentImage: "app:latest", newImage: digest("a"), at: "2026-01-01T11:00:00Z" });
  const b = requestOf({ name: "b", currentImage: "app:latest", newImage: digest("b"), at: "2026-01-01T11:00:01Z" });
  assert.equal(byName([a, b], { workload }), ["Superseded Newer", "Completed AlreadyRuns"]);
});

test("another container's versions displace nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "proxy:2.1.0", currentImage: "proxy:2.0.0", container: "proxy" });
  assert.equal(byName([a, b]), ["apply", "apply"]);
});

test("of thousands that wait, a hundred of each container, each is looked at beside its container's alone", () => {
  const grown = growthByFour(50, (count) => {
    const containers = Array.from({ length: count }, (_, index) => index);
    const images = Object.fromEntries(containers.map((of) => [`c${of}`, `app${of}:1.0.0`]));
    const requests = containers.flatMap((of) =>
      hundred.map((at) => {
        const [currentImage, newImage] = [`app${of}:1.0.0`, `app${of}:1.${at + 1}.0`];
        return requestOf({ name: `r-${of}-${at}`, container: `c${of}`, currentImage, newImage });
      })
    );
    const workload = workloadOf({ images });
    return () => assert.is(steps(requests, { workload, trust: "registry" }).length, 100 * count);
  });
  assert.ok(grown < 6, `four times as many containers cost ${grown} times as much`);
});

test("digests of one tag have no order: the later sighting wins", () => {
  const workload = workloadOf({ image: "app:latest", annotations: { policy: "force" } });
  const digest = (letter: string) => `app:latest@sha256:${letter.repeat(64)}`;
  const currentImage = "app:latest";
  const a = requestOf({ name: "a", currentImage, newImage: digest("a"), at: "2026-01-01T11:00:01Z" });
  const b = requestOf({ name: "b", currentImage, newImage: digest("b"), at: "2026-01-01T11:00:00Z" });
  assert.equal(byName([a, b], { workload }), ["apply", "Superseded Newer"]);
});

test.run();

// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Lookup, Situation } from "../../../core/lifecycle/step.ts";
import { byName, found, holding, ofHistory, steps, told } from "./lifecycle_harness.ts";
import { growthByFour } from "../../support/growth.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("lifecycle");
const hundred = Array.from({ length: 100 }, (_, index) => index);
const yes = { approved: true, by: "ann" };
const no = { approved: false, by: "ann" };
const approved: RequestChanges = { decision: yes, phase: "Approved" };
const moved: Lookup = { moved: `sha256:${"b".repeat(64)}` };
const away: Lookup = { unavailable: "no answer" };
const runs = (image: string) => ({ workload: workloadOf({ image }) });
const annotated = (annotations: Record<string, string>) => ({ workload: workloadOf({ annotations }) });
const lookups = (lookup: Lookup) => ({ lookups: new Map([[requestOf().metadata.uid, lookup]]) });
/** Where the registry is to confirm all, and has answered so. */
const registry = (lookup?: Lookup): Partial<Situation> => ({ trust: "registry", ...(lookup ? lookups(lookup) : {}) });
const at = (time: string) => `2026-01-01T${time}Z`;

const single: Record<string, [is: string, request?: RequestChanges, situation?: Partial<Situation>]> = {
  "no approval needed: applied": ["apply"],
  "waits for approval": ["Pending WaitingForApproval", { requireApproval: true }],
  "an approval is written down first": ["Approved Approved", { requireApproval: true, decision: yes }],
  "approved and written down: applied": ["apply", { requireApproval: true, decision: yes, phase: "Approved" }],
  "rejected": ["Rejected Rejected", { decision: { approved: false, by: "ann", reason: "no" } }],
  "expired": ["Expired Expired", { expiresAt: at("11:59:59") }],
  "not expired yet": ["apply", { expiresAt: at("12:00:01") }],
  "workload gone": ["Failed TargetNotFound", {}, { workload: "missing" }],
  "unknown kind": ["Failed UnknownKind", {}, { workload: "unknown kind" }],
  "no such container": ["Failed ContainerNotFound", { container: "nope" }],
  "by an apiVersion that nobody serves": ["Failed UnknownKind", { apiVersion: "apps/v0" }],
  "in another namespace": ["Failed OtherNamespace", { targetNamespace: "other" }],
  "an image of another repository": ["Failed OtherRepository", { newImage: "evil:1.1.0" }],
  "one that a person approved": ["Failed OtherRepository", {
    newImage: "evil/app:1.1.0",
    sighting: undefined,
    requireApproval: true,
    decision: yes,
  }],
  "an image that is none": ["Failed InvalidImage", { newImage: "App:1" }],
  "runs already": ["Completed AlreadyRuns", {}, runs("app:1.1.0")],
  "runs already, though rejected since": ["Completed AlreadyRuns", { decision: no }, runs("app:1.1.0")],
  "the workload is newer by now": ["Superseded Newer", {}, runs("app:1.2.0")],
  "the policy was taken back": ["Superseded PolicyRefuses", {}, annotated({ policy: "none" })],
  "what a person sets after an approval is the later word": [
    "Superseded PolicyRefuses",
    approved,
    annotated({ policy: "none" }),
  ],
  "annotations that cannot be read": ["Pending AnnotationsInvalid", {}, annotated({ "min-update-interval": "soon" })],
  "written by hand, lower than what runs": ["Failed Downgrade", { sighting: undefined, newImage: "app:0.9.0" }],
  "interval not elapsed": ["Pending IntervalNotElapsed", {}, annotated({ "last-update": at("11:58:00") })],
  "a hint is looked up first": ["look up", { trusted: false }],
  "a hint that the registry confirmed": ["apply", { trusted: false, confirmed: true }],
  "a hint found now": ["apply", { trusted: false }, lookups("found")],
  "a hint of what is not there": ["Failed NotInRegistry", { trusted: false }, lookups("absent")],
  "a hint while the registry is away": ["Pending RegistryUnavailable", { trusted: false }, lookups(away)],
  "a hint of a digest that the tag is not at": ["Superseded TagMoved", { trusted: false }, lookups(moved)],
  "a proven one, where the registry is to say it": ["look up", {}, registry()],
  "a proven one that it confirmed": ["apply", { confirmed: true }, registry()],
  "a proven one found now": ["apply", {}, registry("found")],
  "a proven one that it does not have yet": ["Pending NotInRegistryYet", { at: at("11:51:00") }, registry("absent")],
  "a proven one that it does not have for ten minutes": [
    "Failed NotInRegistry",
    { at: at("11:50:00") },
    registry("absent"),
  ],
  "a proven one of a digest that the tag is not at yet": [
    "Pending NotInRegistryYet",
    { at: at("11:59:46") },
    registry(moved),
  ],
  "a proven one of a digest that the tag is not at": ["Superseded TagMoved", { at: at("11:59:45") }, registry(moved)],
  "a proven one while the registry is away": ["Pending RegistryUnavailable", {}, registry(away)],
  "a proven one that was approved while the registry is away": [
    "Approved RegistryUnavailable",
    approved,
    registry(away),
  ],
  "one that was approved before the registry had it": ["Approved NotInRegistryYet", {
    ...approved,
    at: at("11:59:00"),
  }, registry("absent")],
  "what a poll found is the registry's own word": ["apply", { via: "polling" }, {
    trust: "registry",
    workload: workloadOf({ annotations: { "event-source": "both" } }),
  }],
  // once a version was applied, left or held
  "runs, since it was applied: its health is read": ["read health", { appliedAt: at("11:59:00") }, runs("app:1.1.0")],
  "applied, and on its way": ["Verifying PodsNotUpdated", { appliedAt: at("11:59:00") }, {
    ...runs("app:1.1.0"),
    readings: found("progressing"),
  }],
  "applied, and not healthy in time": ["Failed NotHealthyInTime", { appliedAt: at("11:55:00") }, {
    ...runs("app:1.1.0"),
    readings: found("progressing"),
  }],
  "not healthy in time, with auto-rollback": ["roll back", {}, {
    workload: ofHistory("app:1.1.0", { updateRequestUid: "uid-a", timestamp: at("11:55:00") }, {
      "auto-rollback": "true",
    }),
    readings: found("progressing"),
  }],
  "rolled back": ["RolledBack RolledBack", { appliedAt: at("11:55:00"), phase: "Verifying" }, {
    workload: ofHistory("app:1.0.0", {
      previousImage: "app:1.1.0",
      rollback: { of: "app:1.1.0", by: "headwind", reason: "it crashed" },
    }),
  }],
  "left by a person before it was verified": ["hold", { appliedAt: at("11:55:00"), phase: "Verifying" }],
  "left by a person when it was done": ["hold", { appliedAt: at("11:00:00"), phase: "Completed" }],
  "done, and still there": ["nothing", { appliedAt: at("11:00:00"), phase: "Completed" }, runs("app:1.1.0")],
  "held": ["Held VersionHeld", {}, { workload: holding("app:1.1.0") }],
  "another one is held": ["apply", {}, { workload: holding("app:1.0.9") }],
  "held, and let go": ["apply", { phase: "Held" }, { workload: holding("app:1.1.0", { resumedAt: at("11:30:00") }) }],
  "what a person wrote by hand": ["apply", { sighting: undefined }, registry()],
};
for (const [name, [is, request, situation]] of Object.entries(single)) {
  s(name, () => assert.is(told(steps([requestOf(request)], situation)[0]), is));
}

s("of two pending versions the older gives way", () => {
  const [a, b] = [requestOf({ name: "a", newImage: "app:1.1.0" }), requestOf({ name: "b", newImage: "app:1.2.0" })];
  assert.equal(byName([b, a]), ["Superseded Newer", "apply"]);
});

s("what is to be done comes before what is to be written down, and waiting last", () => {
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

s("a hint that nobody confirmed displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", trusted: false });
  assert.equal(byName([a, b]), ["apply", "look up"]);
});

s("a newer version that is about to be confirmed spares the workload the older one", () => {
  const at = "2026-01-01T11:59:55Z";
  const a = requestOf({ name: "a", newImage: "app:1.1.0", at });
  const b = requestOf({ name: "b", newImage: "app:1.2.0" });
  const said = (a: Lookup, b?: Lookup) => new Map([["uid-a", a], ...(b ? [["uid-b", b] as const] : [])]);
  const told = (...of: Parameters<typeof said>) => byName([a, b], { trust: "registry", lookups: said(...of) });
  assert.equal(told("found"), ["await", "look up"]);
  assert.equal(told("found", "asked"), ["await", "await"]);
  assert.equal(told("found", "found"), ["Superseded Newer", "apply"]);
  assert.equal(told("found", away), ["apply", "Pending RegistryUnavailable"]);
  assert.equal(told("asked", "found"), ["Superseded Newer", "apply"]);
  const old = requestOf({ name: "a", newImage: "app:1.1.0", at: "2026-01-01T11:59:50Z" });
  assert.equal(
    byName([old, b], { trust: "registry", lookups: said("found") }),
    ["apply", "look up"],
    "but not for long",
  );
});

s("a rejected version displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", decision: no });
  assert.equal(byName([a, b]), ["apply", "Rejected Rejected"]);
});

s("what a person approved is not displaced by what nobody approved", () => {
  const decision = yes;
  const a = requestOf({ name: "a", newImage: "app:1.1.0", requireApproval: true, decision, phase: "Approved" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0", requireApproval: true });
  assert.equal(byName([a, b]), ["apply", "Pending WaitingForApproval"]);
});

const fruitless: Record<string, RequestChanges> = {
  "of another namespace": { namespace: "other" },
  "by another apiVersion": { apiVersion: "apps/v0" },
  "that expired": { expiresAt: "2026-01-01T11:59:59Z" },
  "that the policy does not take": { newImage: "app:2.0.0" },
  "written from what does not run": { sighting: undefined, currentImage: "app:0.5.0" },
};
for (const [what, changes] of Object.entries(fruitless)) {
  s(`a request ${what} displaces nothing, since it ends without its version`, () => {
    const workload = workloadOf({ annotations: { policy: "minor" } });
    const a = requestOf({ name: "a", newImage: "app:1.1.0" });
    const b = requestOf({ name: "b", newImage: "app:1.2.0", ...changes });
    const [first, second] = byName([a, b], { workload });
    assert.is(first, "apply");
    assert.match(second!, /^(Failed|Expired|Superseded) /);
  });
}

s("a digest that runs already displaces what was seen before it", () => {
  const digest = (letter: string) => `app:latest@sha256:${letter.repeat(64)}`;
  const workload = workloadOf({ image: digest("b"), annotations: { policy: "force" } });
  const a = requestOf({ name: "a", currentImage: "app:latest", newImage: digest("a"), at: "2026-01-01T11:00:00Z" });
  const b = requestOf({ name: "b", currentImage: "app:latest", newImage: digest("b"), at: "2026-01-01T11:00:01Z" });
  assert.equal(byName([a, b], { workload }), ["Superseded Newer", "Completed AlreadyRuns"]);
});

s("another container's versions displace nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "proxy:2.1.0", currentImage: "proxy:2.0.0", container: "proxy" });
  assert.equal(byName([a, b]), ["apply", "apply"]);
});

s("of thousands that wait, a hundred of each container, each is looked at beside its container's alone", () => {
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

s("digests of one tag have no order: the later sighting wins", () => {
  const workload = workloadOf({ image: "app:latest", annotations: { policy: "force" } });
  const digest = (letter: string) => `app:latest@sha256:${letter.repeat(64)}`;
  const currentImage = "app:latest";
  const a = requestOf({ name: "a", currentImage, newImage: digest("a"), at: "2026-01-01T11:00:01Z" });
  const b = requestOf({ name: "b", currentImage, newImage: digest("b"), at: "2026-01-01T11:00:00Z" });
  assert.equal(byName([a, b], { workload }), ["apply", "Superseded Newer"]);
});

s("what a person left is held before the next version hides it", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0", appliedAt: "2026-01-01T11:00:00Z", phase: "Completed" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0" });
  const [first, ...others] = steps([a, b]).map(told);
  assert.is(first, "hold");
  assert.not(others.includes("apply"));
});

s("one change at a time: another waits until the one before is verified", () => {
  const workload = workloadOf({ image: "app:1.1.0" });
  const a = requestOf({ name: "a", newImage: "app:1.1.0", appliedAt: "2026-01-01T11:59:00Z" });
  const newer = requestOf({ name: "b", newImage: "app:1.2.0", currentImage: "app:1.1.0" });
  const other = requestOf({ name: "c", container: "proxy", currentImage: "proxy:2.0.0", newImage: "proxy:2.1.0" });
  const decision = yes;
  const approved = { ...other, spec: { ...other.spec, decision }, status: { phase: "Approved" as const } };
  const readings = found("progressing");
  for (
    const [next, statuses] of [
      [newer, "Pending Verifying"],
      [other, "Pending Verifying"],
      [approved, "Approved Verifying"],
    ] as const
  ) {
    assert.equal(byName([a, next], { workload }), ["read health", statuses]);
    assert.equal(byName([a, next], { workload, readings }), ["Verifying PodsNotUpdated", statuses]);
  }
});

s("a version that is held displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0" });
  assert.equal(byName([a, b], { workload: holding("app:1.2.0") }), ["apply", "Held VersionHeld"]);
});

s.run();

// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { byName, steps } from "./lifecycle_harness.ts";
import { judgeVersion, obsoleteStatus } from "../../../core/lifecycle/obsolete.ts";
import { type ReleaseChanges, releaseOf } from "../../support/build/helm_release.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import type { UpdateRequest, UpdateRequestSpec } from "../../../core/requests/update_request.ts";

const s = suite("lifecycle of charts");

type Change = RequestChanges & { updateType?: UpdateRequestSpec["updateType"] };

/** A request of the HelmRelease `default/web` for `podinfo:6.4.0`. */
function request({ updateType = "helmChart", ...change }: Change = {}): UpdateRequest {
  const chart = { container: "chart", currentImage: "podinfo:6.3.0", newImage: "podinfo:6.4.0" };
  const one = requestOf({ ...chart, apiVersion: "helm.toolkit.fluxcd.io/v2", ...change });
  return { ...one, spec: { ...one.spec, updateType, targetRef: { ...one.spec.targetRef, kind: "HelmRelease" } } };
}
const told = (change: Change = {}, changes: ReleaseChanges = {}) =>
  byName([request(change)], { workload: releaseOf(changes) })[0];

const values = { image: { repository: "team/app", tag: "1.0.0" } };
const ofValues = { values, annotations: { "values-images": "image.repository:image.tag" } };
const inValues = {
  container: "values.image",
  currentImage: "team/app:1.0.0",
  newImage: "team/app:1.1.0",
  updateType: "image",
} as const;
const cases: Record<string, [is: string, change?: Change, changes?: ReleaseChanges]> = {
  "a higher version": ["apply"],
  "with build metadata": ["apply", { newImage: "podinfo:6.4.0+b" }],
  "by an OCIRepository": ["apply", {}, { oci: { ref: { tag: "6.3.0" } } }],
  "an image in the values": ["apply", inValues, ofValues],
  "runs already": ["Completed AlreadyRuns", {}, { version: "6.4.0" }],
  "a version of another chart": ["Failed InvalidImage", { newImage: "nginx:6.4.0" }],
  "of a chart whose name starts alike": ["Failed InvalidImage", { newImage: "podinfo-extra:6.4.0" }],
  "an image for a chart": ["Failed InvalidImage", { newImage: `podinfo:6.4.0@sha256:${"a".repeat(64)}` }],
  "what is no version": ["Failed InvalidImage", { newImage: "podinfo:newest" }],
  "of another image in the values": ["Failed InvalidImage", { ...inValues, newImage: "other/app:1.1.0" }, ofValues],
  "updateType image for a chart": ["Failed OtherType", { updateType: "image" }],
  "updateType helmChart for an image": ["Failed OtherType", { ...inValues, updateType: "helmChart" }, ofValues],
  "no such slot": ["Failed ContainerNotFound", { container: "app" }],
  "the HelmRepository is not there": ["Pending SourceNotFound", {}, { url: null }],
  "its URL is none": ["Pending InvalidChartSource", {}, { url: "oci://Reg.example/Charts" }],
  "not there, and approved": ["Approved SourceNotFound", { decision: { approved: true, by: "ann" } }, { url: null }],
  "not there, and rejected": ["Rejected Rejected", { decision: { approved: false, by: "ann" } }, { url: null }],
  "the OCIRepository is pinned, so that there is no slot": [
    "Pending PinnedToDigest",
    {},
    { oci: { ref: { digest: "sha256:0" } } },
  ],
  "a lower one": ["Failed Downgrade", { newImage: "podinfo:6.2.9" }],
  "a lower one by a pre-release": ["Failed Downgrade", { newImage: "podinfo:6.3.0-alpine" }],
  "the release is newer by now": ["Superseded Newer", {}, { version: "6.5.0" }],
  "a person moved it back": ["Superseded MovedBack", {}, { version: "6.2.0" }],
  "the same version otherwise written": ["Superseded PolicyRefuses", { newImage: "podinfo:v6.3.0" }],
  "the policy is narrower now": ["Superseded PolicyRefuses", {}, { annotations: { policy: "patch" } }],
};
for (const [name, [is, change, changes]] of Object.entries(cases)) {
  s(`${name}: ${is}`, () => assert.is(told(change, changes), is));
}

const major = { annotations: { policy: "major" } };
const ofRange = (version: string, more: Change = {}): Change => ({
  currentImage: "podinfo:^6.1",
  newImage: `podinfo:${version}`,
  ...more,
});
const released = { version: "^6.1", status: { history: [{ chartVersion: "6.4.0" }] } };
const byHand: Change = { sighting: undefined };
const ranges: Record<string, [is: string, change: Change, changes: ReleaseChanges]> = {
  "a range above": ["apply", ofRange("^7.2"), { ...major, version: "^6.1" }],
  "a range below": ["Failed Downgrade", ofRange("^5.1"), { ...major, version: "^6.1" }],
  "a range, though the policy is no more major": ["Superseded PolicyRefuses", ofRange("^7.2"), { version: "^6.1" }],
  "a person pinned the version in between": ["Superseded Moved", ofRange("^7.2"), { ...major, version: "6.3.0" }],
  "a person wrote a range in between": [
    "Superseded Moved",
    { newImage: "podinfo:7.2.0" },
    { ...major, version: "^6.3" },
  ],
  "by hand, a version in the place of a range": ["apply", ofRange("6.5.0", byHand), released],
  "by hand, a lower version than what a range statuses for now": [
    "Failed Downgrade",
    ofRange("6.3.0", byHand),
    released,
  ],
  "by hand, where no version was written": [
    "apply",
    { sighting: undefined, currentImage: "podinfo:*", newImage: "podinfo:6.3.0" },
    { version: null },
  ],
};
for (const [name, [is, change, changes]] of Object.entries(ranges)) {
  s(`${name}: ${is}`, () => assert.is(told(change, changes), is));
}

s("while it waits, the message is that of the note", () => {
  const [step] = steps([request()], { workload: releaseOf({ url: null }) });
  assert.ok(step?.type === "write status");
  assert.is(step.statusUpdate.message, "HelmRepository default/charts does not exist");
});

s("an untrusted one is looked up first", () => {
  assert.is(told({ trusted: false }), "look up");
  const lookups = new Map([["uid-a", "absent" as const]]);
  assert.is(byName([request({ trusted: false })], { workload: releaseOf(), lookups })[0], "Failed NotInRegistry");
});

s("the higher of two goes first, by Semantic Versioning", () => {
  const two = [request(), request({ name: "b", newImage: "podinfo:6.4.0-alpine", at: "2026-01-01T11:30:00Z" })];
  assert.equal(byName(two, { workload: releaseOf({ annotations: { policy: "all" } }) }), ["apply", "Superseded Newer"]);
});

s("a rollback needs a version of the chart that the slot has now", () => {
  const last = {
    container: "chart",
    image: "podinfo:6.3.0",
    previousImage: "old-name:1.0.0",
    timestamp: "2026-01-01T11:59:00Z",
    updateRequestUid: "uid-a",
  };
  const workload = releaseOf({
    annotations: { "update-history": JSON.stringify([last]), "auto-rollback": "true", "rollback-timeout": "1" },
  });
  const readings = new Map([["uid-a", { state: "progressing" as const, reason: "X", message: "not yet" }]]);
  const one = request({ newImage: "podinfo:6.3.0", currentImage: "old-name:1.0.0", phase: "Verifying" });
  assert.equal(byName([one], { workload, readings }), ["Failed NoRollbackTarget"]);
});

s("of a range the policy is asked about its lowest", () => {
  const workload = releaseOf({ ...major, version: "^6.1" });
  const slot = workload.slots[0]!;
  assert.is(judgeVersion(workload.settings!, slot, "podinfo:^7.2").wanted?.tag, "^7.2");
  assert.is(judgeVersion(workload.settings!, slot, "podinfo:^6.2").wanted, undefined);
  assert.is(obsoleteStatus(request(ofRange("^7.2")), workload, [slot]), undefined);
});

s.run();

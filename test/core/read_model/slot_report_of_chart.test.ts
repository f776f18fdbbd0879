import * as assert from "uvu/assert";
import { suite } from "uvu";
import type { VersionReport } from "../../../core/read_model/version_report.ts";
import { plain } from "../../../ui/kubectl/print.ts";
import type { RegistryAnswer } from "../../../core/read_model/registry_versions.ts";
import { describeGates, reportSlot, type SlotReport } from "../../../core/read_model/slot_report.ts";
import { whyText } from "../../../ui/kubectl/why_text.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { advise, ago, holdOf, now, type RequestChanges, requestOf } from "../../ui/kubectl/objects.ts";
import { releaseOf } from "../../ui/kubectl/releases.ts";

const s = suite("why a chart's version is taken or not");

const charts = (...versions: (string | { tag: string; deprecated: true })[]): RegistryAnswer => ({
  versions: versions.map((version) => typeof version === "string" ? { tag: version } : version),
  warnings: [],
});
const tell = (workload: Workload, registry?: RegistryAnswer, requests: UpdateRequest[] = []): SlotReport =>
  reportSlot({ workload, slot: workload.slots[0]!, requests, registry, advise, now });
const reportVersions = (...input: Parameters<typeof tell>): Record<string, VersionReport> =>
  Object.fromEntries(tell(...input).versions.map((fate) => [fate.version, fate]));
const rulesOf = (...input: Parameters<typeof tell>) =>
  Object.values(reportVersions(...input)).map(({ version, state, rule }) => `${version} ${state} ${rule}`);
/** A request of `shop/podinfo` from 6.3.0. */
const wants = (version: string, changes: RequestChanges = {}) =>
  requestOf(version, {
    name: "podinfo-chart",
    ...changes,
    spec: {
      targetRef: { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", namespace: "shop", name: "podinfo" },
      updateType: "helmChart",
      containerName: "chart",
      currentImage: "podinfo:6.3.0",
      newImage: `podinfo:${version}`,
    },
  });
const text = (workload: Workload, registry?: RegistryAnswer): string[] => {
  const stories = workload.slots.map((slot) => reportSlot({ workload, slot, requests: [], registry, advise, now }));
  return whyText({ workload, gates: describeGates(workload), stories, all: false }, { wide: false, paint: plain, now })
    .split("\n");
};

s("by the rules of charts: a suffix is a pre-release, a v is nothing, what is deprecated is left", () => {
  const all = charts("6.3.0", "6.4.0", { tag: "6.6.0", deprecated: true }, "6.5.0-alpine", "v6.5.0", "7.0.0", "latest");
  assert.equal(rulesOf(releaseOf(), all), [
    "7.0.0 filtered beyond-policy",
    "6.6.0 filtered deprecated",
    "v6.5.0 unseen NotPolledYet",
    "6.5.0-alpine filtered prerelease",
    "6.4.0 filtered superseded-by-better",
    "6.3.0 runs same",
    "latest filtered not-a-version",
  ]);
});

s("build metadata makes another version of the same order", () => {
  const fates = reportVersions(releaseOf({ version: "6.3.0+1" }), charts("6.3.0+1", "6.4.0+2"), [
    wants("6.4.0+2", { phase: "Pending", reason: "WaitingForApproval", message: "waits" }),
  ]);
  assert.equal([fates["6.4.0+2"]!.state, fates["6.4.0+2"]!.updateRequest], ["waits", "podinfo-chart"]);
  assert.is(fates["6.3.0+1"]!.state, "runs");
});

s("headwind.sh/images is about images, not about the chart", () => {
  const workload = releaseOf({ annotations: { images: "other" } });
  assert.is(tell(workload, charts("6.4.0")).nothing, undefined);
  assert.is(reportVersions(workload, charts("6.4.0"))["6.4.0"]!.state, "unseen");
});

s("a hold of a chart's version", () => {
  const held = [holdOf(undefined, { container: "chart", image: "podinfo:6.4.0+1" })];
  assert.equal(rulesOf(releaseOf({ held }), charts("6.4.0+1")), ["6.4.0+1 held VersionHeld", "6.3.0 runs same"]);
});

s("what a registry has under a tag that is no chart is left, and the one that is taken is said to be one", () => {
  const answer: RegistryAnswer = {
    versions: ["6.5.0", "6.4.0"].map((tag) => ({ tag })),
    noCharts: ["6.5.0"],
    chart: "6.4.0",
    warnings: [],
  };
  const fates = reportVersions(releaseOf({ url: "oci://registry.example/charts" }), answer);
  assert.equal([fates["6.5.0"]!.state, fates["6.5.0"]!.rule], ["filtered", "not-a-chart"]);
  assert.is(
    fates["6.4.0"]!.why,
    "6.4.0 is higher than 6.3.0, and policy minor takes it; it is a chart, and the next poll or webhook offers it",
  );
});

s("a range: Flux moves within it, and policy major makes the next one", () => {
  const range = { version: "6.x", released: "6.3.0" };
  const versions = charts("6.2.0", "6.3.0", "6.4.0", "7.0.0", "7.2.0");
  const minor = releaseOf(range);
  const story = tell(minor, versions);
  assert.equal(story.range, { written: "6.x", resolved: "6.3.0", major: { range: "7.x", version: "7.2.0" } });
  assert.equal(story.versions.map(({ version, state, why }) => [version, state, why]), [
    ["6.3.0", "runs", "6.3.0 is what the range 6.x stands for now"],
  ]);
  assert.equal(text(minor, versions).slice(1), [
    "the version of its chart is a range, 6.x, within which Flux moves by itself; only policy major offers a new range",
    "",
    "chart runs podinfo:6.x (6.3.0 now) from https://charts.example.com/stable",
    "policy major would make of it 7.x, which takes in 7.2.0",
    "VERSION   STATE   WHY",
    "6.3.0     runs    6.3.0 is what the range 6.x stands for now",
  ]);
  assert.is(text(minor, charts("6.2.0", "6.3.0"))[4], "policy major would make of it nothing else now");

  const major = releaseOf({ ...range, annotations: { policy: "major" } });
  assert.equal(rulesOf(major, versions), [
    "7.2.0 unseen NotPolledYet",
    "7.0.0 filtered superseded-by-better",
    "6.4.0 filtered within-range",
    "6.3.0 runs same",
    "6.2.0 filtered within-range",
  ]);
  assert.match(
    reportVersions(major, versions)["7.2.0"]!.why,
    /^7\.2\.0 is above the range 6\.x: a new range takes it in, 7\.x,/,
  );
  assert.not.ok(text(major, versions).some((line) => line.startsWith("policy major would")));
});

s("the request for a new range is that of the version that makes it; without a registry it stands for itself", () => {
  const major = releaseOf({ version: "6.x", released: "6.3.0", annotations: { policy: "major" } });
  const pending = wants("7.x", { phase: "Pending", reason: "WaitingForApproval", message: "waits" });
  const asked = tell(major, charts("6.3.0", "7.2.0"), [pending]).versions;
  assert.equal(asked.map(({ version, state, updateRequest }) => [version, state, updateRequest]), [
    ["7.2.0", "waits", "podinfo-chart"],
    ["6.3.0", "runs", undefined],
  ]);
  const unasked = tell(major, { unreachable: "no answer.", warnings: [] }, [pending]).versions;
  assert.equal(unasked.map(({ version, state }) => [version, state]), [["7.x", "waits"], ["6.3.0", "runs"]]);
  const completed = wants("6.x", { phase: "Completed", reason: "Verified", appliedAt: ago(60) });
  assert.equal(rulesOf(major, charts("6.3.0"), [completed]), ["6.3.0 runs same"]);
});

s("the version of an OCIRepository has a piece of its digest behind it", () => {
  const major = releaseOf({ version: "6.x", released: "6.3.0+0123456789ab", annotations: { policy: "major" } });
  assert.equal(rulesOf(major, charts("6.3.0")), ["6.3.0 runs same"]);
});

s("where nothing is taken, that is said, and notes are told before it", () => {
  const gone = releaseOf({ url: null });
  assert.equal(text(gone).slice(1), [
    "HelmRepository shop/stable does not exist",
    "",
    "chart runs podinfo:6.3.0",
    "where the chart comes from is not known, so nothing tells which versions there are",
  ]);
  assert.match(tell(releaseOf({ annotations: { policy: "force" } })).nothing!, /which no chart's version has$/);
  const unreachable = text(releaseOf(), { unreachable: "no answer.", warnings: [] });
  assert.ok(unreachable.includes("the chart repository cannot be asked from here: no answer."), unreachable.join("\n"));
});

s("images in its values are told of as images", () => {
  const workload = releaseOf({
    annotations: { "values-images": "image.repository:image.tag" },
    values: { image: { repository: "registry.example/podinfo", tag: "6.3.0" } },
  });
  const lines = text(workload, charts("6.3.0"));
  assert.ok(lines.includes("image values.image runs registry.example/podinfo:6.3.0"), lines.join("\n"));
});

s.run();

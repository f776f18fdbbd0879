// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import type { FoundObject, ObjectReference, SlotReading } from "../../../core/plugin.ts";
import { readSlots } from "../../../core/workloads/slots.ts";

const s = suite("HelmReleases");

type Objects = Record<string, FoundObject>;
const object = (spec: unknown): FoundObject => ({ object: { metadata: { generation: 1 }, spec } });

/** Objects by `Kind namespace/name`. */
function read(spec: unknown, objects: Objects = {}, annotations: Record<string, string> = {}, status?: unknown) {
  const asked: string[] = [];
  const find = ({ apiVersion, kind, namespace, name }: ObjectReference): FoundObject => {
    assert.is(apiVersion, "source.toolkit.fluxcd.io/v1");
    const key = `${kind} ${namespace}/${name}`;
    asked.push(key);
    return objects[key] ?? { missing: true };
  };
  const release = { metadata: { namespace: "shop", name: "web", annotations }, spec, status };
  const reading: SlotReading = helmrelease.slots!(release, find);
  return { ...reading, notes: reading.notes ?? [], slot: reading.slots[0], asked, whole: { release, find } };
}
const sourceRef = { kind: "HelmRepository", name: "charts" };
const chart = (change: object = {}) => ({
  chart: { spec: { chart: "podinfo", version: "6.3.0", sourceRef, ...change } },
});
const stable = { "HelmRepository shop/charts": object({ url: "https://charts.example.com/stable" }) };
const told = ({ notes }: { notes: { type: string; reason: string }[] }) =>
  notes.map(({ type, reason }) => `${type} ${reason}`);

s("a chart of a HelmRepository", () => {
  const { slots, notes, carrier } = read(chart(), stable);
  assert.equal(slots, [{
    name: "chart",
    type: "chart",
    init: false,
    current: "podinfo:6.3.0",
    pointer: "/spec/chart/spec/version",
    prefix: "podinfo:",
    guards: [{ pointer: "/spec/chart/spec/chart", value: "podinfo" }],
    source: { url: "https://charts.example.com/stable", namespace: "shop" },
  }]);
  assert.equal([notes, carrier], [[], undefined]);
});

s("its source has logins, certificates and flags from the repository's own namespace", () => {
  const spec = {
    type: "oci",
    url: "oci://reg.example/charts",
    secretRef: { name: "login" },
    certSecretRef: { name: "tls" },
    passCredentials: true,
    insecure: true,
  };
  const other = { ...sourceRef, namespace: "infra" };
  const { slot, asked } = read(chart({ sourceRef: other }), { "HelmRepository infra/charts": object(spec) });
  assert.equal(slot?.source, {
    url: "oci://reg.example/charts",
    namespace: "infra",
    secret: "login",
    certSecret: "tls",
    passCredentials: true,
    insecure: true,
  });
  assert.equal(asked, ["HelmRepository infra/charts"]);
});

const byRef = { chartRef: { kind: "OCIRepository", name: "podinfo" } };
const oci = (ref: unknown, url: unknown = "oci://reg.example/charts/podinfo"): Objects => ({
  "OCIRepository shop/podinfo": object({ url, ...(ref ? { ref } : {}) }),
});
const forbidden = { problem: "helmrepositories of shop may not be read", passing: false };
const fromGit = chart({ chart: "./charts/podinfo", sourceRef: { kind: "GitRepository", name: "repo" } });
const fromBucket = chart({ sourceRef: { kind: "Bucket", name: "b" } });
const byChart = { chartRef: { kind: "HelmChart", name: "x" } };
/** what keeps it from being followed: objects, the reason of the Warning, its message, whether the slot is there */
// deno-fmt-ignore
const troubles: [what: string, spec: unknown, objects: Objects, note: string, message: RegExp, isThere: boolean][] = [
  ["no repository", chart(), {}, "SourceNotFound", /^HelmRepository shop\/charts does not exist$/, true],
  ["forbidden", chart(), { "HelmRepository shop/charts": forbidden }, "SourceUnreadable", /may not be read$/, true],
  ["no URL", chart(), { "HelmRepository shop/charts": object({}) }, "InvalidChartSource", /no URL$/, true],
  ["a GitRepository", fromGit, {}, "SourceKindUnsupported", /GitRepository/, true],
  ["a Bucket", fromBucket, {}, "SourceKindUnsupported", /Bucket/, true],
  ["no chart", {}, {}, "ChartNotNamed", /names no chart$/, false],
  ["a HelmChart", byChart, {}, "SourceKindUnsupported", /names a HelmChart/, false],
  ["no OCIRepository", byRef, {}, "SourceNotFound", /^OCIRepository shop\/podinfo does not exist$/, false],
  ["pinned to a digest", byRef, oci({ digest: "sha256:0", tag: "6.3.0" }), "PinnedToDigest", /digest/, false],
  ["no ref", byRef, oci(undefined), "VersionNotNamed", /neither/, false],
  ["an empty ref", byRef, oci({}), "VersionNotNamed", /neither/, false],
  ["a tag that is no version", byRef, oci({ tag: "latest" }), "VersionNotNamed", /latest, is no version$/, false],
  ["a URL of no chart", byRef, oci({ tag: "1.0.0" }, "oci://reg.example"), "InvalidChartSource", /no chart$/, false],
];
for (const [what, spec, objects, note, message, isThere] of troubles) {
  s(`${what}: ${note}`, () => {
    const reading = read(spec, objects);
    assert.equal(told(reading), [`Warning ${note}`]);
    assert.match(reading.notes[0]!.message, message);
    assert.not.match(reading.notes[0]!.message, /\.$/);
    assert.is(reading.slots.length, isThere ? 1 : 0);
    assert.is(reading.slot?.source, undefined);
  });
}

s("what only is not listed yet need not be told", () => {
  const notYet = { "HelmRepository shop/charts": { problem: "not listed yet", passing: true } };
  assert.is(read(chart(), notYet).notes[0]?.passing, true);
});

s("a chart by chartRef stands in the OCIRepository", () => {
  const { slot, carrier, notes } = read(byRef, oci({ tag: "6.3.0" }));
  assert.equal(carrier, {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "OCIRepository",
    namespace: "shop",
    name: "podinfo",
  });
  assert.equal(slot, {
    name: "chart",
    type: "chart",
    init: false,
    current: "podinfo:6.3.0",
    pointer: "/spec/ref/tag",
    prefix: "podinfo:",
    asTag: true,
    guards: [{ pointer: "/spec/url", value: "oci://reg.example/charts/podinfo" }],
    source: { url: "oci://reg.example/charts", namespace: "shop" },
  });
  assert.equal(notes, []);
});

s("by semver, which goes before a tag, and from another namespace", () => {
  const one = read(byRef, oci({ tag: "6.3.0", semver: "6.4.0" }));
  assert.equal([one.slot?.current, one.slot?.pointer, one.slot?.asTag], [
    "podinfo:6.4.0",
    "/spec/ref/semver",
    undefined,
  ]);
  const other = { chartRef: { ...byRef.chartRef, namespace: "infra" } };
  const two = read(other, {
    "OCIRepository infra/podinfo": object({ url: "oci://r.example/podinfo/", ref: { tag: "v1.2.3_4" } }),
  });
  assert.equal([two.slot?.current, two.slot?.source], [
    "podinfo:v1.2.3+4",
    { url: "oci://r.example", namespace: "infra" },
  ]);
  assert.is(two.carrier?.namespace, "infra");
  const empty = read({ chartRef: { ...byRef.chartRef, namespace: "" } }, oci({ tag: "6.3.0" }));
  assert.equal(empty.asked, ["OCIRepository shop/podinfo"], "an empty namespace is its own");
});

s("without a version it is any", () => {
  for (const version of [undefined, ""]) {
    const { slot } = read(chart({ version }), stable);
    assert.equal([slot?.current, slot?.unwritten], ["podinfo:*", true]);
  }
  assert.is(read(chart({ version: "*" }), stable).slot?.unwritten, undefined);
});

s("of a range it is said by core how it is followed", () => {
  const notesOf = ({ whole }: ReturnType<typeof read>) => readSlots(helmrelease, whole.release, whole.find).notes ?? [];
  const status = { history: [{ chartVersion: "6.4.0" }, { chartVersion: "6.3.0" }], lastAttemptedRevision: "6.5.0" };
  for (const version of ["^6.1", "6.x", "6", ">=6.0.0 <7.0.0", "*", "1.0.0-0 || 2.x"]) {
    const reading = read(chart({ version }), stable, { "headwind.sh/policy": "minor" }, status);
    const [{ slot }, notes] = [reading, notesOf(reading)];
    assert.is(slot?.resolved, "6.4.0", version);
    assert.equal(told({ notes }), ["Normal VersionIsRange"], version);
    assert.match(notes[0]!.message, "only policy major offers a new range");
  }
  const major = read(chart({ version: "^6.1" }), stable, { "headwind.sh/policy": " Major" });
  assert.match(notesOf(major)[0]!.message, "a new range is offered");
  assert.is(major.slot?.resolved, undefined, "nothing is installed yet");
  assert.equal(notesOf(read(chart({ version: "^6.1" }), stable, { "headwind.sh/policy": "none" })), []);
  const attempted = { lastAttemptedRevision: "6.5.0+abc" };
  assert.is(read(byRef, oci({ semver: "^6" }), {}, attempted).slot?.resolved, "6.5.0+abc");
  for (const version of ["6.3.0", "v6.3.0", "6.3.0-rc.1", "6.3.0+b"]) {
    const reading = read(chart({ version }), stable, {}, status);
    assert.equal([reading.slot?.resolved, notesOf(reading)], [undefined, []], version);
  }
});

s("what makes no name of a repository comes from nowhere, which core says", () => {
  const bad = { "HelmRepository shop/charts": object({ url: "oci://ann:secret@reg.example/charts" }) };
  const { whole } = read(chart(), bad);
  const { slots, notes } = readSlots(helmrelease, whole.release, whole.find);
  assert.equal([slots[0]!.source, notes?.[0]?.reason], [undefined, "InvalidChartSource"]);
  assert.not.match(notes![0]!.message, "secret@");
});

s.run();

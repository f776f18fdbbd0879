import { suite } from "uvu";
import * as assert from "uvu/assert";
import { applyPatch, holdPatch, rollbackPatch, verifiedPatch } from "../../../core/lifecycle/patch.ts";
import type { PatchOperation } from "../../../core/kube/client.ts";
import { patched } from "../../support/json_patch.ts";
import { type ReleaseChanges, releaseObjects, releaseOf } from "../../support/build/helm_release.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("JSON patch of a chart's version");
const now = new Date("2026-01-01T12:00:00Z");

function applied(changes: ReleaseChanges, newImage: string, name = "chart") {
  const workload = releaseOf(changes);
  const slot = workload.slots.find((slot) => slot.name === name)!;
  const operations = applyPatch(
    requestOf({ container: name, currentImage: slot.current, newImage }),
    workload,
    [slot],
    now,
  );
  return { workload, slot, operations };
}
const tests = (operations: PatchOperation[]) =>
  operations.filter(({ op }) => op === "test").map(({ path, value }) => [path, value]);
const written = (operations: PatchOperation[]) =>
  operations.filter(({ op, path }) => op !== "test" && !path.startsWith("/metadata"));
const slash = (name: string) => `/metadata/annotations/headwind.sh~1${name}`;

s("tests uid, chart, version and policy, and replaces the version", () => {
  const { operations } = applied({}, "podinfo:6.4.0+b");
  assert.equal(tests(operations), [
    ["/metadata/uid", "uid-web"],
    ["/spec/chart/spec/chart", "podinfo"],
    ["/spec/chart/spec/version", "6.3.0"],
    [slash("update-history"), null],
    [slash("held"), null],
    [slash("policy"), "minor"],
    [slash("pattern"), null],
    [slash("require-approval"), "false"],
    ...["min-update-interval", "images", "event-source"].map((name) => [slash(name), null]),
  ]);
  assert.equal(written(operations), [{ op: "replace", path: "/spec/chart/spec/version", value: "6.4.0+b" }]);
  const object = patched(releaseObjects().release as unknown as { spec: object }, operations)!;
  assert.equal(object.spec, {
    chart: { spec: { chart: "podinfo", sourceRef: { kind: "HelmRepository", name: "charts" }, version: "6.4.0+b" } },
  });
});

s("a version that is not written is tested to be absent, and added", () => {
  const { operations } = applied({ version: null }, "podinfo:6.4.0");
  assert.equal(tests(operations)[2], ["/spec/chart/spec/version", null]);
  assert.equal(written(operations), [{ op: "add", path: "/spec/chart/spec/version", value: "6.4.0" }]);
  const { release } = releaseObjects({ version: null });
  assert.ok(patched(release, operations), "it holds for an object without");
  assert.is(
    patched(releaseObjects({ version: "6.3.0" }).release, operations),
    undefined,
    "a person wrote one in between",
  );
});

s("nothing is written where a person changed the chart or the version in between", () => {
  const { operations } = applied({}, "podinfo:6.4.0");
  for (const changes of [{ version: "6.3.1" }, { chart: "other" }, { annotations: { policy: "none" } }]) {
    assert.is(patched(releaseObjects(changes).release, operations), undefined, JSON.stringify(changes));
  }
});

s("an image in the values is written without what stands elsewhere", () => {
  const values = { main: { images: [{ registry: "reg.example:5000", name: "team/app", tag: "1.0.0" }] } };
  const annotations = { "values-images": "main.images[0].registry/main.images[0].name:main.images[0].tag" };
  const { operations, slot } = applied(
    { values, annotations },
    "reg.example:5000/team/app:1.1.0",
    "values.main.images.0",
  );
  assert.is(slot.current, "reg.example:5000/team/app:1.0.0");
  const at = "/spec/values/main/images/0";
  assert.equal(tests(operations).slice(1, 5), [
    [slash("values-images"), annotations["values-images"]],
    [`${at}/registry`, "reg.example:5000"],
    [`${at}/name`, "team/app"],
    [`${at}/tag`, "1.0.0"],
  ]);
  assert.equal(written(operations), [{ op: "replace", path: `${at}/tag`, value: "1.1.0" }]);
  const { release: object } = releaseObjects({ values, annotations });
  const after = patched(object, operations) as unknown as { spec: { values: typeof values } };
  assert.equal(after.spec.values.main.images[0]!, { registry: "reg.example:5000", name: "team/app", tag: "1.1.0" });
  for (const named of ["other.name:other.tag", ""]) {
    const { release } = releaseObjects({ values, annotations: { "values-images": named } });
    assert.is(patched(release, operations), undefined, "a person let it go in between");
  }
});

s("by chartRef the OCIRepository is patched, without a test of the policy that it does not have", () => {
  const { operations } = applied({ oci: { ref: { tag: "6.3.0" } } }, "podinfo:6.4.0");
  assert.equal(tests(operations), [
    ["/metadata/uid", "uid-charts"],
    ["/spec/url", "oci://reg.example/charts/podinfo"],
    ["/spec/ref/tag", "6.3.0"],
    ["/metadata/annotations", null],
  ]);
  assert.equal(written(operations), [{ op: "replace", path: "/spec/ref/tag", value: "6.4.0" }]);
  const { source } = releaseObjects({ oci: { ref: { tag: "6.3.0" } } });
  assert.ok(patched(source, operations));
});

s("the annotations of the OCIRepository are tested, not those of the release", () => {
  const oci = { ref: { semver: "^6.1" } };
  const ociAnnotations = { "headwind.sh/update-history": "[]", other: "x" };
  const { operations, workload } = applied({ oci, ociAnnotations, annotations: { held: "[1]" } }, "podinfo:^7.2");
  assert.is(workload.annotations.history, "[]");
  assert.equal(tests(operations).slice(2), [
    ["/spec/ref/semver", "^6.1"],
    [slash("update-history"), "[]"],
    [slash("held"), null],
  ]);
  assert.equal(written(operations), [{ op: "replace", path: "/spec/ref/semver", value: "^7.2" }]);
});

s("a tag has `_` where the version has `+`, to test and to write", () => {
  const oci = { ref: { tag: "6.3.0_b.1" } };
  const { operations, slot } = applied({ oci }, "podinfo:6.4.0+b.2");
  assert.is(slot.current, "podinfo:6.3.0+b.1");
  assert.equal(tests(operations)[2], ["/spec/ref/tag", "6.3.0_b.1"]);
  assert.equal(written(operations), [{ op: "replace", path: "/spec/ref/tag", value: "6.4.0_b.2" }]);
  assert.ok(patched(releaseObjects({ oci }).source, operations));
  const semver = applied({ oci: { ref: { semver: "6.3.0+b.1" } } }, "podinfo:6.4.0+b.2").operations;
  assert.equal(written(semver), [{ op: "replace", path: "/spec/ref/semver", value: "6.4.0+b.2" }]);
});

s("rollback, hold and verification go the same way", () => {
  const workload = releaseOf({ oci: { ref: { tag: "6.4.0_b" } }, ociAnnotations: {} });
  const slot = workload.slots[0]!;
  const rollback = { by: "headwind", reason: "it failed" };
  const back = rollbackPatch({ workload, moves: [{ slot, image: "podinfo:6.3.0+a" }], rollback, now });
  assert.equal(written(back), [{ op: "replace", path: "/spec/ref/tag", value: "6.3.0_a" }]);
  const hold = { container: "chart", image: "podinfo:6.4.0+b", at: now.toISOString(), by: "ann", reason: "no" };
  for (const operations of [back, holdPatch(workload, [slot], [hold]), verifiedPatch(workload, [slot])]) {
    assert.equal(tests(operations).slice(0, 3), [
      ["/metadata/uid", "uid-charts"],
      ["/spec/url", "oci://reg.example/charts/podinfo"],
      ["/spec/ref/tag", "6.4.0_b"],
    ]);
  }
});

s("what is no version of the slot's chart is never cut into pieces", () => {
  const workload = releaseOf({});
  const rollback = { by: "headwind", reason: "it failed" };
  const given = { workload, moves: [{ slot: workload.slots[0]!, image: "a-chart-of-before:1.0.0" }], rollback, now };
  assert.throws(() => rollbackPatch(given), "a-chart-of-before:1.0.0 is no version of podinfo");
});

s.run();

// runs on: deno, node
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import {
  boundAnnotations,
  MAX_LENGTH,
  MAX_UNKNOWN,
  MAX_WRITTEN_LENGTH,
} from "../../../core/workloads/annotation_bounds.ts";
import { isKnownAnnotation } from "../../../core/workloads/unknown_annotations.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { projectWorkload, trimRelated, trimWorkload } from "../../../core/workloads/project.ts";
import type { WorkloadObject } from "../../../core/workloads/workload.ts";
import { readHistory, withEntries, withVerified } from "../../../core/requests/history.ts";
import { readHolds, withHold } from "../../../core/requests/holds.ts";

const s = suite("bounds of annotations");

const object = (annotations: Record<string, string>): WorkloadObject => ({
  metadata: { namespace: "shop", name: "web", uid: "u", resourceVersion: "1", annotations },
  ...{ spec: { template: { spec: { containers: [{ name: "app", image: "app:1" }] } } } },
});
const read = (annotations: Record<string, string>) =>
  projectWorkload(deployment, object({ "headwind.sh/policy": "glob", "headwind.sh/pattern": "*", ...annotations }), {
    pollingInterval: 300,
  });
const long = "x".repeat(250_000);

for (const name of ["policy", "pattern", "images", "min-update-interval", "soak", "allow-from", "last-update"]) {
  s(`a ${name} of 250,000 characters leaves the workload alone, and says so`, () => {
    const { settings, mistakes, warnings, annotations } = read({ [`headwind.sh/${name}`]: long });
    assert.is(settings, undefined);
    assert.equal(mistakes.map(({ message }) => message), [
      `headwind.sh/${name} has 250000 characters, more than ${MAX_LENGTH}: it is not read`,
    ]);
    assert.equal(warnings, []);
    assert.ok(JSON.stringify(annotations).length < 1000);
  });
}

s("one of just as many characters as are read is read", () => {
  assert.match(read({ "headwind.sh/images": "a".repeat(MAX_LENGTH) }).mistakes[0]!.message, "names of images");
  assert.match(read({ "headwind.sh/images": "a".repeat(MAX_LENGTH + 1) }).mistakes[0]!.message, "more than 4096");
});

s("at most 100 images are named", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `app-${index}`).join();
  assert.is(read({ "headwind.sh/images": names(100) }).settings?.images.length, 100);
  assert.match(read({ "headwind.sh/images": names(101) }).mistakes[0]!.message, "at most 100 names are wanted");
});

s("of a pattern that changes two thousand times nothing is kept: a heap of 150 MB is enough", () => {
  const churn = fileURLToPath(new URL("./annotation_churn.ts", import.meta.url));
  const heap = "--max-old-space-size=150";
  const args = "Deno" in globalThis ? ["run", "--quiet", `--v8-flags=${heap}`] : ["--no-warnings", heap];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, churn], { encoding: "utf8" });
  assert.is(status, 0, stderr);
  assert.is(stdout.trim(), "2000 patterns, 500 MB");
});

s("of thousands of unknown names twenty are told, and how many more there are", () => {
  const many = Object.fromEntries(Array.from({ length: 9700 }, (_, index) => [`headwind.sh/x${index}`, "1"]));
  const { settings, warnings } = read(many);
  assert.is(settings?.policy.name, "glob", "the rest is obeyed");
  assert.is(warnings.length, MAX_UNKNOWN + 1);
  assert.is(warnings.at(-1)!.message, `and ${9700 - MAX_UNKNOWN} more that Headwind does not know`);
  assert.is(read({ "headwind.sh/polcy": "x" }).warnings.length, 1);
});

s("what is kept of a release is small, whatever stands in its annotations, and reads the same", () => {
  const annotations = {
    "headwind.sh/policy": "minor",
    "headwind.sh/values-images": long,
    "headwind.sh/unknown": long,
    "other.example.com/x": long,
    ...Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`headwind.sh/x${index}`, "1"])),
  };
  const whole = { ...object(annotations), spec: { values: { a: { b: long } } } } as WorkloadObject;
  const kept = trimWorkload(helmrelease, whole);
  assert.ok(JSON.stringify(kept).length < 3000, `${JSON.stringify(kept).length} characters`);
  const [one, two] = [kept, whole].map((object) => projectWorkload(helmrelease, object, { pollingInterval: 300 }));
  assert.equal(one, two);
});

s("what is kept of an object that releases refer to is small", () => {
  const { metadata } = object({
    "headwind.sh/allow-from": long,
    "headwind.sh/update-history": long,
    "headwind.sh/x": long,
    "other.example.com/x": long,
  });
  const spec = { url: `https://${long}`, secretRef: { name: long }, ref: { tag: long, other: { deep: 1 } } };
  const related = helmrelease.related!.map(({ keep }) => trimRelated(keep, { metadata, spec } as never));
  for (const one of related) {
    assert.ok(JSON.stringify(one).length < 12_000, `${JSON.stringify(one).length} characters`);
    assert.equal(one.metadata.annotations, { "headwind.sh/allow-from": "", "headwind.sh/update-history": "" });
  }
});

s("a history or a hold on an OCIRepository that is too long to be read leaves the release alone", () => {
  const { metadata } = object({ "headwind.sh/held": long });
  const spec = { url: "oci://reg.example/charts/podinfo", ref: { tag: "1.0.0" } };
  const resource = helmrelease.related![1]!;
  const carrier = trimRelated(resource.keep, { metadata, spec } as never);
  const release = {
    metadata: { ...metadata, annotations: { "headwind.sh/policy": "minor" } },
    spec: { chartRef: { kind: "OCIRepository", name: "web" } },
  };
  const { settings, mistakes } = projectWorkload(helmrelease, release, { pollingInterval: 300 }, {
    find: () => ({ object: carrier }),
    kindOf: () => resource.resource,
  });
  assert.is(settings, undefined);
  assert.match(mistakes[0]!.message, /^OCIRepository shop\/web: headwind.sh\/held has 250000 characters/);
});

s("whatever is written, no more than the bounds is kept, and what is within them is as it was", () => {
  const name = fc.oneof(
    fc.constantFrom("policy", "update-history", "held", "pattern").map((name) => `headwind.sh/${name}`),
    fc.integer({ max: 60 }).map((index) => `headwind.sh/unknown-${index}`),
    fc.constant("other"),
  );
  const value = fc.tuple(fc.constantFrom("a", "\n"), fc.constantFrom(0, 1, 4096, 4097, 65_536, 65_537))
    .map(([letter, count]) => letter.repeat(count));
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 60, noNullPrototype: true }), (annotations) => {
      const { annotations: kept, omitted: beyond } = boundAnnotations(annotations, isKnownAnnotation);
      const own = Object.entries(kept).filter(([name]) => name.startsWith("headwind.sh/"));
      assert.ok(own.filter(([name]) => !isKnownAnnotation(name)).length <= MAX_UNKNOWN);
      for (const [name, value] of own) {
        const most = ["update-history", "held"].some((one) => name.endsWith(one))
          ? MAX_WRITTEN_LENGTH.held
          : MAX_LENGTH;
        assert.ok(value.length <= most);
        assert.ok(value === annotations[name] || (value === "" && annotations[name]!.length > most));
      }
      if (!beyond) assert.is(kept, annotations);
    }),
    { seed: 5, numRuns: 500 },
  );
});

s("what Headwind writes is never longer than what it reads, and keeps the last change of each container", () => {
  let history: string | undefined;
  for (let index = 0; index < 1000; index++) {
    const container = `c${index % 40}`;
    const image = `reg.example/${"x".repeat(180)}:${index}@sha256:${"0".repeat(64)}`;
    const timestamp = new Date(index * 1000).toISOString();
    history = withEntries(history, [{ container, image, previousImage: image, timestamp }]);
    history = withVerified(history, [container]);
    assert.ok(history.length <= MAX_WRITTEN_LENGTH.history, `${history.length} characters`);
    assert.equal([readHistory(history)[0]!.container, readHistory(history)[0]!.verified], [container, true]);
  }
  assert.is(new Set(readHistory(history).map(({ container }) => container)).size, 40);
});

s("of holds those go first that a person has let go", () => {
  let held: string | undefined;
  const hold = (index: number, resumed: boolean) => {
    const at = new Date(index * 1000).toISOString();
    const one = { container: `c${index % 30}`, image: `app:${index}`, at, by: "ann", reason: "r".repeat(1000) };
    held = withHold(held, { ...one, ...(resumed ? { resumedAt: at, resumedBy: "ann" } : {}) });
    assert.ok(held.length <= MAX_WRITTEN_LENGTH.held);
  };
  for (let index = 0; index < 40; index++) hold(index, true);
  for (let index = 40; index < 80; index++) hold(index, false);
  const standing = readHolds(held).filter(({ resumedAt }) => resumedAt === undefined);
  assert.is(standing.length, 40);
});

s.run();

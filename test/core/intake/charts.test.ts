import { runToEnd } from "../../../core/lib/time_slices.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { harness, hint, poller, proven, seen } from "./intake_harness.ts";
import { type ReleaseChanges, releaseOf } from "../../support/build/helm_release.ts";
import { RegistryError } from "../../../core/registry/registry_error.ts";
import type { Sighting } from "../../../core/plugin.ts";
import { proposeUpdates } from "../../../core/intake/proposed_updates.ts";
import type { WorkloadChanges } from "../../support/build/workload.ts";

const s = suite("sightings of charts");
const repository = "reg.example/charts/podinfo";
const both = { "event-source": "both" };

function harnessOf(releases: ReleaseChanges[], workloads: WorkloadChanges[] = []) {
  const one = harness(workloads);
  for (const [at, changes] of releases.entries()) {
    one.index.set(releaseOf({ name: `r${at}`, ...changes, annotations: { ...both, ...changes.annotations } }));
  }
  return one;
}
const chart = (versions: string[], change: Partial<Sighting> = {}) =>
  seen(versions, { artifact: { type: "chart", repository }, ...change });
const polled = (versions: string[]) => chart(versions, { via: "polling", complete: true, intervals: [300] });
const image = (versions: string[], change: Partial<Sighting> = {}) =>
  seen(versions, { artifact: { type: "image", repository }, ...change });

s("a chart that was pushed is asked about, and wanted", async () => {
  const one = harnessOf([{}, { name: "other", version: "6.4.0" }, {
    name: "elsewhere",
    url: "oci://reg.example/more",
  }]);
  one.answer = async (_use, version) => version;
  const result = await one.accept(chart(["6.4.0"]), hint);
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0" });
  assert.equal(one.asked, ["default/r0 6.4.0"]);
  assert.equal([result.matched, result.created], [2, 1]);
  const [{ spec, metadata }] = [...one.store.requests.values()] as [
    (typeof one.store.requests extends Map<string, infer R> ? R : never),
  ];
  assert.equal([spec.updateType, spec.containerName, spec.currentImage, spec.policy], [
    "helmChart",
    "chart",
    "podinfo:6.3.0",
    "minor",
  ]);
  assert.equal([spec.targetRef.apiVersion, spec.targetRef.kind], ["helm.toolkit.fluxcd.io/v2", "HelmRelease"]);
  assert.is(metadata.ownerReferences?.[0]?.kind, "HelmRelease");
});

s("a tag's `_` is the version's `+`", async () => {
  const one = harnessOf([{}]);
  one.answer = async (_use, version) => version;
  await one.accept(chart(["6.4.0_b.4"]));
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0+b.4" });
  assert.equal(one.asked, ["default/r0 6.4.0+b.4"]);
});

s("one name for one version, however often and by whatever way it is told of", async () => {
  const one = harnessOf([{}]);
  one.answer = async (_use, version) => version;
  await one.accept(chart(["6.4.0_b"]), proven);
  await one.accept(polled(["6.3.0", "6.4.0+b"]), poller);
  await one.accept(image(["6.4.0_b"]), hint);
  assert.is(one.store.requests.size, 1);
});

s("what a webhook calls an image may be a chart: it is asked about", async () => {
  const one = harnessOf([{}]);
  one.answer = async (_use, version) => version;
  await one.accept(image(["6.4.0"]), proven);
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0" });
  assert.equal(one.asked, ["default/r0 6.4.0"]);
});

s("a poll does not ask again for a while about what is no chart; a webhook does", async () => {
  const one = harnessOf([{ annotations: { "require-approval": "true" } }]);
  one.answer = async (_use, version) => version === "6.9.0" ? undefined : version;
  await one.accept(polled(["6.3.0", "6.4.0", "6.9.0"]), poller);
  await one.accept(polled(["6.3.0", "6.4.0", "6.5.0", "6.9.0"]), poller);
  assert.equal(one.asked, ["default/r0 6.9.0", "default/r0 6.4.0", "default/r0 6.5.0"]);
  one.answer = async (_use, version) => version;
  await one.accept(chart(["6.9.0"]), proven);
  assert.is(one.asked.at(-1), "default/r0 6.9.0");
  assert.ok(Object.values(one.wanted()).includes("podinfo:6.9.0"));
});

s("of a list without charts a hundred are asked about at most", async () => {
  const one = harnessOf([{}]);
  one.answer = async () => undefined;
  await one.accept(polled(Array.from({ length: 300 }, (_, minor) => `6.${minor}.0`)), poller);
  assert.equal([one.asked.length, one.asked[0]], [100, "default/r0 6.299.0"]);
  assert.equal(one.wanted(), {});
});

s("what is no chart is left, and the next best is taken", async () => {
  const one = harnessOf([{}]);
  one.answer = async (_use, version) => version === "6.4.0+b" ? version : undefined;
  await one.accept(polled(["6.3.0", "6.4.0+b", "6.5.0", "6.6.0", "6.7.0_x", "latest"]), poller);
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0+b" });
  assert.equal(one.asked, ["default/r0 6.7.0+x", "default/r0 6.6.0", "default/r0 6.5.0", "default/r0 6.4.0+b"]);
});

s("where nothing of it is a chart nothing is wanted, and a poll does not wait for it to be shown", async () => {
  const one = harnessOf([{}]);
  one.answer = async () => undefined;
  const versions = Array.from({ length: 50 }, (_, at) => `6.4.${at}`);
  await one.accept(polled(versions), poller);
  assert.equal(one.wanted(), {});
  assert.is(one.asked.length, 50, "each once: a poll's tags are shown already");
});

s("what a webhook told of may be shown a moment later", async () => {
  const one = harnessOf([{}]);
  let times = 0;
  one.answer = async (_use, version) => ++times > 2 ? version : undefined;
  await one.accept(chart(["6.4.0"]));
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0" });
});

for (const kind of ["unreachable", "rate-limited", "unauthorized", "garbage"] as const) {
  s(
    `a registry that does not say whether it is a chart (${kind}): it is stored, and waits until it says so`,
    async () => {
      const one = harnessOf([{}]);
      one.answer = () => Promise.reject(new RegistryError(kind, "reg.example", "reg.example is away."));
      await one.accept(chart(["6.4.0"]));
      assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0" });
      const [request] = one.store.requests.values();
      assert.is(request!.spec.sighting!.trusted, false);
    },
  );
}

s("to a poll it is told, and nothing is stored: the next poll asks again", async () => {
  const one = harnessOf([{}]);
  one.answer = () => Promise.reject(new RegistryError("unreachable", "reg.example", "reg.example is away."));
  const error = await one.accept(polled(["6.4.0"]), poller).then(() => undefined, (error: unknown) => error);
  assert.instance(error, RegistryError);
  assert.equal(one.wanted(), {});
});

s("a login that is refused keeps nobody else waiting, nor the sender", async () => {
  const one = harnessOf([{ namespace: "a", secret: "bad" }, { namespace: "b", secret: "good" }]);
  one.answer = async ({ slot }, version) => {
    if (slot.source!.secret === "bad") throw new RegistryError("unauthorized", "reg.example", "no.");
    return version;
  };
  await one.accept(chart(["6.4.0"]));
  const trusted = [...one.store.requests.values()].map(({ metadata, spec }) =>
    `${metadata.namespace} ${spec.newImage} ${spec.sighting!.trusted}`
  );
  assert.equal(trusted.sort(), ["a podinfo:6.4.0 false", "b podinfo:6.4.0 true"]);
});

s("it is asked once for all releases with the same source, and not at all for what is stored", async () => {
  const one = harnessOf([{}, {}, {}]);
  one.answer = async (_use, version) => version;
  await one.accept(chart(["6.4.0"]));
  assert.is(one.asked.length, 1);
  assert.is(one.store.requests.size, 3);
  for (const request of one.store.requests.values()) one.cache.upsert(request);
  await one.accept(chart(["6.4.0"]));
  assert.is(one.asked.length, 1);
});

s("what the index of a Helm repository names need not be asked about", async () => {
  const one = harnessOf([{ url: "https://charts.example.com/stable/" }]);
  const artifact = { type: "chart", repository: "https://charts.example.com/stable/podinfo" } as const;
  await one.accept({ ...polled(["6.3.0", "6.4.0+1"]), artifact }, poller);
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0+1" });
  assert.equal(one.asked, []);
});

s("deprecated versions come with their mark", async () => {
  const one = harnessOf([{ url: "https://charts.example.com/stable" }]);
  const artifact = { type: "chart", repository: "https://charts.example.com/stable/podinfo" } as const;
  const versions = [{ tag: "6.4.0" }, { tag: "6.5.0", deprecated: true as const }];
  await one.accept({ ...polled([]), artifact, versions }, poller);
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0" });
});

const sameName: WorkloadChanges = { images: { app: `${repository}:6.3.0` }, annotations: both };
s("a sighting of a chart never reaches an image, and the poll of an image never a chart", async () => {
  const one = harnessOf([{}], [sameName]);
  one.answer = async (_use, version) => version;
  await one.accept(chart(["6.4.0"]), hint);
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.4.0" });
  const two = harnessOf([{}], [sameName]);
  await two.accept(image(["6.4.0"], { via: "polling", complete: true }), poller);
  assert.equal(two.wanted(), { "default/w0/app": `${repository}:6.4.0` });
  assert.equal(two.asked, [], "no chart is asked about");
});

s("a webhook that calls it an image reaches both, each by its own rules", () => {
  const one = harnessOf([{}], [sameName]);
  const wants = runToEnd(proposeUpdates(image(["6.4.0_b", "6.5.0-alpine"]), one.index.slotsOf(repository)));
  assert.equal(wants.map(({ slotRef, candidate }) => `${slotRef.slot.type} ${candidate.tag}`), ["chart 6.4.0+b"]);
});

s("a chart called nginx is nobody's image", async () => {
  const one = harnessOf([{ chart: "nginx", version: "1.0.0" }], [{
    images: { app: "nginx:1.0.0" },
    annotations: both,
  }]);
  one.answer = async (_use, version) => version;
  const hub = { type: "image", repository: "docker.io/library/nginx" } as const;
  await one.accept(seen(["1.1.0"], { artifact: hub }));
  assert.equal(one.wanted(), { "default/w0/app": "nginx:1.1.0" });
  await one.accept(seen(["1.2.0"], { artifact: { type: "chart", repository: "reg.example/charts/nginx" } }));
  assert.is(one.wanted()["default/r0/chart"], "nginx:1.2.0");
});

s("a range moves by major alone, and only where the new one has something in it", async () => {
  const major = { annotations: { policy: "major" } };
  const one = harnessOf([{ version: "^6.1", ...major }, { version: "^6.1" }]);
  one.answer = async () => "7.2.3";
  await one.accept(polled(["6.9.0", "7.2.3"]), poller);
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:^7.2" });
  assert.equal(one.asked, ["default/r0 ^7.2"]);
  const two = harnessOf([{ version: "^6.1", ...major }]);
  two.answer = async () => undefined;
  await two.accept(polled(["6.9.0", "7.2.3"]), poller);
  assert.equal(two.wanted(), {});
});

s("a held version is not offered", async () => {
  const hold = { container: "chart", image: "podinfo:6.4.0+b", at: "2026-01-01T00:00:00Z", by: "ann", reason: "no" };
  const one = harnessOf([{ annotations: { held: JSON.stringify([hold]) } }]);
  one.answer = async (_use, version) => version;
  await one.accept(chart(["6.4.0_b"]));
  assert.equal(one.wanted(), {});
  await one.accept(chart(["6.5.0"]));
  assert.equal(one.wanted(), { "default/r0/chart": "podinfo:6.5.0" });
});

s("an image in the values goes by the rules of images", async () => {
  const values = { image: { repository: "app", tag: "1.0.0" } };
  const one = harnessOf([{ values, annotations: { "values-images": "image.repository:image.tag" } }]);
  await one.accept(seen(["1.1.0", "1.2.0-alpine"]));
  assert.equal(one.wanted(), { "default/r0/values.image": "app:1.1.0" });
  assert.is([...one.store.requests.values()][0]!.spec.updateType, "image");
  assert.equal(one.asked, []);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { versionOf } from "../../../scripts/demo/version.ts";
import { isFollowed, viewOf, workloadPlugins } from "../../../scripts/demo/view.ts";

const s = suite("demo: what an onlooker keeps");

const release = {
  metadata: {
    namespace: "shop",
    name: "portal",
    generation: 2,
    annotations: { "headwind.sh/policy": "minor", a: "b" },
  },
  spec: {
    chart: { spec: { chart: "portal", version: "1.2.0", sourceRef: { kind: "HelmRepository", name: "charts" } } },
  },
};

s("of a release its chart, and that Flux has not come to it yet", () => {
  const plugin = workloadPlugins.find(({ resource }) => resource.kind === "HelmRelease")!;
  const { rollout, ...view } = viewOf(plugin, release as never);
  assert.equal(view, {
    kind: "HelmRelease",
    name: "portal",
    generation: 2,
    images: { chart: "portal:1.2.0" },
    annotations: { policy: "minor" },
  });
  assert.is(rollout.reason, "NotObserved");
});

s("what says nothing to Headwind, as what Helm makes of a chart, is not kept", () => {
  assert.ok(isFollowed(release as never));
  for (const annotations of [undefined, {}, { "deployment.kubernetes.io/revision": "1" }]) {
    assert.not(isFollowed({ metadata: { name: "portal", annotations } } as never));
  }
});

const versions: [text: string, version: string][] = [
  ["127.0.0.1:5000/shop/web:1.3.0", "1.3.0"],
  ["web", "latest"],
  ["portal:1.2.0+build.7", "1.2.0+build.7"],
  ["portal:2.x", "2.x"],
  ["what is it?", "what is it?"],
];
for (const [text, version] of versions) s(`the version of ${text}`, () => assert.is(versionOf(text), version));

s.run();

// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Slot } from "../../../core/plugin.ts";
import { chartOf, movedTo, versionIn, writtenIn } from "../../../core/versions/slot_reference.ts";

const s = suite("versions as a slot writes them");
const D = `sha256:${"1".repeat(64)}`;

const slot = (type: Slot["type"], current: string, prefix = ""): Slot => {
  return { name: "app", type, init: false, current, pointer: "/spec/image", prefix, guards: [] };
};
const podinfo = slot("chart", "podinfo:6.3.0", "podinfo:");

/** what runs, a reference, how the slot writes its version */
const images: [string, string, string][] = [
  ["app:1.0.0", "docker.io/library/app:1.3.0", "app:1.3.0"],
  ["docker.io/library/app:1.0.0", "app:1.3.0", "docker.io/library/app:1.3.0"],
  ["app:1.0.0", `docker.io/library/app:1.3.0@${D}`, `app:1.3.0@${D}`],
  // of another repository, or without a tag, it is as it is
  ["app:1.0.0", "ghcr.io/org/app:1.3.0", "ghcr.io/org/app:1.3.0"],
  ["app:1.0.0", `docker.io/library/app@${D}`, `docker.io/library/app@${D}`],
];
for (const [current, reference, written] of images) {
  s(`${reference} in the place of ${current}`, () => assert.is(writtenIn(slot("image", current), reference), written));
}

s("a chart's version stands alone, without the chart's name", () => {
  assert.is(chartOf(podinfo), "podinfo");
  assert.is(versionIn(podinfo, "podinfo:6.4.0"), "6.4.0");
  assert.is(movedTo(podinfo, { tag: "6.4.0", digest: D }), "podinfo:6.4.0");
  assert.is(writtenIn(podinfo, "podinfo:6.4.0"), "podinfo:6.4.0");
});

s("an image has its digest behind its tag, and the old one goes", () => {
  const pinned = slot("image", `app:1.0.0@sha256:${"2".repeat(64)}`);
  assert.is(movedTo(pinned, { tag: "1.3.0", digest: D }), `app:1.3.0@${D}`);
  assert.is(movedTo(pinned, { tag: "1.3.0" }), "app:1.3.0");
  assert.is(versionIn(pinned, "app:1.3.0"), "app:1.3.0");
});

s.run();

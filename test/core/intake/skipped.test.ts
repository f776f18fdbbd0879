import { suite } from "uvu";
import * as assert from "uvu/assert";
import { digest, harness, hint, poller, seen } from "./intake_harness.ts";

const s = suite("intake: why a workload that matches is left");

const rows: [what: string, annotations: Record<string, string>, image: string, tag: string, why: string][] = [
  ["runs it", {}, "app:1.1.0", "1.1.0", "1.1.0 is what runs"],
  ["is further", {}, "app:1.2.0", "1.1.0", "1.1.0 is lower than 1.2.0"],
  ["policy", { policy: "patch" }, "app:1.0.0", "1.1.0", "1.1.0 is further from 1.0.0 than policy patch goes"],
  ["policy none", { policy: "none" }, "app:1.0.0", "1.1.0", "policy none takes nothing"],
  ["event source", { "event-source": "polling" }, "app:1.0.0", "1.1.0", "headwind.sh/event-source is polling"],
  ["images", { images: "other" }, "app:1.0.0", "1.1.0", "headwind.sh/images leaves its image out"],
];
for (const [what, annotations, image, tag, why] of rows) {
  s(what, async () => {
    const { left, matched } = await harness([{ annotations, images: { app: image } }]).accept(seen([tag]));
    assert.is(matched, 1);
    assert.equal(left, { reasons: [`Deployment/default/w0 app: ${why}`], count: 1 });
  });
}

s("annotations that cannot be read", async () => {
  const { left } = await harness([{ annotations: { policy: "newest" } }]).accept(seen(["1.1.0"]));
  assert.match(left!.reasons[0]!, /^Deployment\/default\/w0 app: .*policy.*newest/);
});

s("a version that is held", async () => {
  const held = JSON.stringify([{
    container: "app",
    image: "app:1.1.0",
    at: "2026-01-01T00:00:00Z",
    by: "a",
    reason: "b",
  }]);
  const { left } = await harness([{ annotations: { held } }]).accept(seen(["1.1.0"]));
  assert.equal(left?.reasons, ["Deployment/default/w0 app: 1.1.0 is held: it is not offered until a person resumes"]);
});

s("a digest that runs already", async () => {
  const one = harness([{ annotations: { policy: "force" }, images: { app: `app:1@${digest("a")}` } }]);
  one.answer = () => Promise.resolve(digest("a"));
  const { left } = await one.accept(seen(["1"]));
  assert.equal(left?.reasons, ["Deployment/default/w0 app: 1 is what runs, or the registry does not have it"]);
});

s("one that moves is not among them", async () => {
  const { left, matched, created } = await harness([{}, { images: { app: "app:1.1.0" } }]).accept(seen(["1.1.0"]));
  assert.equal([matched, created], [2, 1]);
  assert.equal(left, { reasons: ["Deployment/default/w1 app: 1.1.0 is what runs"], count: 1 });
});

s("of many the first twenty are named", async () => {
  const workloads = Array.from({ length: 50 }, () => ({ images: { app: "app:1.1.0" } }));
  const { left } = await harness(workloads).accept(seen(["1.1.0"]));
  assert.is(left?.reasons.length, 20);
  assert.is(left?.count, 50);
});

s("a hint is told nothing, nor is a poll", async () => {
  const one = harness([{ annotations: { "event-source": "both" }, images: { app: "app:1.1.0" } }]);
  assert.is((await one.accept(seen(["1.1.0"]), hint)).left, undefined);
  assert.is((await one.accept(seen(["1.1.0"], { via: "polling", complete: true }), poller)).left, undefined);
});

s.run();

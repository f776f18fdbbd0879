import { suite } from "uvu";
import * as assert from "uvu/assert";
import { access } from "./registry_access_harness.ts";

const s = suite("registry access, where an image comes from");

const of = ({ index }: ReturnType<typeof access>, at: number) => {
  const workload = [...index.all()][at]!;
  return { workload, slot: workload.slots[0]! };
};
const digest = `sha256:${"a".repeat(64)}`;

s("is asked once for a digest, and for a tag its digest first; nothing is asked again", async () => {
  const all = access(() => "ok", [{ pullSecrets: ["ann"] }]);
  const { registry, asked } = all;
  for (let times = 0; times < 3; times++) {
    assert.equal(await registry.originOf(of(all, 0), "reg.example/app:2.0.0"), { revision: "ann reads sha256:ann" });
    assert.equal(await registry.originOf(of(all, 0), `reg.example/app:2.0.0@${digest}`), {
      revision: `ann reads ${digest}`,
    });
  }
  assert.equal(asked, [
    "digest 2.0.0 reg.example/app ann",
    "origin sha256:ann reg.example/app ann",
    `origin ${digest} reg.example/app ann`,
  ]);
});

s("what one login reads is not shown to another", async () => {
  const all = access((user) => user === "ann" ? "ok" : "unauthorized", [
    { pullSecrets: ["ann"] },
    { pullSecrets: ["bob"] },
  ]);
  const image = `reg.example/app@${digest}`;
  assert.equal(await all.registry.originOf(of(all, 0), image), { revision: `ann reads ${digest}` });
  const refused = await all.registry.originOf(of(all, 1), image).then(() => undefined, (error: Error) => error.message);
  assert.is(refused, "bob: unauthorized.");
});

s("of another repository than the container's nothing is asked", async () => {
  const all = access(() => "ok", [{}]);
  assert.is(await all.registry.originOf(of(all, 0), "other.example/app:1.0.0"), undefined);
  assert.equal(all.asked, []);
});

s("what failed is asked again", async () => {
  let away = true;
  const all = access(() => away ? "unreachable" : "ok", [{ pullSecrets: ["ann"] }]);
  const ask = () => all.registry.originOf(of(all, 0), `reg.example/app@${digest}`);
  assert.is(await ask().then(() => "", (error: Error) => error.message), "ann: unreachable.");
  away = false;
  assert.equal(await ask(), { revision: `ann reads ${digest}` });
});

s.run();

import * as assert from "uvu/assert";
import { call, untilAcknowledged, untilDecided } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a restore of etcd");

let fixture: Fixture;

s.before(async () => {
  fixture = await openFixture("restore", { restorable: true });
});

s.after(() => fixture.stop());

const image = (tag: string) => `registry.example/app:${tag}`;

s(
  "what was undone is forgotten, and lower resource versions count: what was approved is approved and applied anew",
  async () => {
    const ns = await fixture.namespace();
    await ns.create(deployment({ name: "web", image: image("1.0.0"), annotations: { "min-update-interval": "0" } }));
    const operator = await fixture.operator(ns);
    await known(operator, image("1.0.0"));
    const tell = (tag: string) =>
      untilAcknowledged(operator.webhook, { image: "registry.example/app", tag }, { token });
    const request = (tag: string) =>
      eventually(`a request for ${tag}`, async () => {
        return (await ns.requests()).find(({ spec }) => spec.newImage === image(tag));
      });
    const approve = async (tag: string) => {
      const { namespace, name } = (await request(tag)).metadata;
      await untilDecided(operator.api, `${namespace}/${name}`, { approved: true, by: "ann" });
      await eventually(`${tag} runs`, async () => (await ns.images("Deployment", "web")).app === image(tag), {
        seconds: 60,
        last: () => ns.requests(),
      });
    };
    const resourceVersion = async () => Number((await ns.workload("Deployment", "web")).metadata.resourceVersion);
    await tell("1.1.0");
    await request("1.1.0");
    const restore = await fixture.cluster.backUp!();
    await approve("1.1.0");
    await tell("1.2.0");
    await approve("1.2.0");
    for (let count = 0; count < 300; count++) {
      await ns.change("Deployment", "web", { metadata: { annotations: { count: String(count) } } });
    }
    const before = await resourceVersion();

    await restore();
    await eventually("what was approved waits again, and what was made since is gone", async () => {
      const requests = await ns.requests();
      return requests.length === 1 && requests[0]!.status?.phase === "Pending";
    });
    assert.equal(await ns.images("Deployment", "web"), { app: image("1.0.0") });
    await eventually("the operator is ready again", async () => {
      return (await call(`${operator.metrics}/readyz`)).status === 200;
    }, { seconds: 60 });
    await approve("1.1.0");
    await tell("1.2.0");
    await approve("1.2.0");
    assert.ok(await resourceVersion() < before, "its versions are still lower");
  },
);

s.run();

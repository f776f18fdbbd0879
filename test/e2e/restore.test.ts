import * as assert from "uvu/assert";
import { call, untilAcknowledged, untilDecided } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { known, openSetting, type Setting, token } from "./setting.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a restore of etcd");

let setting: Setting;

s.before(async () => {
  setting = await openSetting("restore", { restorable: true });
});

s.after(() => setting.stop());

const image = (tag: string) => `registry.example/app:${tag}`;

s(
  "what was undone is forgotten, and lower resource versions count: what was approved is approved and applied anew",
  async () => {
    const place = await setting.place();
    await place.create(deployment({ name: "web", image: image("1.0.0"), annotations: { "min-update-interval": "0" } }));
    const operator = await setting.operator(place);
    await known(operator, image("1.0.0"));
    const tell = (tag: string) =>
      untilAcknowledged(operator.webhook, { image: "registry.example/app", tag }, { token });
    const request = (tag: string) =>
      eventually(`a request for ${tag}`, async () => {
        return (await place.requests()).find(({ spec }) => spec.newImage === image(tag));
      });
    const approve = async (tag: string) => {
      const { namespace, name } = (await request(tag)).metadata;
      await untilDecided(operator.api, `${namespace}/${name}`, { approved: true, by: "ann" });
      await eventually(`${tag} runs`, async () => (await place.images("Deployment", "web")).app === image(tag), {
        seconds: 60,
        last: () => place.requests(),
      });
    };
    const resourceVersion = async () => Number((await place.workload("Deployment", "web")).metadata.resourceVersion);
    await tell("1.1.0");
    await request("1.1.0");
    const restore = await setting.cluster.backUp!();
    await approve("1.1.0");
    await tell("1.2.0");
    await approve("1.2.0");
    for (let count = 0; count < 300; count++) {
      await place.change("Deployment", "web", { metadata: { annotations: { count: String(count) } } });
    }
    const before = await resourceVersion();

    await restore();
    await eventually("what was approved waits again, and what was made since is gone", async () => {
      const requests = await place.requests();
      return requests.length === 1 && requests[0]!.status?.phase === "Pending";
    });
    assert.equal(await place.images("Deployment", "web"), { app: image("1.0.0") });
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

import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { type Mounted, mounted } from "../support/mounted.ts";
import { type Receiver, startReceiver } from "../conformance/receiver.ts";
import { untilAcknowledged } from "./calls.ts";
import type { Place } from "./place.ts";
import { known, openSetting, type Setting, token } from "./setting.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("plugins of strangers, mounted from a ConfigMap");

let setting: Setting;
let plugins: Mounted;
let receiver: Receiver;

s.before(async () => {
  setting = await openSetting("strangers");
  plugins = await mounted(fileURLToPath(new URL("../fixtures/plugins", import.meta.url)));
  receiver = await startReceiver();
});

s.after(async () => {
  await setting.stop();
  await receiver.stop();
  await plugins.remove();
});

const image = (tag: string) => `registry.example/shop/api:${tag}`;

function controller({ kube, namespace }: Place) {
  const path = `/api/v1/namespaces/${namespace}/replicationcontrollers`;
  const labels = { app: "api" };
  interface Controller {
    spec: { template: { spec: { containers: { image: string }[] } } };
  }
  return {
    create: () =>
      kube.request("POST", path, {
        body: {
          metadata: {
            name: "api",
            annotations: { "headwind.sh/policy": "minor", "headwind.sh/require-approval": "false" },
          },
          spec: {
            replicas: 0,
            selector: labels,
            template: { metadata: { labels }, spec: { containers: [{ name: "api", image: image("2.7.0") }] } },
          },
        },
      }),
    image: async () => (await kube.request<Controller>("GET", `${path}/api`)).spec.template.spec.containers[0]!.image,
  };
}

for (const runtime of ["deno", "node"] as const) {
  s(`on ${runtime}: their trigger, their kind of workload, their notifier`, async () => {
    receiver.received.length = 0;
    const place = await setting.place();
    const { create, image: now } = controller(place);
    await create();
    const operator = await setting.operator(place, {
      runtime,
      env: { HEADWIND_PLUGINS_DIR: plugins.path, NTFY_TOPIC_URL: receiver.url },
    });
    await known(operator, image("2.7.0"));

    const { body } = await untilAcknowledged(operator.webhook, { image: "shop/api", tag: "2.8.0" }, {
      token,
      path: "/webhook/feed",
    });
    assert.is(body.updateRequests.length, 1);
    assert.match(await operator.logs(), /"message":"started".*"ownPlugins":\[.*"trigger\/feed: [A-Z]/);
    await eventually("it is applied", async () => await now() === image("2.8.0"));
    const request = await eventually("the request is completed", async () => {
      const [request] = await place.requests();
      return request?.status?.phase === "Completed" && request;
    });
    assert.equal([request.spec.targetRef.apiVersion, request.spec.targetRef.kind], ["v1", "ReplicationController"]);
    assert.is(request.spec.sighting?.trigger, "feed");
    const titles = () => receiver.received.map(({ headers }) => headers.title);
    await eventually("it is told of", async () => titles().length === 2, { last: titles });
    assert.equal(titles(), [`${place.namespace}/api: created`, `${place.namespace}/api: completed`]);
    assert.is(await operator.stop(), "status 0");
  });
}

s.run();

import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { type Mounted, mounted } from "../support/mounted.ts";
import { type Receiver, startReceiver } from "../conformance/receiver.ts";
import { untilAcknowledged } from "./calls.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("third parties' plugins, mounted from a ConfigMap");

let fixture: Fixture;
let plugins: Mounted;
let receiver: Receiver;

s.before(async () => {
  fixture = await openFixture("mounted-plugins");
  plugins = await mounted(fileURLToPath(new URL("../fixtures/plugins", import.meta.url)));
  receiver = await startReceiver();
});

s.after(async () => {
  await fixture.stop();
  await receiver.stop();
  await plugins.remove();
});

const image = (tag: string) => `registry.example/shop/api:${tag}`;

function controller({ kube, namespace }: TestNamespace) {
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
    const ns = await fixture.namespace();
    const { create, image: now } = controller(ns);
    await create();
    const operator = await fixture.operator(ns, {
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
      const [request] = await ns.requests();
      return request?.status?.phase === "Completed" && request;
    });
    assert.equal([request.spec.targetRef.apiVersion, request.spec.targetRef.kind], ["v1", "ReplicationController"]);
    assert.is(request.spec.sighting?.trigger, "feed");
    const titles = () => receiver.received.map(({ headers }) => headers.title);
    await eventually("it is told of", async () => titles().length === 2, { last: titles });
    assert.equal(titles(), [`${ns.namespace}/api: created`, `${ns.namespace}/api: completed`]);
    assert.is(await operator.stop(), "status 0");
  });
}

s.run();

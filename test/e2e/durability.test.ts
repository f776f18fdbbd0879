import * as assert from "uvu/assert";
import type { Operator } from "../support/operator.ts";
import { untilAcknowledged } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { imagesOf, type TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("what was acknowledged is done once");

let fixture: Fixture;

s.before(async () => {
  fixture = await openFixture("durability");
});

s.after(() => fixture.stop());

const automatic = { "require-approval": "false" };
const image = (index: number, tag: string) => `registry.example/service-${index}:${tag}`;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

async function services(ns: TestNamespace, count: number): Promise<void> {
  await Promise.all(
    numbers(count).map((index) =>
      ns.create(deployment({ name: `service-${index}`, image: image(index, "1.0.0"), annotations: automatic }))
    ),
  );
}

const tell = (operator: Operator, index: number, tag = "1.1.0") =>
  untilAcknowledged(operator.webhook, { image: `registry.example/service-${index}`, tag }, { token });

/** Waits until all are at the version, and checks that each came there by one change and one UpdateRequest. */
async function eachOnce(ns: TestNamespace, count: number): Promise<void> {
  await eventually(`${count} requests are completed`, async () => {
    const requests = await ns.requests();
    return requests.filter(({ status }) => status?.phase === "Completed").length >= count;
  }, {
    seconds: 90,
    last: async () => (await ns.requests()).map(({ metadata, status }) => [metadata.name, status]),
  });
  const [workloads, requests] = await Promise.all([ns.workloads(), ns.requests()]);
  assert.is(requests.length, count);
  for (const { metadata, status } of requests) assert.is(status?.phase, "Completed", metadata.name);
  for (const index of numbers(count)) {
    const object = workloads.find(({ metadata }) => metadata.name === `service-${index}`)!;
    assert.is(imagesOf(object).app, image(index, "1.1.0"));
    assert.is(object.metadata.generation, 2, `${object.metadata.name} was changed once`);
    const history = JSON.parse(object.metadata.annotations!["headwind.sh/update-history"]!);
    assert.is(history.length, 1);
  }
}

s("100 webhooks acknowledged, kill -9, restart: 100 changes, each once", async () => {
  const [ns, proxy] = await Promise.all([fixture.namespace(), fixture.proxy()]);
  const count = 100;
  await services(ns, count);
  const first = await fixture.operator(ns, { kubeconfig: proxy.kubeconfig });
  await known(first, image(count - 1, "1.0.0"));
  let patches = 0;
  proxy.answer({
    match: (method, path) => method === "PATCH" && path.includes("/deployments/") && ++patches > 40,
    status: 503,
  });
  await Promise.all(numbers(count).map((index) => tell(first, index)));
  first.kill();
  const changed = (await ns.workloads()).filter(({ metadata }) => metadata.generation === 2).length;
  assert.ok(changed <= 40, "the kill came before the end");
  proxy.recover();
  await fixture.operator(ns, { kubeconfig: proxy.kubeconfig, ports: first.ports });
  await eachOnce(ns, count);
});

s(
  "the same webhooks sent to two replicas at once: no doubles; the standby takes over from a killed leader",
  async () => {
    const ns = await fixture.namespace();
    const count = 40;
    await services(ns, count);
    const replicas: Record<string, Operator> = {
      a: await fixture.operator(ns, { replica: "a" }),
      b: await fixture.operator(ns, { replica: "b" }),
    };
    for (const replica of Object.values(replicas)) await known(replica, image(count - 1, "1.0.0"));
    await Promise.all(
      numbers(count).flatMap((index) => Object.values(replicas).map((replica) => tell(replica, index))),
    );
    await eachOnce(ns, count);

    const holder = async () => {
      const path = `/apis/coordination.k8s.io/v1/namespaces/${ns.namespace}/leases/headwind`;
      return (await ns.kube.request<{ spec: { holderIdentity: string } }>("GET", path)).spec.holderIdentity
        .replace(/_.*/, "");
    };
    const leader = await holder();
    assert.ok(leader in replicas, `holder ${leader}`);
    const standby = leader === "a" ? "b" : "a";
    replicas[leader]!.kill();
    await tell(replicas[standby]!, 0, "1.2.0");
    await eventually("the standby applied it", async () => {
      return (await ns.images("Deployment", "service-0")).app === image(0, "1.2.0");
    }, { seconds: 60 });
    assert.is(await holder(), standby);
  },
);

s(
  "two that say the same name, as two on one machine: one of them leads, the other is told, and then takes over",
  async () => {
    const ns = await fixture.namespace();
    await services(ns, 1);
    const same = { replica: "machine", env: { POD_UID: "" } };
    const both = [await fixture.operator(ns, same), await fixture.operator(ns, same)];
    for (const one of both) await known(one, image(0, "1.0.0"));
    const lines = async (one: Operator, what: string) =>
      (await one.logs()).split("\n").filter((line) => line.includes(what)).length;
    const count = async (what: string) => (await Promise.all(both.map((one) => lines(one, what)))).join();
    await eventually("one is told", async () => await count("another replica says the same name") === "0,1", {
      last: () => count("another replica says the same name"),
    });
    assert.is(await count("holds the Lease: polls and reconciles"), "1,0");
    assert.is(await both[0]!.stop(), "status 0");
    await eventually("the other leads", async () => await count("holds the Lease: polls and reconciles") === "1,1");
  },
);

s.run();

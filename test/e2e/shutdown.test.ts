import * as assert from "uvu/assert";
import { type Operator, startOperator } from "../support/operator.ts";
import { untilAcknowledged, webhook } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("SIGTERM");

let fixture: Fixture;

s.before(async () => {
  fixture = await openFixture("shutdown");
});

s.after(() => fixture.stop());

const image = (tag: string) => `registry.example/web:${tag}`;
const told = (tag: string) => ({ image: "registry.example/web", tag });

async function holder({ kube, namespace }: TestNamespace): Promise<string> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/headwind`;
  return (await kube.request<{ spec: { holderIdentity?: string } }>("GET", path)).spec.holderIdentity ?? "";
}

async function applied(ns: TestNamespace, operator: Operator, tag: string): Promise<void> {
  await untilAcknowledged(operator.webhook, told(tag), { token });
  await eventually(`${tag} runs`, async () => (await ns.images("Deployment", "web")).app === image(tag));
}

for (const runtime of ["deno", "node"] as const) {
  s(`finishes what is in hand, lets the Lease go and ends with status 0 (${runtime})`, async () => {
    const [ns, proxy] = await Promise.all([fixture.namespace(), fixture.proxy()]);
    await ns.create(
      deployment({ name: "web", image: image("1.0.0"), annotations: { "require-approval": "false" } }),
    );
    const operator = await fixture.operator(ns, { kubeconfig: proxy.kubeconfig, runtime });
    await known(operator, image("1.0.0"));
    await applied(ns, operator, "1.1.0");
    assert.is(await holder(ns), "replica-0_uid-of-replica-0");

    proxy.delay(500);
    const answer = webhook(operator.webhook, told("1.2.0"), { token });
    await eventually(
      "the request is being stored",
      async () =>
        proxy.calls.some(({ method, path, status }) =>
          method === "POST" && path.includes("/updaterequests") && status === undefined
        ),
    );
    assert.is(await operator.stop(), "status 0");
    const { status } = await answer;
    assert.ok(status >= 200 && status < 300, `the webhook in hand was answered ${status}`);
    assert.is((await ns.requests()).length, 2);
    assert.is(await holder(ns), "");

    proxy.recover();
    await fixture.operator(ns, { replica: "replica-1" });
    await eventually(
      "the next one goes on",
      async () => (await ns.images("Deployment", "web")).app === image("1.2.0"),
    );
    assert.is(await holder(ns), "replica-1_uid-of-replica-1");
  });
}

s("ends with status 0 though what it has to know is never listed", async () => {
  const [ns, proxy] = await Promise.all([fixture.namespace(), fixture.proxy()]);
  proxy.answer({
    match: (method, path) => method === "GET" && path.includes("/statefulsets?"),
    status: 403,
    times: 1e9,
  });
  const operator = await startOperator({ kubeconfig: proxy.kubeconfig, namespaces: [ns.namespace], secret: token });
  try {
    await eventually("it holds the Lease", async () => await holder(ns) === "replica-0_uid-of-replica-0");
    assert.is(await operator.stop(), "status 0");
    assert.is(await holder(ns), "");
  } finally {
    await operator.end();
  }
});

s("ends with status 0 within 20 s though the API server says nothing any more", async () => {
  const [ns, proxy] = await Promise.all([fixture.namespace(), fixture.proxy()]);
  const operator = await fixture.operator(ns, { kubeconfig: proxy.kubeconfig });
  await eventually("it holds the Lease", async () => await holder(ns) === "replica-0_uid-of-replica-0");
  proxy.silence(true);
  const started = performance.now();
  assert.is(await operator.stop(), "status 0");
  assert.ok(performance.now() - started < 20_000, `${performance.now() - started} ms`);
});

s.run();

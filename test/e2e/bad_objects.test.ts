import * as assert from "uvu/assert";
import { call, untilAcknowledged } from "./calls.ts";
import { deployment, type KubeObject } from "./manifests.ts";
import { known, openOperator, type OperatorFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("bad objects");

let { fixture, ns, operator } = {} as OperatorFixture;

s.before(async () => {
  ({ fixture, ns, operator } = await openOperator("bad-objects"));
  await ns.create(deployment({ name: "web", image: "nginx:1.0.0", annotations: { "require-approval": "false" } }));
  await known(operator, "nginx:1.0.0");
});

s.after(() => fixture.stop());

s("annotations that cannot be read: a Warning and a metric, the workload left alone, the others served", async () => {
  const bad = { policy: "mayor", "min-update-interval": "soon", "require-approval": "false" };
  await ns.create(deployment({ name: "bad", image: "redis:1.0.0", annotations: bad }));
  await ns.create(deployment({ name: "good", image: "redis:1.0.0", annotations: { "require-approval": "false" } }));
  await known(operator, "redis:1.0.0", 2);
  await untilAcknowledged(operator.webhook, { image: "redis", tag: "1.1.0" }, { token });
  await eventually(
    "the good one is served",
    async () => (await ns.images("Deployment", "good")).app === "redis:1.1.0",
  );
  assert.is((await ns.images("Deployment", "bad")).app, "redis:1.0.0");
  interface Events {
    items: { type: string; message: string; involvedObject: { name: string } }[];
  }
  const warning = await eventually("there is a Warning", async () => {
    const { items } = await ns.kube.request<Events>("GET", `/api/v1/namespaces/${ns.namespace}/events`);
    return items.find(({ type, involvedObject }) => type === "Warning" && involvedObject.name === "bad");
  });
  assert.match(warning.message, "policy");
  assert.match(warning.message, "min-update-interval");
  const { body } = await call(`${operator.metrics}/metrics`);
  const line = String(body).split("\n").find((text) => /^headwind_\w*annotation\w*/.test(text) && / [1-9]/.test(text));
  assert.ok(line, "a metric counts it");
});

const handWritten = (name: string, spec: Record<string, unknown>): KubeObject => ({
  apiVersion: "headwind.sh/v1alpha1",
  kind: "UpdateRequest",
  metadata: { name },
  spec: {
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", namespace: ns.namespace, name: "web" },
    updateType: "image",
    containerName: "app",
    currentImage: "nginx:1.0.0",
    newImage: "nginx:1.2.0",
    policy: "minor",
    requireApproval: false,
    ...spec,
  },
});
const target = (change: Record<string, string>) => ({
  targetRef: { apiVersion: "apps/v1", kind: "Deployment", namespace: ns.namespace, name: "web", ...change },
});

const hopeless: { what: string; reason: string; spec: () => Record<string, unknown> }[] = [
  { what: "workload", reason: "TargetNotFound", spec: () => target({ name: "absent" }) },
  { what: "kind", reason: "UnknownKind", spec: () => target({ apiVersion: "example.com/v1", kind: "Widget" }) },
  { what: "container", reason: "ContainerNotFound", spec: () => ({ containerName: "absent" }) },
  { what: "namespace of its own", reason: "OtherNamespace", spec: () => target({ namespace: "default" }) },
  { what: "image", reason: "InvalidImage", spec: () => ({ newImage: "nginx:1.2.0 --privileged" }) },
];

for (const { what, reason, spec } of hopeless) {
  s(`an UpdateRequest written by hand that names no ${what} fails and says why`, async () => {
    const name = `no-${what.replaceAll(" ", "-")}`;
    try {
      await ns.create(handWritten(name, spec()));
    } catch (error) {
      // The schema refuses an image that is none before the operator sees it.
      assert.is((error as { status?: number }).status, 422);
      assert.is(what, "image");
      return;
    }
    const failed = await eventually("it failed", async () => {
      const request = (await ns.requests()).find(({ metadata }) => metadata.name === name);
      return request?.status?.phase === "Failed" && request;
    }, { last: () => ns.requests() });
    assert.is(failed.status!.conditions!.find(({ type }) => type === "Applied")!.reason, reason);
    assert.ok(failed.status!.message!.length > 0);
    assert.is((await ns.images("Deployment", "web")).app, "nginx:1.0.0");
  });
}

s("an UpdateRequest written by hand that names what exists is applied", async () => {
  await ns.create(handWritten("by-hand", {}));
  await eventually("it is applied", async () => (await ns.images("Deployment", "web")).app === "nginx:1.2.0");
});

s.run();

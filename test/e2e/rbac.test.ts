import { Buffer } from "node:buffer";
import * as assert from "uvu/assert";
import { pushImage } from "../../scripts/testbed/push.ts";
import { inClusterEnv } from "../support/cluster.ts";
import type { Operator } from "../support/operator.ts";
import { call, untilAcknowledged, untilDecided } from "./calls.ts";
import { workload, type WorkloadKind } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("in a cluster, with the rights of deploy/");

let fixture: Fixture;
let ns: TestNamespace;
let operator: Operator;

s.before(async () => {
  fixture = await openFixture("rbac");
  ns = await fixture.namespace();
  operator = await fixture.operator(ns, {
    kubeconfig: "",
    env: await inClusterEnv(fixture.cluster, "headwind-system", "headwind"),
  });
});

s.after(() => fixture.stop());

const kinds: WorkloadKind[] = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"];
const image = (tag: string) => `registry.example/shop:${tag}`;

s("a version that is told of is approved and applied, for each kind", async () => {
  for (const kind of kinds) {
    // no Job of the CronJob is to come
    const annotations: Record<string, string> = kind === "CronJob" ? { "rollback-timeout": "1" } : {};
    await ns.create(workload(kind, { name: kind.toLowerCase(), image: image("1.0.0"), replicas: 1, annotations }));
  }
  await known(operator, image("1.0.0"), kinds.length);
  await untilAcknowledged(operator.webhook, { image: "registry.example/shop", tag: "1.1.0" }, { token });
  for (const { metadata } of await ns.requests()) {
    await untilDecided(operator.api, `${ns.namespace}/${metadata.name}`, {
      approved: true,
      by: "alice@example.com",
    });
  }
  await eventually("all are completed", async () => {
    const requests = await ns.requests();
    return requests.length === kinds.length && requests.every(({ status }) => status?.phase === "Completed");
  }, { last: () => ns.requests() });
  for (const { spec, status } of await ns.requests()) {
    const verified = status!.conditions!.find(({ type }) => type === "Healthy")!.status;
    assert.is(verified, spec.targetRef.kind === "CronJob" ? "Unknown" : "True", spec.targetRef.kind);
  }
  for (const kind of kinds) assert.is((await ns.images(kind, kind.toLowerCase())).app, image("1.1.0"));
});

s("the cluster's Services are looked through for a metrics backend, once somebody wants its numbers", async () => {
  const metrics = async () => String((await call(`${operator.metrics}/metrics`)).body);
  const asked = /headwind_kube_requests_total\{[^}]*resource="services"[^}]*status="(\d+)"/;
  assert.not.match(await metrics(), asked);
  const { status, body } = await call(`${operator.ui}/api/v1/metrics`);
  assert.is(status, 200);
  assert.is(body.backend, "Live");
  assert.is(asked.exec(await metrics())?.[1], "200");
});

s("Events tell it on the workload", async () => {
  interface Events {
    items: { reason: string; involvedObject: { kind: string } }[];
  }
  const { items } = await ns.kube.request<Events>("GET", `/api/v1/namespaces/${ns.namespace}/events`);
  for (const kind of kinds) {
    const reasons = items.filter(({ involvedObject }) => involvedObject.kind === kind).map(({ reason }) => reason);
    assert.ok(reasons.includes("UpdateApplied"), `${kind}: ${reasons}`);
    assert.ok(reasons.includes(kind === "CronJob" ? "UpdateCompleted" : "UpdateVerified"), `${kind}: ${reasons}`);
  }
});

s("a private registry is asked with the pull secret of the workload's service account", async () => {
  const login = { user: "puller", password: "a-password" };
  const registry = await fixture.registry({ auth: { htpasswd: login } });
  const push = (tag: string) => pushImage(registry.host, "private/app", tag, { auth: login });
  await push("1.0.0");
  await push("1.1.0");
  const auth = Buffer.from(`${login.user}:${login.password}`).toString("base64");
  const config = JSON.stringify({ auths: { [registry.host]: { auth } } });
  await ns.kube.request("POST", `/api/v1/namespaces/${ns.namespace}/secrets`, {
    body: {
      metadata: { name: "pull" },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from(config).toString("base64") },
    },
  });
  await eventually("the service account can be changed", async () => {
    await ns.kube.request("PATCH", `/api/v1/namespaces/${ns.namespace}/serviceaccounts/default`, {
      body: { imagePullSecrets: [{ name: "pull" }] },
    });
    return true;
  });
  const annotations = { "event-source": "polling", "polling-interval": "1", "require-approval": "false" };
  const name = "private";
  await ns.create(workload("Deployment", { name, image: `${registry.host}/private/app:1.0.0`, annotations }));
  await eventually("the poller found it", async () => {
    return (await ns.images("Deployment", name)).app === `${registry.host}/private/app:1.1.0`;
  });
});

s("nothing was forbidden, and no secret was told", async () => {
  const logs = await operator.logs();
  assert.not.match(logs, /forbidden/i);
  assert.not.match(logs, /a-password/);
  assert.not.match(logs, new RegExp(token));
});

s.run();

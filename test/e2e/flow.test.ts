import * as assert from "uvu/assert";
import { cranePush } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { freePorts, type Operator } from "../support/operator.ts";
import { decide } from "./calls.ts";
import { workload, type WorkloadKind } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a pushed image, approved, runs");

let fixture: Fixture;
let ns: TestNamespace;
let registry: Registry;
let operator: Operator;

s.before(async () => {
  fixture = await openFixture("flow");
  const ports = await freePorts();
  const url = `http://127.0.0.1:${ports.webhook}/webhook/registry`;
  registry = await fixture.registry({ notify: [{ url, headers: { Authorization: [`Bearer ${token}`] } }] });
  ns = await fixture.namespace();
  operator = await fixture.operator(ns, { ports });
});

s.after(() => fixture.stop());

const kinds: WorkloadKind[] = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"];

for (const kind of kinds) {
  s(kind, async () => {
    const name = kind.toLowerCase();
    const image = (tag: string) => `${registry.host}/${ns.namespace}/${name}:${tag}`;
    const push = (tag: string) => cranePush(registry.host, `${ns.namespace}/${name}`, tag);
    await push("1.0.0");
    // no Job of the CronJob is to come
    const annotations: Record<string, string> = kind === "CronJob" ? { "rollback-timeout": "2" } : {};
    await ns.create(workload(kind, { name, image: image("1.0.0"), replicas: 2, annotations }));
    await known(operator, image("1.0.0"));

    await push("1.1.0");
    const pending = await eventually("the UpdateRequest is pending", async () => {
      const [request, ...others] = (await ns.requests()).filter(({ spec }) => spec.targetRef.name === name);
      assert.is(others.length, 0);
      return request?.status?.phase === "Pending" && request;
    });
    assert.is(pending.spec.newImage, image("1.1.0"));
    assert.is((await ns.images(kind, name)).app, image("1.0.0"));

    const key = `${ns.namespace}/${pending.metadata.name}`;
    assert.is((await decide(operator.api, key, { approved: true, by: "alice@example.com" })).status, 200);
    const completed = await eventually("it is completed", async () => {
      const [request] = (await ns.requests()).filter(({ spec }) => spec.targetRef.name === name);
      return request?.status?.phase === "Completed" && request;
    }, { last: () => ns.requests() });
    await eventually("kubectl describe of the request shows its end too", async () => {
      const fieldSelector = `involvedObject.kind=UpdateRequest,involvedObject.uid=${completed.metadata.uid}`;
      const path = `/api/v1/namespaces/${ns.namespace}/events`;
      const { items } = await ns.kube.request<{ items: { reason: string }[] }>("GET", path, {
        query: { fieldSelector },
      });
      return items.some(({ reason }) => reason === "UpdateVerified" || reason === "UpdateCompleted");
    });
    const { approvedBy, steps, conditions } = completed.status!;
    assert.is(approvedBy, "alice@example.com");
    assert.equal([...new Set(steps!.map(({ phase }) => phase))], ["Pending", "Approved", "Verifying", "Completed"]);
    const healthy = conditions!.find(({ type }) => type === "Healthy")!;
    assert.equal([healthy.status, healthy.reason], kind === "CronJob" ? ["Unknown", "NoJobYet"] : ["True", "Healthy"]);
    assert.is((await ns.images(kind, name)).app, image("1.1.0"));
    await runs(kind, name, image("1.1.0"));
  });
}

async function runs(kind: WorkloadKind, name: string, image: string): Promise<void> {
  const { kubectl } = fixture.cluster;
  const { namespace } = ns;
  if (kind === "CronJob") {
    await kubectl(["-n", namespace, "create", "job", "once", `--from=cronjob/${name}`]);
    await kubectl(["-n", namespace, "wait", "--for=condition=complete", "job/once", "--timeout=60s"]);
  } else {
    await kubectl(["-n", namespace, "rollout", "status", `${kind}/${name}`, "--timeout=60s"]);
  }
  const list = await kubectl(["-n", namespace, "get", "pods", "-o", "json"]);
  interface Pod {
    metadata: { name: string; deletionTimestamp?: string };
    spec: { containers: { image: string }[] };
    status: { phase: string };
  }
  const pods = (JSON.parse(list).items as Pod[]).filter(({ spec, metadata }) =>
    metadata.deletionTimestamp === undefined && spec.containers[0]!.image === image
  );
  assert.ok(pods.length > 0, `pods of ${image}`);
  for (const { status } of pods) assert.is(status.phase, kind === "CronJob" ? "Succeeded" : "Running");
}

s.run();

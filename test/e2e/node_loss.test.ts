// lane: node-loss
// timeout: 300
import * as assert from "uvu/assert";
import type { Method } from "../../core/kube/client.ts";
import { addNode } from "../../scripts/testbed/nodes.ts";
import type { Operator } from "../support/operator.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { condition, openWorkloads, type TestWorkloads } from "./test_workloads.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("a node that goes away while an update is verified is no fault of the version");

let fixture: Fixture;
let ns: TestNamespace;
let operator: Operator;
let workloads: TestWorkloads;

s.before(async () => {
  fixture = await openFixture("node-loss", { own: true });
  ns = await fixture.namespace();
  for (const name of ["drained", "deleted"]) {
    await addNode(async (method, path, body) => ({
      status: 200,
      body: await ns.kube.request(method as Method, path, { body }),
    }), name);
  }
  operator = await fixture.operator(ns);
  workloads = openWorkloads(ns, () => operator);
});

s.after(() => fixture.stop());

interface Pod {
  metadata: { deletionTimestamp?: string; labels: Record<string, string> };
  spec: { nodeName?: string };
  status: { phase: string };
}
async function nodesOf(name: string): Promise<string[]> {
  const path = `/api/v1/namespaces/${ns.namespace}/pods`;
  const query = { labelSelector: `app=${name}` };
  const { items } = await ns.kube.request<{ items: Pod[] }>("GET", path, { query });
  return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ spec }) => spec.nodeName ?? "");
}

/** A workload of this name whose update is healthy and soaks, with pods on a node. */
async function soaking(name: string, node: string, soak: string, kind: "Deployment" | "DaemonSet" = "Deployment") {
  await workloads.add(name, { kind, replicas: 9, annotations: { soak, "auto-rollback": "true" } });
  await workloads.tell(name, "1.1.0");
  const request = await eventually(`${name} is healthy`, async () => {
    const found = await workloads.request(name, "1.1.0");
    return found?.status?.conditions?.some(({ type, status }) => type === "Healthy" && status === "True") && found;
  }, { last: () => workloads.requests(name) });
  // times of Kubernetes have no fraction: what comes within this second could be from before
  await pause(1100);
  assert.ok((await nodesOf(name)).includes(node), `pods of ${name} on ${node}: ${await nodesOf(name)}`);
  return condition(request, "Healthy").lastTransitionTime;
}

/** Its update is good, and was healthy all the time. */
async function ended(name: string, node: string, since: string, seconds: number): Promise<void> {
  const request = await workloads.phase(name, "1.1.0", "Completed", seconds);
  assert.is(condition(request, "Healthy").lastTransitionTime, since);
  assert.is((await workloads.history(name))[0]!.verified, true);
  assert.ok(!(await nodesOf(name)).includes(node), `no pod of ${name} is on ${node} any more`);
  assert.is(await workloads.running(name), workloads.image(name, "1.1.0"));
}

s("drained", async () => {
  const since = await soaking("web", "drained", "6");
  await fixture.cluster.kubectl(["taint", "node", "drained", "gone=true:NoExecute"]);
  await fixture.cluster.kubectl(["delete", "node", "drained"]);
  await ended("web", "drained", since, 30);
});

s("deleted: its pods stay until the controller of garbage takes them, and come anew elsewhere", async () => {
  const [web, agent] = await Promise.all([
    soaking("shop", "deleted", "90"),
    soaking("agent", "deleted", "90", "DaemonSet"),
  ]);
  await fixture.cluster.kubectl(["delete", "node", "deleted"]);
  await Promise.all([ended("shop", "deleted", web, 150), ended("agent", "deleted", agent, 150)]);
});

s.run();

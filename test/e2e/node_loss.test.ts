// lane: node-loss
// timeout: 300
import * as assert from "uvu/assert";
import type { Method } from "../../core/kube/client.ts";
import { addNode } from "../../scripts/testbed/nodes.ts";
import type { Operator } from "../support/operator.ts";
import type { Place } from "./place.ts";
import { openSetting, type Setting } from "./setting.ts";
import { condition, openShop, type Shop } from "./shop.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("a node that goes away while an update is verified is no fault of the version");

let setting: Setting;
let place: Place;
let operator: Operator;
let shop: Shop;

s.before(async () => {
  setting = await openSetting("node-loss", { own: true });
  place = await setting.place();
  for (const name of ["drained", "deleted"]) {
    await addNode(async (method, path, body) => ({
      status: 200,
      body: await place.kube.request(method as Method, path, { body }),
    }), name);
  }
  operator = await setting.operator(place);
  shop = openShop(place, () => operator);
});

s.after(() => setting.stop());

interface Pod {
  metadata: { deletionTimestamp?: string; labels: Record<string, string> };
  spec: { nodeName?: string };
  status: { phase: string };
}
async function nodesOf(name: string): Promise<string[]> {
  const path = `/api/v1/namespaces/${place.namespace}/pods`;
  const query = { labelSelector: `app=${name}` };
  const { items } = await place.kube.request<{ items: Pod[] }>("GET", path, { query });
  return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ spec }) => spec.nodeName ?? "");
}

/** A workload of this name whose update is healthy and soaks, with pods on a node. */
async function soaking(name: string, node: string, soak: string, kind: "Deployment" | "DaemonSet" = "Deployment") {
  await shop.add(name, { kind, replicas: 9, annotations: { soak, "auto-rollback": "true" } });
  await shop.tell(name, "1.1.0");
  const request = await eventually(`${name} is healthy`, async () => {
    const found = await shop.request(name, "1.1.0");
    return found?.status?.conditions?.some(({ type, status }) => type === "Healthy" && status === "True") && found;
  }, { last: () => shop.requests(name) });
  // times of Kubernetes have no fraction: what comes within this second could be from before
  await pause(1100);
  assert.ok((await nodesOf(name)).includes(node), `pods of ${name} on ${node}: ${await nodesOf(name)}`);
  return condition(request, "Healthy").lastTransitionTime;
}

/** Its update is good, and was healthy all the time. */
async function ended(name: string, node: string, since: string, seconds: number): Promise<void> {
  const request = await shop.phase(name, "1.1.0", "Completed", seconds);
  assert.is(condition(request, "Healthy").lastTransitionTime, since);
  assert.is((await shop.history(name))[0]!.verified, true);
  assert.ok(!(await nodesOf(name)).includes(node), `no pod of ${name} is on ${node} any more`);
  assert.is(await shop.running(name), shop.image(name, "1.1.0"));
}

s("drained", async () => {
  const since = await soaking("web", "drained", "6");
  await setting.cluster.kubectl(["taint", "node", "drained", "gone=true:NoExecute"]);
  await setting.cluster.kubectl(["delete", "node", "drained"]);
  await ended("web", "drained", since, 30);
});

s("deleted: its pods stay until the controller of garbage takes them, and come anew elsewhere", async () => {
  const [web, agent] = await Promise.all([
    soaking("shop", "deleted", "90"),
    soaking("agent", "deleted", "90", "DaemonSet"),
  ]);
  await setting.cluster.kubectl(["delete", "node", "deleted"]);
  await Promise.all([ended("shop", "deleted", web, 150), ended("agent", "deleted", agent, 150)]);
});

s.run();

import * as assert from "uvu/assert";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { guardApprovals, vouchForPeople } from "../support/guarded.ts";
import { inClusterEnv } from "../support/cluster.ts";
import type { Operator } from "../support/operator.ts";
import { type Person, person } from "../support/people.ts";
import { call, untilAcknowledged } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("decisions that cannot be forged, in a cluster with the rights and the policy of deploy/");
const proxySecret = "a-secret-of-16-characters";

let fixture: Fixture;
let ns: TestNamespace;
let operator: Operator;
let ann: Person;
let eve: Person;

s.before(async () => {
  fixture = await openFixture("approvals", { own: true });
  await guardApprovals(fixture.cluster);
  await vouchForPeople(fixture.cluster);
  ns = await fixture.namespace();
  ann = await person(fixture.cluster, ns.namespace, "ann", "headwind-approver");
  eve = await person(fixture.cluster, ns.namespace, "eve", "edit");
  operator = await inCluster({ HEADWIND_APPROVALS: "strict", HEADWIND_PROXY_SECRET: proxySecret });
});

s.after(async () => {
  for (const { close } of [ann, eve]) close();
  await fixture.stop();
});

async function inCluster(env: Record<string, string>): Promise<Operator> {
  return await fixture.operator(ns, {
    kubeconfig: "",
    env: {
      ...await inClusterEnv(fixture.cluster, "headwind-system", "headwind"),
      ...env,
    },
  });
}

const image = (name: string, tag = "1.0.0") => `registry.example/${name}:${tag}`;
const runs = async (name: string) => (await ns.images("Deployment", name)).app;

/** A workload, and the key of the request for its 1.1.0. */
async function offered(name: string, annotations: Record<string, string> = {}): Promise<string> {
  await ns.create(deployment({ name, image: image(name), annotations }));
  await known(operator, image(name));
  await untilAcknowledged(operator.webhook, { image: `registry.example/${name}`, tag: "1.1.0" }, { token });
  return `${ns.namespace}/${(await requestFor(name)).metadata.name}`;
}

async function requestFor(name: string): Promise<UpdateRequest> {
  return (await ns.requests()).find(({ spec }) => spec.targetRef.name === name)!;
}

const approve = (key: string, headers: Record<string, string>, approver?: string) =>
  call(`${operator.api}/api/v1/updates/${key}/approve`, { json: approver ? { approver } : {}, headers });

async function applied(name: string, by: string): Promise<void> {
  await eventually(`${name} is changed`, async () => await runs(name) === image(name, "1.1.0"));
  assert.is((await requestFor(name)).spec.decision?.by, by);
  const approvedBy = await eventually("it is written who approved", async () => {
    return (await requestFor(name)).status?.approvedBy;
  });
  assert.is(approvedBy, by);
}

s("a call without proof changes nothing, and the proven one's own name is what stays", async () => {
  const key = await offered("by-token");
  for (const headers of [{}, { "x-forwarded-user": "ann" }, { authorization: "Bearer abc" }]) {
    assert.is((await approve(key, headers as Record<string, string>, "ann")).status, 401);
  }
  assert.is((await approve(key, { authorization: `Bearer ${eve.token}` })).status, 403);
  assert.is((await requestFor("by-token")).spec.decision, undefined);
  assert.is(await runs("by-token"), image("by-token"));
  assert.is((await approve(key, { authorization: `Bearer ${ann.token}` })).status, 200);
  await applied("by-token", ann.user);
});

s("past the API, by one's own rights alone", async () => {
  const key = await offered("by-kubectl");
  const [namespace, name] = key.split("/");
  const path = `/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests/${name}`;
  const body = { spec: { decision: { approved: true, by: ann.user, via: "kubectl" } } };
  const refused = await eve.kube.request("PATCH", path, { body }).then(() => undefined, (error) => error.status);
  assert.is(refused, 403);
  await ann.kube.request("PATCH", path, { body });
  await applied("by-kubectl", ann.user);
});

s("a trusted proxy's user, whom the operator asks about and names", async () => {
  const key = await offered("by-proxy");
  await fixture.cluster.kubectl([
    ...["create", "rolebinding", "bob", "-n", ns.namespace, "--clusterrole=headwind-approver", "--user=bob"],
  ]);
  const proxied = (user: string) => ({ "x-headwind-proxy-secret": proxySecret, "x-forwarded-user": user });
  assert.is((await approve(key, proxied("mallory"))).status, 403);
  assert.is((await approve(key, proxied("bob"))).status, 200);
  await applied("by-proxy", "bob");
});

s("who decided, and who was denied, is in the log of actions and in Events on the request", async () => {
  const actions = (await operator.logs()).split("\n").filter((line) => line.includes("headwind::audit"))
    .map((line) => JSON.parse(line.slice(line.indexOf("{"))));
  const of = (username: string) => actions.filter((action) => action.username === username);
  assert.equal(of(eve.user).map(({ result }) => result), ["denied"]);
  assert.equal(of("mallory").map(({ result }) => result), ["denied"]);
  assert.equal(of("bob").map(({ action, result }) => `${action} ${result}`), ["approve success"]);
  assert.is(of(ann.user)[0].resource_type, "Deployment");
  const list = ["get", "events", "-n", ns.namespace, "-o", "json"];
  await eventually("both are told on the request", async () => {
    const events = JSON.parse(await fixture.cluster.kubectl(list)).items as {
      reason: string;
      involvedObject: { kind: string };
    }[];
    const reasons = events.filter(({ involvedObject }) => involvedObject.kind === "UpdateRequest").map(({ reason }) =>
      reason
    );
    return reasons.includes("ActionTaken") && reasons.includes("ActionDenied");
  });
});

s("what needs no approval is applied as before", async () => {
  await offered("by-nobody", { "require-approval": "false" });
  await eventually("it is changed", async () => await runs("by-nobody") === image("by-nobody", "1.1.0"));
});

s("it says that decisions are guarded, on every port", async () => {
  for (const base of [operator.webhook, operator.api, operator.metrics]) {
    await eventually("it is known", async () => (await call(`${base}/health`)).body.approvals === "enforced");
  }
  assert.match(await operator.logs(), "decisions are guarded by the ValidatingAdmissionPolicy headwind-approvals");
});

s("nothing was forbidden to the operator itself, and no token and no secret was told", async () => {
  const logs = await operator.logs();
  for (const secret of [ann.token, eve.token, proxySecret, token]) assert.not.ok(logs.includes(secret));
  const told = ["a decision is refused", "headwind::audit"];
  const own = logs.split("\n").filter((line) =>
    line.includes("forbidden") && !told.some((what) => line.includes(what))
  );
  assert.equal(own, []);
});

s("open: anybody is believed, and it says so", async () => {
  await operator.stop();
  operator = await inCluster({ HEADWIND_APPROVALS: "open" });
  assert.is((await call(`${operator.metrics}/health`)).body.approvals, "open");
  assert.match(await operator.logs(), "HEADWIND_APPROVALS=open");
  const key = await offered("by-anybody");
  assert.is((await approve(key, {}, "dave")).status, 200);
  await applied("by-anybody", "dave");
});

s("without the policy a strict operator warns", async () => {
  await operator.stop();
  await fixture.cluster.kubectl(["delete", "validatingadmissionpolicybinding", "headwind-approvals"]);
  operator = await inCluster({ HEADWIND_APPROVALS: "strict" });
  await eventually("it is logged", async () => (await operator.logs()).includes("decisions are not guarded"));
  assert.is((await call(`${operator.metrics}/health`)).body.approvals, "unenforced");
});

s.run();

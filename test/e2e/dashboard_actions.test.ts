// timeout: 600
import * as assert from "uvu/assert";
import { CHANGING } from "../support/changing_routes.ts";
import { deployment } from "./manifests.ts";
import { guardApprovals } from "../support/guarded.ts";
import { inClusterEnv } from "../support/cluster.ts";
import type { Operator } from "../support/operator.ts";
import { type Person, person } from "../support/people.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import { readCheckOutcome } from "../../core/workloads/asked_check.ts";
import { readHolds } from "../../core/requests/holds.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { untilAcknowledged } from "./calls.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("what is pressed on the dashboard, judged by the API server");

let fixture: Fixture;
let ns: TestNamespace;
let registry: Registry;
let operator: Operator;
/** Decides, edits, and makes requests anew. */
let ann: Person;
/** Edits workloads and patches requests, but has not the verb approve. */
let pat: Person;

const image = (name: string, tag: string) => `${registry.host}/${ns.namespace}/${name}:${tag}`;
const requestOf = async (name: string, tag: string) =>
  (await ns.requests()).find(({ spec }) => spec.targetRef.name === name && spec.newImage === image(name, tag));
const phase = (name: string, tag: string, wanted: string) =>
  eventually(`${name} ${tag} is ${wanted}`, async () => {
    const found = await requestOf(name, tag);
    return found?.status?.phase === wanted && found;
  }, { last: () => requestOf(name, tag) });

/** As a browser sends a form, by the token of who presses. */
async function press(who: Person, path: string, form: string[][] = []) {
  const answer = await fetch(operator.ui + path, {
    method: "POST",
    redirect: "manual",
    headers: {
      authorization: `Bearer ${who.token}`,
      "content-type": "application/x-www-form-urlencoded",
      "sec-fetch-site": "same-origin",
    },
    body: new URLSearchParams(form).toString(),
  });
  return { status: answer.status, text: await answer.text() };
}
const done = async (who: Person, path: string, form?: string[][]) => {
  const { status, text } = await press(who, path, form);
  assert.is(status, 303, text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ").slice(0, 2000));
};
const audit = async () =>
  (await operator.logs()).split("\n").filter((line) => line.includes("headwind::audit"))
    .map((line) => JSON.parse(line) as Record<string, string>);

/** A Deployment of 1.0.0, of which 1.1.0 waits for approval. */
async function create(name: string): Promise<string> {
  for (const tag of ["1.0.0", "1.1.0"]) await pushImage(registry.host, `${ns.namespace}/${name}`, tag);
  await ns.create(deployment({ name, image: image(name, "1.0.0"), replicas: 1, annotations: { soak: "0" } }));
  await known(operator, image(name, "1.0.0"), 1);
  const told = { image: `${registry.host}/${ns.namespace}/${name}`, tag: "1.1.0" };
  await untilAcknowledged(operator.webhook, told, { token });
  return (await phase(name, "1.1.0", "Pending")).metadata.name;
}
const workload = (name: string) => `/workloads/Deployment/${ns.namespace}/${name}`;
const update = (name: string) => `/updates/${ns.namespace}/${name}`;
const annotation = async (name: string, of: string) =>
  (await ns.workload("Deployment", name)).metadata.annotations?.[`headwind.sh/${of}`];

s.before(async () => {
  fixture = await openFixture("pressed", { own: true });
  await guardApprovals(fixture.cluster);
  [ns, registry] = await Promise.all([fixture.namespace(), fixture.registry()]);
  const env = await inClusterEnv(fixture.cluster, "headwind-system", "headwind");
  operator = await fixture.operator(ns, { kubeconfig: "", env: { ...env, HEADWIND_UI_AUTH_MODE: "token" } });
  const { cluster } = fixture;
  const may = async (name: string, verbs: string) => {
    await cluster.kubectl([
      ...["create", "role", `${name}-requests`, "-n", ns.namespace],
      ...["--resource=updaterequests.headwind.sh", `--verb=${verbs}`],
    ]);
    await cluster.kubectl([
      ...["create", "rolebinding", `${name}-requests`, "-n", ns.namespace],
      ...[`--role=${name}-requests`, `--serviceaccount=${ns.namespace}:${name}`],
    ]);
  };
  ann = await person(cluster, ns.namespace, "ann", "edit");
  await may("ann", "get,list,patch,approve,create,delete");
  pat = await person(cluster, ns.namespace, "pat", "view");
  await may("pat", "get,list,patch");
});

s.after(async () => {
  for (const who of [ann, pat]) who?.close();
  await fixture.stop();
});

s("who may patch requests but not approve does nothing by any route, and each try is a line of the audit", async () => {
  const waits = await create("guarded");
  const finished = (await (async () => {
    const name = await create("ended");
    await done(ann, `${update(name)}/reject`, [["comment", "not this one"]]);
    return await phase("ended", "1.1.0", "Rejected");
  })()).metadata.name;
  const place = { namespace: ns.namespace, update: waits, finished, workload: "guarded" };
  const routes = Object.values(CHANGING).flatMap((made) => made(place)).filter(({ action }) => action !== undefined);
  assert.ok(routes.length >= 8);
  const before = await ns.workload("Deployment", "guarded");
  for (const { path, form } of routes) {
    const { status, text } = await press(pat, path, Object.entries(form));
    if (path.startsWith("/actions/")) assert.match(text, /(Approved|Rejected) 0 of 1[\s\S]*not done/, path);
    else assert.is(status, 403, `${path}: ${text}`);
  }
  assert.is((await requestOf("guarded", "1.1.0"))!.spec.decision, undefined);
  assert.is((await requestOf("ended", "1.1.0"))!.metadata.name, finished);
  assert.equal((await ns.workload("Deployment", "guarded")).metadata.annotations, before.metadata.annotations);
  const denied = (await audit()).filter(({ username, result }) => username === pat.user && result === "denied");
  assert.is(denied.length, routes.length);
});

s("approved with a comment: signed, applied, and told by an Event on the update", async () => {
  const name = await create("approved");
  await done(ann, `${update(name)}/approve`, [["comment", "tested"]]);
  const { spec } = await phase("approved", "1.1.0", "Completed");
  assert.equal(spec.decision, { approved: true, by: ann.user, via: "dashboard", reason: "tested" });
  assert.is((await ns.images("Deployment", "approved")).app, image("approved", "1.1.0"));
  const late = await press(ann, `${update(name)}/reject`);
  assert.is(late.status, 409);
  assert.match(late.text, new RegExp(`was approved by ${ann.user}`));
  const [line] = (await audit()).filter((line) => line.name === name && line.action === "approve");
  assert.equal([line!.username, line!.resource_type, line!.namespace, line!.result, line!.reason], [
    ann.user,
    "Deployment",
    ns.namespace,
    "success",
    "tested",
  ]);
});

s("many at once: one that was decided meanwhile has its line, the others are done", async () => {
  const names = await Promise.all(["many-a", "many-b", "many-c"].map(create));
  await done(ann, `${update(names[1]!)}/reject`);
  const ticks = names.map((name) => ["update", `${ns.namespace}/${name}`]);
  const { status, text } = await press(ann, "/actions/decide_many", [["verdict", "approve"], ...ticks]);
  assert.is(status, 200);
  assert.match(text, "Approved 2 of 3");
  assert.match(text, new RegExp(`${names[1]}</a> not done: [\\s\\S]*was rejected by`));
  for (const name of ["many-a", "many-c"]) await phase(name, "1.1.0", "Completed");
});

s("held, resumed, rolled back, made anew, and looked at now", async () => {
  const name = await create("worked");
  await done(ann, `${workload("worked")}/hold`, [["container", "app"], ["reason", "freeze"]]);
  await phase("worked", "1.1.0", "Held");
  await done(ann, `${workload("worked")}/resume`, [["container", "app"]]);
  assert.is(readHolds(await annotation("worked", "held"))[0]!.resumedBy, ann.user);
  await phase("worked", "1.1.0", "Pending");
  await done(ann, `${update(name)}/reject`);
  await phase("worked", "1.1.0", "Rejected");
  await done(ann, `${update(name)}/retry`);
  const anew = await phase("worked", "1.1.0", "Pending");
  assert.is(anew.spec.madeBy, ann.user);
  await done(ann, `${update(name)}/approve`);
  await phase("worked", "1.1.0", "Completed");
  await done(ann, `${workload("worked")}/rollback`, [["container", "app"], ["reason", "slow"]]);
  assert.is((await ns.images("Deployment", "worked")).app, image("worked", "1.0.0"));
  await done(ann, `${workload("worked")}/check`);
  await eventually("it was looked at", async () => {
    const outcome = readCheckOutcome(await annotation("worked", "last-check"));
    return outcome !== undefined && outcome.requested === await annotation("worked", "check-requested-at");
  }, { last: () => ns.workload("Deployment", "worked") });
});

s.run();

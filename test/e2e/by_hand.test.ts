import * as assert from "uvu/assert";
import type { Operator } from "../support/operator.ts";
import { type Person, person } from "../support/people.ts";
import type { Proxy } from "../support/proxy.ts";
import { type Answer, call, metric } from "./calls.ts";
import { workload, type WorkloadKind } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { openWorkloads, type TestWorkloads } from "./test_workloads.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("rollback, hold and resume by hand, over the API");

let fixture: Fixture;
let ns: TestNamespace;
let proxy: Proxy;
/** Believes anybody, and reaches the API server through the proxy. */
let operator: Operator;
/** Another replica, which wants a proof. */
let strict: Operator;
let workloads: TestWorkloads;
let ann: Person;
let eve: Person;

s.before(async () => {
  fixture = await openFixture("by-hand");
  [ns, proxy] = await Promise.all([fixture.namespace(), fixture.proxy()]);
  ann = await person(fixture.cluster, ns.namespace, "ann", "edit");
  eve = await person(fixture.cluster, ns.namespace, "eve", "view");
  operator = await fixture.operator(ns, { kubeconfig: proxy.kubeconfig });
  strict = await fixture.operator(ns, { replica: "replica-1", env: { HEADWIND_APPROVALS: "strict" } });
  workloads = openWorkloads(ns, () => operator);
});

s.after(async () => {
  for (const { close } of [ann, eve]) close();
  await fixture.stop();
});

type Deed = "rollback" | "hold" | "resume";

const does = (what: Deed, name: string, json: Record<string, unknown> = {}, query = ""): Promise<Answer> =>
  call(`${operator.api}/api/v1/${what}/${ns.namespace}/${name}/app${query}`, { json });
const history = async (name: string) =>
  (await call(`${operator.api}/api/v1/rollback/${ns.namespace}/${name}/history`)).body;
/** What is held and not let go, by its tag. */
async function heldTags(name: string): Promise<(string | undefined)[]> {
  const holds = (await workloads.holds(name)).filter(({ resumedAt }) => resumedAt === undefined);
  return holds.map(({ image }) => image?.split(":").at(-1)).sort();
}
const offered = async (name: string) =>
  (await workloads.requests(name)).map(({ spec, status }) => `${spec.newImage.split(":").at(-1)} ${status?.phase}`)
    .sort();
/** Nothing is made of a version that is told of again. */
async function notOffered(name: string, tag: string): Promise<void> {
  const before = await offered(name);
  const runs = await workloads.running(name);
  await workloads.tell(name, tag);
  await pause(300);
  assert.equal([await offered(name), await workloads.running(name)], [before, runs]);
}

for (const kind of ["Deployment", "StatefulSet", "DaemonSet", "CronJob"] satisfies WorkloadKind[]) {
  s(
    `${kind}: back to what ran before, then to a named version; what is left is held, a newer one is offered`,
    async () => {
      const name = kind.toLowerCase();
      await workloads.add(name, { kind, ...(kind === "CronJob" ? { spec: { suspend: true } } : {}) });
      await workloads.updated(name, "1.1.0");
      await workloads.updated(name, "1.2.0");
      const image = (tag: string) => workloads.image(name, tag);
      const place_ = { kind, namespace: ns.namespace, name, container: "app" };

      const first = await does("rollback", name, { user: "dave", reason: "slow start" });
      assert.equal([first.status, first.body], [200, { ...place_, from: image("1.2.0"), to: image("1.1.0") }]);
      assert.is(await workloads.running(name), image("1.1.0"));
      const left = await workloads.phase(name, "1.2.0", "RolledBack");
      assert.match(left.status!.message!, `rolled back to ${image("1.1.0")} by dave: slow start`);
      const [entry, ...older] = await history(name);
      assert.equal([entry.image, entry.rollback], [image("1.1.0"), {
        of: image("1.2.0"),
        by: "dave",
        reason: "slow start",
      }]);
      assert.equal(older.map((one: { image: string }) => one.image), [image("1.2.0"), image("1.1.0")]);
      await notOffered(name, "1.2.0");

      const second = await does("rollback", name, { image: "1.0.0" });
      assert.equal([second.status, second.body.to], [200, image("1.0.0")]);
      assert.is(await workloads.running(name), image("1.0.0"));
      await workloads.phase(name, "1.1.0", "RolledBack");
      assert.equal(await heldTags(name), ["1.1.0", "1.2.0"]);
      for (const tag of ["1.1.0", "1.2.0"]) await notOffered(name, tag);

      await workloads.updated(name, "1.3.0");
      assert.is(await workloads.running(name), image("1.3.0"));
    },
  );
}

s("it is told of: an Event and the numbers", async () => {
  const told = await eventually("an Event", async () => {
    const events = await workloads.events("deployment");
    return events.find(({ reason, message }) => reason === "UpdateRolledBack" && message.includes("by dave"));
  });
  assert.is(told.type, "Warning");
  assert.match(told.message, "deployment:1.1.0 → ");
  assert.is(await metric(operator.metrics, "headwind_rollbacks_manual_total"), 8);
  assert.is(await metric(operator.metrics, "headwind_rollbacks_total"), 8);
  assert.is(await metric(operator.metrics, "headwind_rollbacks_automatic_total"), 0);
});

s("a name of two workloads: 409 that names kind, and with it the one that is meant", async () => {
  for (const kind of ["Deployment", "StatefulSet"] as const) {
    await ns.create(workload(kind, { name: "same", image: workloads.image("same", "1.0.0") }));
  }
  for (const what of ["rollback", "hold", "resume"] as const) {
    const { status, body } = await does(what, "same");
    assert.equal([status, body.field], [409, "kind"]);
    assert.match(body.error, "same is the name of several: Deployment, StatefulSet");
  }
  const read = await call(`${operator.api}/api/v1/rollback/${ns.namespace}/same/history`);
  assert.equal([read.status, read.body.field], [409, "kind"]);
  assert.is((await does("hold", "same", {}, "?kind=CronJob")).status, 404);
  assert.is((await does("hold", "same", {}, "?kind=StatefulSet")).status, 200);
  const held = async (kind: WorkloadKind) =>
    (await ns.workload(kind, "same")).metadata.annotations!["headwind.sh/held"];
  assert.match((await held("StatefulSet"))!, '"by":"api"');
  assert.is(await held("Deployment"), undefined);
});

s("held: not offered; let go: offered again", async () => {
  await workloads.add("one");
  assert.is((await does("hold", "one", { image: "1.1.0", user: "dave", reason: "a bug" })).status, 200);
  await notOffered("one", "1.1.0");
  assert.equal(await offered("one"), []);
  await workloads.updated("one", "1.2.0");
  assert.is((await does("hold", "one", {})).status, 200);
  for (const tag of ["1.3.0", "1.4.0"]) await notOffered("one", tag);
  assert.is((await does("resume", "one", { user: "eve" })).status, 200);
  assert.equal(await heldTags("one"), []);
  await workloads.updated("one", "1.4.0");
  const again = await does("resume", "one");
  assert.equal([again.status, again.body.field], [409, "image"]);
});

s("held while it waits for approval: it says so, an approval changes nothing, and let go it goes on", async () => {
  await workloads.add("waiting", { annotations: { "require-approval": "true" } });
  await workloads.tell("waiting", "1.1.0");
  const { metadata } = await workloads.phase("waiting", "1.1.0", "Pending");
  await does("hold", "waiting", { image: "1.1.0", user: "dave", reason: "a bug" });
  const held = await workloads.phase("waiting", "1.1.0", "Held");
  assert.match(held.status!.message!, "is held by dave: a bug; not offered again until a person resumes");
  await does("resume", "waiting", { image: "1.1.0" });
  await workloads.phase("waiting", "1.1.0", "Pending");
  const approved = await call(`${operator.api}/api/v1/updates/${ns.namespace}/${metadata.name}/approve`, {
    json: {},
  });
  assert.is(approved.status, 200);
  assert.is((await workloads.phase("waiting", "1.1.0", "Completed")).metadata.uid, metadata.uid);
});

s("strict: by the caller's own rights, and whoever lacks them is not told whether it is there", async () => {
  const name = "proven";
  await workloads.add(name);
  await workloads.updated(name, "1.1.0");
  const tried = (what: Deed, token?: string, json: Record<string, unknown> = {}) =>
    call(`${strict.api}/api/v1/${what}/${ns.namespace}/${name}/app`, {
      json,
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
  assert.is((await tried("rollback")).status, 401);
  for (const what of ["rollback", "hold"] as const) {
    const { status, body } = await tried(what, eve.token);
    assert.is(status, 403);
    assert.is(body.error, `${eve.user} may not patch a workload ${ns.namespace}/${name}, or there is none`);
  }
  assert.equal([(await tried("rollback", ann.token, { user: "dave" })).status, await workloads.holds(name)], [403, []]);
  assert.is(await workloads.running(name), workloads.image(name, "1.1.0"));
  assert.is((await tried("rollback", ann.token)).status, 200);
  assert.is(await workloads.running(name), workloads.image(name, "1.0.0"));
  assert.equal((await workloads.holds(name)).map(({ by }) => by), [ann.user]);
  await workloads.phase(name, "1.1.0", "RolledBack");
  const logs = await strict.logs();
  for (const secret of [ann.token, eve.token]) assert.not.ok(logs.includes(secret));
});

s("a workload that a person changes in between is read again: nothing of theirs is lost", async () => {
  const name = "raced";
  await workloads.add(name);
  await workloads.updated(name, "1.1.0");
  const from = proxy.calls.length;
  const patches = () =>
    proxy.calls.slice(from).filter(({ method, path }) => method === "PATCH" && path.includes(`/deployments/${name}`));
  proxy.delay(700);
  const answer = does("rollback", name, { image: "1.0.0", user: "dave" });
  await eventually("the patch is on its way", async () => patches().some(({ status }) => status === undefined));
  await workloads.edit(name, "1.5.0");
  await ns.change("Deployment", name, { metadata: { annotations: { note: "mine" } } });
  const { status, body } = await answer;
  proxy.recover();
  assert.equal([status, body.from, body.to], [200, workloads.image(name, "1.5.0"), workloads.image(name, "1.0.0")]);
  assert.equal(patches().map((one) => one.status), [422, 200]);
  assert.is(await workloads.running(name), workloads.image(name, "1.0.0"));
  assert.is((await ns.workload("Deployment", name)).metadata.annotations!.note, "mine");
  assert.ok((await heldTags(name)).includes("1.5.0"));
  await notOffered(name, "1.5.0");
});

s("what is asked for twice is done once, and what is not there is said", async () => {
  const name = "twice";
  await workloads.add(name);
  await workloads.updated(name, "1.1.0");
  const answers = await Promise.all([
    does("rollback", name, { image: "1.0.0" }),
    does("rollback", name, { image: "1.0.0" }),
  ]);
  assert.equal(answers.map(({ status }) => status).sort(), [200, 409]);
  assert.is((await workloads.history(name)).filter(({ rollback }) => rollback).length, 1);
  assert.is((await does("rollback", "nobody")).status, 404);
});

s("nothing went wrong beside", async () => {
  for (const one of [operator, strict]) assert.not.match(await one.logs(), /TypeError|unhandled|"level":"error"/i);
});

s.run();

import * as assert from "uvu/assert";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CHANGING, changingPaths, type ChangingRoute, type Place } from "../support/changing_routes.ts";
import { deployment } from "./manifests.ts";
import { e2e, eventually } from "./suite.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { guardApprovals, vouchForPeople } from "../support/guarded.ts";
import { inClusterEnv } from "../support/cluster.ts";
import type { Operator } from "../support/operator.ts";
import { type Person, person } from "../support/people.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { untilAcknowledged } from "./calls.ts";

const s = e2e("the dashboard does nothing for who may not, in a cluster with the rights and the policy of deploy/");
const proxySecret = "a-secret-of-16-characters";
/** What each action takes, by who has it: of `edit` the rights on workloads, of `headwind-approver` those to decide. */
const ALLOWED: Record<string, readonly string[]> = {
  edit: ["hold", "resume", "rollback", "check"],
  approver: ["approve", "reject"],
  nothing: [],
};

let fixture: Fixture;
let ns: TestNamespace;
let byToken: [Operator, Operator];
let byProxy: Operator;
let byNothing: Operator;
let people: Record<"edit" | "approver" | "nothing", Person>;
let place: Place;
let routes: ChangingRoute[];

s.before(async () => {
  fixture = await openFixture("dashboard-rights", { own: true });
  await guardApprovals(fixture.cluster);
  await vouchForPeople(fixture.cluster);
  ns = await fixture.namespace();
  const invite = (name: string, role: string) => person(fixture.cluster, ns.namespace, name, role);
  const [edit, approver, nothing] = await Promise.all([
    invite("eve", "edit"),
    invite("ann", "headwind-approver"),
    invite("vic", "view"),
  ]);
  people = { edit, approver, nothing };
  for (const [user, role] of [["eve", "edit"], ["ann", "headwind-approver"], ["vic", "view"]] as const) {
    await fixture.cluster.kubectl([
      ...["create", "rolebinding", `proxied-${user}`, "-n", ns.namespace, `--clusterrole=${role}`, `--user=${user}`],
    ]);
  }
  const keys = join(fixture.cluster.dir, "session-keys");
  await writeFile(keys, "of-the-tests-".repeat(4));
  const account = await inClusterEnv(fixture.cluster, "headwind-system", "headwind");
  const start = (replica: string, env: Record<string, string>) =>
    fixture.operator(ns, { kubeconfig: "", replica, env: { ...account, HEADWIND_APPROVALS: "strict", ...env } });
  const login = { HEADWIND_UI_AUTH_MODE: "token", HEADWIND_UI_SESSION_KEYS_FILE: keys };
  const proxied = { HEADWIND_UI_AUTH_MODE: "proxy", HEADWIND_PROXY_SECRET: proxySecret };
  const [first, second, third, fourth] = await Promise.all([
    start("token-0", login),
    start("token-1", login),
    start("proxy", proxied),
    start("none", { HEADWIND_UI_AUTH_MODE: "none" }),
  ]);
  byToken = [first, second];
  [byProxy, byNothing] = [third, fourth];
  place = { namespace: ns.namespace, update: await offered("web", "1.1.0"), finished: "", workload: "web" };
  place.finished = await rejected();
  routes = (await changingPaths()).flatMap((path) => CHANGING[path]!(place)).filter(({ action }) =>
    action !== undefined
  );
});

s.after(async () => {
  for (const { close } of Object.values(people)) close();
  await fixture.stop();
});

const image = (tag: string) => `registry.example/web:${tag}`;

/** The name of the request for a version of the workload. */
async function offered(name: string, tag: string): Promise<string> {
  await ns.create(deployment({ name, image: image("1.0.0") }));
  await known(byToken[0], image("1.0.0"));
  await untilAcknowledged(byToken[0].webhook, { image: "registry.example/web", tag }, { token });
  return (await ns.requests()).find(({ spec }) => spec.targetRef.name === name)!.metadata.name;
}

/** The name of a request that is rejected, which somebody may have made anew. */
async function rejected(): Promise<string> {
  await untilAcknowledged(byToken[0].webhook, { image: "registry.example/web", tag: "1.0.5" }, { token });
  const { metadata } = (await ns.requests()).find(({ spec }) => spec.newImage === image("1.0.5"))!;
  const path = `/apis/headwind.sh/v1alpha1/namespaces/${ns.namespace}/updaterequests/${metadata.name}`;
  const decision = { approved: false, by: people.approver.user, via: "kubectl" };
  await people.approver.kube.request("PATCH", path, { body: { spec: { decision } } });
  return metadata.name;
}

const send = (operator: Operator, { path, form }: ChangingRoute, headers: Record<string, string>) =>
  fetch(operator.ui + path, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form),
    headers: { "sec-fetch-site": "same-origin", ...headers },
  });

/** What an action would leave its traces in. */
async function traces(): Promise<unknown> {
  const deployed = JSON.parse(
    await fixture.cluster.kubectl(["get", "deployment", "web", "-n", ns.namespace, "-o", "json"]),
  );
  const requests = (await ns.requests()).map(({ metadata, spec }) => [metadata.name, metadata.uid, spec]);
  return { annotations: deployed.metadata.annotations, template: deployed.spec.template, requests };
}

async function deniedBy(operator: Operator, username: string): Promise<string[]> {
  const lines = (await operator.logs()).split("\n").filter((line) => line.includes("headwind::audit"));
  return lines.map((line) => JSON.parse(line)).filter((line) => line.username === username && line.result === "denied")
    .map(({ action }) => action);
}

for (const who of ["edit", "nothing", "approver"] as const) {
  s(`whose rights are ${who}: what they may not is refused on every route, and written down`, async () => {
    const refused = routes.filter(({ action }) => !ALLOWED[who]!.includes(action!));
    assert.ok(refused.length > 0);
    const before = await traces();
    const user = { edit: "eve", nothing: "vic", approver: "ann" }[who];
    const ways: [Operator, Record<string, string>, string][] = [
      [byToken[0], { authorization: `Bearer ${people[who].token}` }, people[who].user],
      [byProxy, { "x-headwind-proxy-secret": proxySecret, "x-forwarded-user": user }, user],
    ];
    for (const [operator, headers, username] of ways) {
      for (const route of refused) {
        const answer = await send(operator, route, headers);
        await answer.text();
        assert.ok(answer.status === 403 || route.path === "/actions/decide_many", `${route.path}: ${answer.status}`);
      }
      assert.equal(await traces(), before, `${username} changed something`);
      const denied = await deniedBy(operator, username);
      assert.equal(denied.toSorted(), refused.map(({ action }) => action!).toSorted());
    }
  });
}

s("where nobody is asked who they are, nobody changes anything", async () => {
  const before = await traces();
  for (const route of routes) {
    const answer = await send(byNothing, route, {
      authorization: `Bearer ${people.approver.token}`,
      "x-forwarded-user": "ann",
    });
    assert.ok(answer.status === 403 || route.path === "/actions/decide_many", `${route.path}: ${answer.status}`);
    await answer.text();
  }
  assert.equal(await traces(), before);
});

s("who shows nothing is led to sign in, and changes nothing", async () => {
  const before = await traces();
  for (const route of routes) {
    for (const headers of [{}, { "x-forwarded-user": "ann" }, { cookie: "__Host-headwind=1.forged" }]) {
      const answer = await send(byToken[0], route, headers as Record<string, string>);
      assert.equal([answer.status, answer.headers.get("location")], [303, "/login"], route.path);
      assert.is((await send(byProxy, route, headers as Record<string, string>)).status, 401, route.path);
    }
  }
  assert.equal(await traces(), before);
});

s("who may is let, by a session that one replica began and the other knows", async () => {
  const form = new URLSearchParams({ token: people.approver.token });
  const signedIn = await fetch(`${byToken[0].ui}/login`, { method: "POST", body: form, redirect: "manual" });
  assert.is(signedIn.status, 303);
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const answer = await send(byToken[1], {
    path: `/updates/${ns.namespace}/${place.update}/approve`,
    form: { comment: "tested" },
  }, { cookie });
  assert.is(answer.status, 303);
  await eventually("it is signed by the one who signed in", async () => {
    const { spec } = (await ns.requests()).find(({ metadata }) => metadata.name === place.update)!;
    return spec.decision?.by === people.approver.user && spec.decision.via === "dashboard";
  });
});

s("no token, and no secret, is in any log", async () => {
  for (const operator of [...byToken, byProxy, byNothing]) {
    const logs = await operator.logs();
    for (const secret of [...Object.values(people).map(({ token }) => token), proxySecret, token]) {
      assert.not.ok(logs.includes(secret));
    }
  }
});

s.run();

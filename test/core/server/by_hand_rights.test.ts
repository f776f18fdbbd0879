import type { Hono } from "hono";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readHistory } from "../../../core/requests/history.ts";
import { readHolds } from "../../../core/requests/holds.ts";
import { type KubeObject, workload, type WorkloadKind } from "../../e2e/manifests.ts";
import { type Person, person } from "../../support/people.ts";
import {
  bearer,
  type Harness,
  namespace,
  podConnection,
  proxied,
  proxySecret,
  startHarness,
} from "./guarded_api_harness.ts";

const s = suite("who may roll back, hold and resume over the API");
let harness: Harness;
let ann: Person;
let eve: Person;
/** Nothing but the defaults; with a proxy; without proofs. */
let strict: Hono;
let vouching: Hono;
let open: Hono;
let count = 0;

s.before(async () => {
  harness = await startHarness();
  ann = await person(harness.plane, namespace, "ann", "edit");
  eve = await person(harness.plane, namespace, "eve", "view");
  await harness.plane.kubectl([
    ...["create", "rolebinding", "people", "-n", namespace, "--clusterrole=edit", "--user=bob", "--group=release"],
  ]);
  strict = await harness.api(harness.own);
  vouching = await harness.api(harness.own, { HEADWIND_PROXY_SECRET: proxySecret });
  open = await harness.api(harness.own, { HEADWIND_APPROVALS: "open" });
});
s.after(async () => {
  for (const { close } of [ann, eve]) close();
  await harness.stop();
});

interface Moved {
  name: string;
  kind: WorkloadKind;
  path: string;
}

/** A workload that was moved from 1.0.0 to 1.1.0. */
async function moved(kind: WorkloadKind = "Deployment"): Promise<Moved> {
  const name = `web-${++count}`;
  const [image, timestamp] = ["app:1.1.0", new Date().toISOString()];
  const entry = { container: "app", image, previousImage: "app:1.0.0", timestamp };
  const object = workload(kind, { name, image, annotations: { "update-history": JSON.stringify([entry]) } });
  const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s`;
  await harness.admin.request("POST", path, { body: object });
  return { name, kind, path: `${path}/${name}` };
}

async function stored({ path }: Moved) {
  const { metadata, spec } = await harness.admin.request<KubeObject>("GET", path);
  const { template } = spec as { template: { spec: { containers: { image: string }[] } } };
  return {
    image: template.spec.containers[0]!.image,
    history: readHistory(metadata.annotations?.["headwind.sh/update-history"]),
    held: readHolds(metadata.annotations?.["headwind.sh/held"]),
  };
}

async function post(
  api: Hono,
  what: string,
  { name }: Moved,
  more: Record<string, string> = {},
  body: unknown = {},
  query = "",
) {
  const headers = { "content-type": "application/json", ...more };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await api.fetch(new Request(`http://127.0.0.1/api/v1/${what}/${namespace}/${name}/app${query}`, init));
  return { status: answer.status, ...await answer.json() as { error?: string; field?: string; to?: string } };
}

async function done(api: Hono, headers: Record<string, string>, by: string, body: unknown = {}): Promise<void> {
  const one = await moved();
  const answer = await post(api, "rollback", one, headers, body);
  assert.equal([answer.status, answer.to], [200, "app:1.0.0"], JSON.stringify(answer));
  const rolledBack = await stored(one);
  assert.is(rolledBack.image, "app:1.0.0");
  assert.equal(rolledBack.history[0]?.rollback?.by, by);
  assert.equal(rolledBack.held.map((hold) => [hold.image, hold.by, hold.resumedBy]), [["app:1.1.0", by, undefined]]);
  assert.is((await post(api, "resume", one, headers, body)).status, 200);
  assert.is((await stored(one)).held[0]?.resumedBy, by);
  assert.is((await post(api, "hold", one, headers, body)).status, 200);
  assert.equal((await stored(one)).held[0]?.by, by);
}

async function refused(
  api: Hono,
  headers: Record<string, string>,
  status: number,
  says: string | RegExp,
  { field, body, one }: { field?: string; body?: unknown; one?: Moved } = {},
): Promise<void> {
  const mine = one ?? await moved();
  const before = await stored(mine);
  for (const what of ["rollback", "hold", "resume"]) {
    const answer = await post(api, what, mine, headers, body);
    assert.is(answer.status, status, JSON.stringify(answer));
    assert.match(answer.error!, says);
    assert.is(answer.field, field);
  }
  assert.equal(await stored(mine), before);
}

s("nobody: 401, and nothing is written", async () => {
  await refused(strict, {}, 401, "has to be proven", { field: "Authorization" });
  await refused(strict, {}, 401, "has to be proven", { field: "Authorization", body: { user: ann.user } });
  await refused(strict, proxied("bob"), 401, "has to be proven", { field: "Authorization" });
  await refused(vouching, { "x-forwarded-user": "bob" }, 401, "has to be proven", { field: "Authorization" });
  await refused(strict, bearer("abc"), 401, "the API server does not take the token", { field: "Authorization" });
});

s("a token of the cluster writes with its holder's rights and name", async () => {
  await done(strict, bearer(ann.token), ann.user);
  await done(vouching, bearer(ann.token), ann.user, { user: ann.user });
});

s("who may not patch the workload is told the same as of one that is not there", async () => {
  const one = await moved();
  const words = `${eve.user} may not patch a workload shop/${one.name}, or there is none`;
  await refused(strict, bearer(eve.token), 403, words, { one });
  await refused(vouching, proxied("mallory"), 403, "mallory may not patch a workload shop/", { one });
  for (const [headers, user] of [[bearer(eve.token), eve.user], [proxied("mallory"), "mallory"]] as const) {
    for (const query of ["", "?kind=Deployment"]) {
      const [there, not] = await Promise.all([one.name, "not-there"].map(async (name) => {
        const answer = await post(vouching, "hold", { ...one, name }, headers, {}, query);
        return JSON.stringify(answer).replaceAll(name, "");
      }));
      assert.is(there, not);
      assert.match(there!, `${user} may not patch`);
    }
  }
  const missing = await post(strict, "hold", { ...one, name: "not-there" }, bearer(ann.token));
  assert.equal([missing.status, missing.error], [404, "there is no workload shop/not-there"]);
});

s("who may not patch the workload learns nothing of it from why something is not possible", async () => {
  const one = await moved();
  const wishes: [what: string, body: unknown][] = [
    ["hold", { image: "other/app:1.0.0" }],
    ["rollback", { image: "app:1.1.0" }],
    ["rollback", { index: 7 }],
    ["resume", {}],
  ];
  for (const [what, body] of wishes) {
    const mine = await post(strict, what, one, bearer(ann.token), body);
    assert.is(mine.status, 409, JSON.stringify(mine));
    const answer = await post(strict, what, one, bearer(eve.token), body);
    assert.is(answer.status, 403, JSON.stringify(answer));
    assert.match(answer.error!, `${eve.user} may not patch a workload shop/${one.name}`);
  }
});

s("a right to one kind is none to another", async () => {
  const [web, db] = [await moved(), await moved("StatefulSet")];
  const deployer = await person(harness.plane, namespace, "deployer");
  await harness.plane.kubectl([
    ...["create", "role", "deployer", "-n", namespace, "--verb=patch", "--resource=deployments.apps"],
  ]);
  await harness.plane.kubectl([
    ...["create", "rolebinding", "deployer", "-n", namespace, "--role=deployer"],
    `--serviceaccount=${namespace}:deployer`,
  ]);
  const headers = bearer(deployer.token);
  assert.is((await post(strict, "rollback", web, headers)).status, 200);
  assert.match((await post(strict, "rollback", db, headers)).error!, `may not patch a workload shop/${db.name}`);
  assert.is((await stored(db)).image, "app:1.1.0");
  deployer.close();
});

s("whom a proxy names may do what their own rights allow", async () => {
  await done(vouching, proxied("bob"), "bob");
  await done(vouching, proxied("carol", "release"), "carol", { user: "carol" });
  await refused(vouching, proxied("mallory", "dev"), 403, "mallory may not patch a workload shop/web-");
  await refused(vouching, proxied("mallory", "system:masters"), 403, "mallory may not patch");
});

s("nobody signs as another", async () => {
  const forged = { field: "user", body: { user: "dave" } };
  await refused(strict, bearer(ann.token), 403, `you are ${ann.user}`, forged);
  await refused(vouching, proxied("bob"), 403, "you are bob", forged);
  await refused(open, bearer(ann.token), 403, `you are ${ann.user}`, forged);
});

s("open: who shows nothing is believed, as Headwind did", async () => {
  await done(open, {}, "dave", { user: "dave" });
  await done(open, {}, "api");
  await done(open, bearer(ann.token), ann.user);
});

s("an operator without the right to patch says so to nobody, and asks to come again", async () => {
  const role = ["--verb=get", "--resource=deployments.apps,statefulsets.apps"];
  await harness.plane.kubectl(["create", "clusterrole", "reader", ...role]);
  await harness.plane.kubectl([
    ...["create", "clusterrolebinding", "reader", "--clusterrole=reader", `--serviceaccount=${namespace}:reader`],
  ]);
  const connection = await podConnection(harness.plane, namespace, "reader");
  const one = await moved();
  const answer = await post(await harness.api(connection, { HEADWIND_APPROVALS: "open" }), "rollback", one);
  assert.equal([answer.status, answer.error], [503, "the API server cannot be used now"]);
  assert.is((await stored(one)).image, "app:1.1.0");
  connection.close();
});

s("who reads a history proves who they are, and that they may read UpdateRequests and the workload", async () => {
  const { name } = await moved();
  const read = async (headers: Record<string, string> = {}) => {
    const url = `http://127.0.0.1/api/v1/rollback/${namespace}/${name}/history`;
    const answer = await strict.fetch(new Request(url, { headers }));
    return { status: answer.status, body: await answer.json() };
  };
  assert.is((await read()).status, 401);
  const { status, body } = await read(bearer(eve.token));
  assert.equal([status, body.length], [200, 1]);
  const deployer = await person(harness.plane, "default", "reader", "view");
  const refused = await read(bearer(deployer.token));
  assert.is(refused.status, 403);
  assert.match(refused.body.error, "may not list updaterequests.headwind.sh in namespace shop");
  deployer.close();
});

s("who did it is logged, and no token and no secret", () => {
  const text = harness.lines.join("\n");
  assert.match(text, /"rollback by hand".*"workload":"Deployment\/shop\/web-\d+"/);
  assert.match(text, `"by":"${ann.user}","proof":"token"`);
  assert.match(text, `"by":"bob","proof":"vouched"`);
  for (const secret of [ann.token, eve.token, proxySecret]) assert.not.ok(text.includes(secret));
});

s.run();

import type { Hono } from "hono";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeConnection } from "../../../core/kube/client.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { ControlPlane } from "../../../scripts/testbed/controlplane.ts";
import { type Issuer, startIssuer } from "../../support/issuer.ts";
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

const s = suite("proofs of who decides over the API");
let harness: Harness;
let plane: ControlPlane;
let own: KubeConnection;
let issuer: Issuer;
let ann: Person;
let eve: Person;
/** Nothing but the defaults; with an issuer and a proxy; without proofs. */
let strict: Hono;
let vouching: Hono;
let open: Hono;

s.before(async () => {
  [harness, issuer] = await Promise.all([startHarness(), startIssuer()]);
  ({ plane, own } = harness);
  ann = await person(plane, namespace, "ann", "headwind-approver");
  eve = await person(plane, namespace, "eve", "headwind-viewer");
  await plane.kubectl([
    ...["create", "rolebinding", "people", "-n", namespace, "--clusterrole=headwind-approver"],
    ...["--user=bob@example.com", "--user=bob", "--group=release"],
  ]);
  strict = await harness.api(own);
  vouching = await harness.api(own, { HEADWIND_OIDC_ISSUER: issuer.url, HEADWIND_PROXY_SECRET: proxySecret });
  open = await harness.api(own, { HEADWIND_APPROVALS: "open" });
});
s.after(async () => {
  for (const { close } of [ann, eve]) close();
  await issuer.stop();
  await harness.stop();
});

const signed: Harness["signed"] = (...call) => harness.signed(...call);
const refused: Harness["refused"] = (...call) => harness.refused(...call);
const unproven = (api: Hono, headers: Record<string, string>, said: string | RegExp = "has to be proven") =>
  refused(api, { headers }, 401, said, "Authorization");
const untaken = "the API server does not take the token";

s("nobody: 401, and nothing is written", async () => {
  await unproven(strict, {});
  await refused(strict, { body: { approver: ann.user } }, 401, "has to be proven", "Authorization");
  await unproven(strict, { authorization: "Basic YW5uOnNlY3JldA==" });
  await unproven(vouching, {});
});

s("a token of the cluster decides with its holder's rights and name", async () => {
  await signed(strict, { headers: bearer(ann.token) }, ann.user);
  await signed(strict, { headers: bearer(ann.token), verb: "reject", body: { reason: "not today" } }, ann.user);
  await signed(strict, { headers: bearer(ann.token), body: { approver: ann.user } }, ann.user);
  await signed(vouching, { headers: bearer(ann.token) }, ann.user);
});

s("without the verb, or any right to write, the API server's own refusal is passed on", async () => {
  await refused(strict, { headers: bearer(eve.token) }, 403, `User "${eve.user}" cannot patch`);
  const editor = await person(plane, namespace, "editor");
  await plane.kubectl([
    ...["create", "role", "editor", "-n", namespace, "--verb=patch", "--resource=updaterequests.headwind.sh"],
  ]);
  await plane.kubectl([
    ...["create", "rolebinding", "editor", "-n", namespace, "--role=editor"],
    `--serviceaccount=${namespace}:editor`,
  ]);
  await refused(strict, { headers: bearer(editor.token) }, 403, `${editor.user} may not decide here`);
  editor.close();
});

s("nobody signs as another", async () => {
  const asBob = { headers: bearer(ann.token), body: { approver: "bob" } };
  for (const api of [strict, open]) await refused(api, asBob, 403, `you are ${ann.user}`, "approver");
  await refused(vouching, { headers: proxied("bob"), body: { approver: "ann" } }, 403, "you are bob", "approver");
});

s("tokens that the API server does not take: 401", async () => {
  const gone = await person(plane, namespace, "gone", "headwind-approver");
  await plane.kubectl(["delete", "serviceaccount", "gone", "-n", namespace]);
  const elsewhere = await plane.kubectl(["create", "token", "ann", "-n", namespace, "--audience=elsewhere"]);
  const [head, , signature] = ann.token.split(".");
  const forged = `${head}.${btoa(JSON.stringify({ sub: ann.user })).replace(/=+$/, "")}.${signature}`;
  for (const token of [gone.token, elsewhere.trim(), forged, "abc", await issuer.token({ email: "bob@example.com" })]) {
    await unproven(strict, bearer(token), untaken);
  }
  await unproven(open, bearer("abc"), untaken);
  for (const text of ["", " ", "a b", "é", '"quoted"']) await unproven(strict, bearer(text), /./);
  gone.close();
});

s("a caller's token is believed before Headwind's own client certificate, and alone", async () => {
  const local = await harness.api(harness.admins);
  await unproven(local, bearer("abc"), untaken);
  await refused(local, { headers: bearer(eve.token) }, 403, `User "${eve.user}" cannot patch`);
  await signed(local, { headers: bearer(ann.token) }, ann.user);
  const plain = await harness.api({ ...harness.admins, server: harness.admins.server.replace("https:", "http:") });
  const { status, answer } = await harness.call(plain, { headers: bearer(ann.token) });
  assert.equal([status, answer.field], [401, "Authorization"]);
  assert.match(answer.error, "plain http");
});

s("a proxy that knows the secret names the user, whose rights or groups are asked for", async () => {
  await signed(vouching, { headers: proxied("bob") }, "bob");
  await signed(vouching, { headers: proxied("carol", "dev,release") }, "carol");
  await signed(vouching, { headers: proxied("bob"), verb: "reject", body: { approver: "bob" } }, "bob");
  const may = "mallory may not approve updaterequests.headwind.sh shop/ur-";
  await refused(vouching, { headers: proxied("mallory", "dev") }, 403, may);
  await refused(vouching, { headers: proxied("system:admin", "system:masters") }, 403, "Kubernetes' own");
  await refused(vouching, { headers: proxied("mallory", "system:masters") }, 403, "mallory may not approve");
});

s("the headers of a proxy without its secret, or with a wrong one, are forged", async () => {
  const forged = { "x-forwarded-user": "bob", "x-forwarded-groups": "release" };
  await unproven(vouching, forged);
  const wrong = { ...forged, "x-headwind-proxy-secret": "another-secret-of-16" };
  await refused(vouching, { headers: wrong }, 401, "secret is wrong", "X-Headwind-Proxy-Secret");
  await unproven(strict, proxied("bob"));
  const plain = { ...proxied("bob"), "content-type": "text/plain" };
  await refused(vouching, { headers: plain }, 415, "json", "Content-Type");
});

s("a token is looked at before what a proxy says", async () => {
  await signed(vouching, { headers: { ...proxied("bob"), ...bearer(ann.token) } }, ann.user);
  await refused(vouching, { headers: { ...proxied("bob"), ...bearer(eve.token) } }, 403, "cannot patch");
});

s("a token of the OpenID issuer names the user, whose rights or groups are asked for", async () => {
  await signed(vouching, { headers: bearer(await issuer.token({ email: "bob@example.com" })) }, "bob@example.com");
  const carol = { email: "carol@example.com", groups: ["release"] };
  await signed(vouching, { headers: bearer(await issuer.token(carol)), verb: "reject" }, "carol@example.com");
  const mallory = await issuer.token({ email: "mallory@example.com", groups: ["dev"] });
  await refused(vouching, { headers: bearer(mallory) }, 403, "mallory@example.com may not approve");
});

s("a token of the issuer that is expired or for somebody else: 401; the issuer away: 503", async () => {
  const now = Math.floor(Date.now() / 1000);
  const bob = { email: "bob@example.com" };
  const late = await issuer.token({ ...bob, exp: now - 60 });
  await unproven(vouching, bearer(late), "has expired");
  const others = await issuer.token({ ...bob, aud: "other" });
  await unproven(vouching, bearer(others), "proves nothing");
  const fresh = await harness.api(own, { HEADWIND_OIDC_ISSUER: issuer.url });
  issuer.answers.set("/keys", () => new Response("", { status: 500 }));
  const { status, headers } = await harness.call(fresh, { headers: bearer(await issuer.token(bob)) });
  issuer.answers.clear();
  assert.is(status, 503);
  assert.ok(Number(headers.get("retry-after")) > 0);
});

s("other headers, claims, audience and prefix, as the settings say", async () => {
  const custom = await harness.api(own, {
    HEADWIND_OIDC_ISSUER: issuer.url,
    HEADWIND_OIDC_AUDIENCE: "kube",
    HEADWIND_OIDC_USERNAME_CLAIM: "name",
    HEADWIND_OIDC_GROUPS_CLAIM: "teams",
    HEADWIND_OIDC_PREFIX: "re",
    HEADWIND_PROXY_SECRET: proxySecret,
    HEADWIND_PROXY_USER_HEADER: "X-Auth-Request-User",
    HEADWIND_PROXY_GROUPS_HEADER: "X-Auth-Request-Groups",
  });
  const token = await issuer.token({ aud: "kube", name: "bob", teams: ["lease"] });
  await signed(custom, { headers: bearer(token) }, "rebob");
  const named = {
    "x-headwind-proxy-secret": proxySecret,
    "x-auth-request-user": "carol",
    "x-auth-request-groups": "release",
  };
  await signed(custom, { headers: named }, "carol");
  await unproven(custom, proxied("bob"));
});

s("open: who shows nothing is believed, as Headwind did; who shows something is checked", async () => {
  await signed(open, { body: { approver: "dave" } }, "dave");
  await signed(open, {}, "api");
  await signed(open, { headers: { "x-forwarded-user": "bob" }, verb: "reject", body: { reason: "no" } }, "api");
  await signed(open, { headers: bearer(ann.token) }, ann.user);
});

s("without the right to vouch the API server stops Headwind itself, and the caller is told", async () => {
  await plane.kubectl([
    ...["create", "clusterrolebinding", "other", "--clusterrole=headwind"],
    `--serviceaccount=${namespace}:other-operator`,
  ]);
  const connection = await podConnection(plane, namespace, "other-operator");
  const believed = await harness.api(connection, { HEADWIND_APPROVALS: "open" });
  const way =
    /refuses it of Headwind: .*it takes the verb approve .*\(deploy\/components\/vouched-approvals gives it\)/;
  await refused(believed, { body: { approver: "dave" } }, 403, way);
  const asking = await harness.api(connection, { HEADWIND_PROXY_SECRET: proxySecret });
  await refused(asking, { headers: proxied("bob") }, 503, "cannot be used now");
  await signed(asking, { headers: bearer(ann.token) }, ann.user);
  connection.close();
});

s("what is decided, absent or nonsense is told to who has proven themselves", async () => {
  const headers = bearer(ann.token);
  const { name } = await harness.call(strict, { headers });
  const again = await harness.call(strict, { headers, name });
  assert.is(again.status, 409);
  assert.match(again.answer.error, `it was approved by ${ann.user}`);
  assert.is((await harness.call(strict, { headers, name: "absent" })).status, 404);
  assert.is((await harness.call(strict, { name: "absent" })).status, 401);
  await refused(strict, { headers, body: { approver: 1 } }, 400, /./, "approver");
});

const read = async (api: Hono, path: string, headers: Record<string, string> = {}) => {
  const answer = await api.fetch(new Request(`http://127.0.0.1/api/v1/updates${path}`, { headers }));
  return { status: answer.status, link: answer.headers.get("link"), body: await answer.json() };
};
const namesOf = (list: UpdateRequest[]) => list.map(({ metadata }) => metadata.name);

s("who reads proves who they are, and sees what they may list", async () => {
  const name = await harness.waiting();
  const outsider = await person(plane, "default", "outsider");
  for (const path of ["", `?namespace=${namespace}`, `/${namespace}/${name}`]) {
    assert.is((await read(strict, path)).status, 401, path);
    for (const headers of [bearer(eve.token), bearer(ann.token)]) {
      const { status, body } = await read(strict, path, headers);
      assert.is(status, 200, JSON.stringify(body));
      const list: UpdateRequest[] = Array.isArray(body) ? body : [body];
      assert.ok(namesOf(list).includes(name));
      assert.ok(list.every(({ metadata }) => !("managedFields" in metadata)));
      assert.is(body.madeByHand ?? list[0]!.spec.sighting === undefined, true);
    }
    const { status, body } = await read(strict, path, bearer(outsider.token));
    if (path === "") assert.equal([status, body], [200, []]);
    else assert.match(body.error, /may not (list .* in namespace shop|get .* shop\/)/);
  }
  outsider.close();
});

s("who has a RoleBinding alone reads what waits in its namespace, named or not, and in no other", async () => {
  await plane.kubectl(["create", "namespace", "elsewhere"]);
  const [here, there] = [await harness.waiting(), await harness.waiting("elsewhere")];
  for (const query of ["?limit=500", `?limit=500&namespace=${namespace}`]) {
    const { status, body } = await read(strict, query, bearer(eve.token));
    const names = namesOf(body);
    assert.equal([status, names.includes(here), names.includes(there)], [200, true, false], query);
  }
  assert.ok(namesOf((await read(open, "?limit=500")).body).includes(there));
  const { status, body } = await read(strict, "?namespace=elsewhere", bearer(eve.token));
  assert.is(status, 403);
  assert.match(body.error, `${eve.user} may not list updaterequests.headwind.sh in namespace elsewhere`);
});

s("a namespace that is not served is 404, whatever is read or done there", async () => {
  const narrow = await harness.api(own, { HEADWIND_NAMESPACES: namespace });
  const paths: [string, string][] = [
    ["GET", "/api/v1/updates?namespace=kube-system"],
    ["GET", "/api/v1/updates/kube-system/a"],
    ["GET", "/api/v1/rollback/kube-system/web"],
    ["GET", "/api/v1/rollback/kube-system/web/history"],
    ["POST", "/api/v1/updates/kube-system/a/approve"],
    ["POST", "/api/v1/rollback/kube-system/web/app"],
    ["POST", "/api/v1/hold/kube-system/web/app"],
    ["POST", "/api/v1/resume/kube-system/web/app"],
  ];
  for (const [method, path] of paths) {
    const headers = { ...bearer(ann.token), "content-type": "application/json" };
    const ask = (more: Record<string, string>) =>
      narrow.fetch(
        new Request(`http://127.0.0.1${path}`, { method, headers: more, ...(method === "POST" ? { body: "{}" } : {}) }),
      );
    const [known, unknown] = [await ask(headers), await ask({ "content-type": "application/json" })];
    const answer = await known.json();
    const error = "kube-system is not among the namespaces of HEADWIND_NAMESPACES";
    assert.equal([known.status, answer], [404, { error, field: "namespace" }], `${method} ${path}`);
    assert.is(unknown.status, 401, `${method} ${path}: who proves nothing is not told which are served`);
  }
});

s("whom a proxy or an issuer vouches for reads by their own rights too", async () => {
  const name = await harness.waiting();
  assert.is((await read(vouching, `/${namespace}/${name}`, proxied("bob"))).status, 200);
  assert.is((await read(vouching, `/${namespace}/${name}`, proxied("mallory"))).status, 403);
  // the proxy's own login is not who they are
  const login = { authorization: "Basic cHJveHk6c2VjcmV0" };
  assert.is((await read(vouching, `/${namespace}/${name}`, { ...proxied("bob"), ...login })).status, 200);
  assert.is((await read(vouching, `/${namespace}/${name}`, { ...proxied("mallory"), ...login })).status, 403);
});

s("where nobody has to prove who they are everybody reads, page by page", async () => {
  for (let count = 0; count < 3; count++) await harness.waiting();
  const all = namesOf((await read(open, "")).body);
  const paged: string[] = [];
  let next: string | undefined = "?limit=2";
  while (next !== undefined) {
    const page: Awaited<ReturnType<typeof read>> = await read(open, next);
    assert.ok(page.body.length <= 2);
    paged.push(...namesOf(page.body));
    next = /^<\/api\/v1\/updates(\?[^>]*)>; rel="next"$/.exec(page.link ?? "")?.[1];
  }
  assert.equal(paged, all);
});

s("who decided and who was refused is logged, and no token and no secret", () => {
  const text = harness.lines.join("\n");
  assert.match(text, `"updateRequest":"shop/ur-`);
  assert.match(text, `"by":"${ann.user}","proof":"token"`);
  assert.match(text, `"by":"mallory","proof":"vouched"`);
  for (const secret of [ann.token, eve.token, proxySecret]) assert.not.ok(text.includes(secret));
});

s.run();

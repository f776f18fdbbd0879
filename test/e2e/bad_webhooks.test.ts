import * as assert from "uvu/assert";
import type { Proxy } from "../support/proxy.ts";
import { call, webhook } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { known, openProxiedOperator, type OperatorFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("bad calls");

let { fixture, ns, proxy, operator } = {} as OperatorFixture & { proxy: Proxy };

s.before(async () => {
  ({ fixture, ns, proxy, operator } = await openProxiedOperator("bad-calls"));
  await ns.create(deployment({ name: "web", image: "nginx:1.0.0", annotations: { "require-approval": "false" } }));
  await known(operator, "nginx:1.0.0");
});

s.after(() => fixture.stop());

const bearer = { authorization: `Bearer ${token}` };
const bodies: { what: string; path: string; body: string; status: number; names?: string }[] = [
  { what: "no JSON", path: "/webhook/registry", body: "tag=1.1.0", status: 400 },
  { what: "half of a JSON text", path: "/webhook/dockerhub", body: '{"push_data":', status: 400 },
  { what: "nothing", path: "/webhook/registry", body: "", status: 400 },
  { what: "an unknown shape", path: "/webhook/registry", body: '{"hello":"world"}', status: 400 },
  { what: "a list", path: "/webhook/registry", body: "[]", status: 400 },
  { what: "null", path: "/webhook/dockerhub", body: "null", status: 400 },
  {
    what: "a tag that is none",
    path: "/webhook/registry",
    body: '{"image":"nginx","tag":"1.1.0 --"}',
    status: 400,
    names: "tag",
  },
  {
    what: "a tag that is a number",
    path: "/webhook/registry",
    body: '{"image":"nginx","tag":1}',
    status: 400,
    names: "tag",
  },
  {
    what: "an image in upper case",
    path: "/webhook/registry",
    body: '{"image":"Nginx/App","tag":"1.1.0"}',
    status: 400,
    names: "image",
  },
  {
    what: "Docker Hub without a tag",
    path: "/webhook/dockerhub",
    body: '{"push_data":{},"repository":{"repo_name":"library/nginx"}}',
    status: 400,
    names: "push_data.tag",
  },
  {
    what: "Docker Hub with a repository that is none",
    path: "/webhook/dockerhub",
    body: '{"push_data":{"tag":"1.1.0"},"repository":{"repo_name":"../../etc"}}',
    status: 400,
    names: "repository.repo_name",
  },
  {
    what: "more than 1 MiB",
    path: "/webhook/registry",
    body: JSON.stringify({ image: "nginx", tag: "1.1.0", more: "x".repeat(1024 * 1024) }),
    status: 413,
  },
];

for (const { what, path, body, status, names } of bodies) {
  s(`a webhook's body: ${what}`, async () => {
    const writes = proxy.writes();
    const headers = { ...bearer, "content-type": "application/json" };
    const answer = await call(operator.webhook + path, { method: "POST", headers, body });
    assert.is(answer.status, status);
    assert.match(answer.headers.get("content-type") ?? "", "application/json");
    if (names) assert.match(JSON.stringify(answer.body), names);
    assert.is(proxy.writes(), writes);
    assert.equal(await ns.requests(), []);
  });
}

s("an unknown route, a wrong method, and bad bodies of the approval API", async () => {
  assert.is((await call(`${operator.webhook}/webhook/nowhere`, { json: {}, headers: bearer })).status, 404);
  assert.ok([404, 405].includes((await call(`${operator.webhook}/webhook/registry`)).status));
  const unknown = `${operator.api}/api/v1/updates/${ns.namespace}/absent`;
  assert.is((await call(unknown)).status, 404);
  assert.is((await call(`${unknown}/approve`, { json: {} })).status, 404);
  const headers = { "content-type": "application/json" };
  assert.is((await call(`${unknown}/approve`, { method: "POST", headers, body: "{" })).status, 400);
});

s("after all this it works, and no error was left unhandled", async () => {
  await webhook(operator.webhook, { image: "nginx", tag: "1.1.0" }, { token });
  await eventually("1.1.0 runs", async () => (await ns.images("Deployment", "web")).app === "nginx:1.1.0");
  assert.not.match(await operator.logs(), /unhandled|uncaught|TypeError/i);
});

s.run();

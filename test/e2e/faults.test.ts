import * as assert from "uvu/assert";
import type { Proxy } from "../support/proxy.ts";
import { call, untilAcknowledged, webhook } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { known, openProxiedOperator, type OperatorFixture, token } from "./fixture.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("an API server that fails");

let { fixture, ns, proxy, operator } = {} as OperatorFixture & { proxy: Proxy };

s.before(async () => void ({ fixture, ns, proxy, operator } = await openProxiedOperator("faults")));

s.after(() => fixture.stop());

let services = 0;
const image = (name: string, tag = "1.0.0") => `registry.example/${name}:${tag}`;
const tell = (name: string, tag: string) =>
  untilAcknowledged(operator.webhook, { image: `registry.example/${name}`, tag }, { token });
const runs = (name: string, tag: string) =>
  eventually(`${name} runs ${tag}`, async () => (await ns.images("Deployment", name)).app === image(name, tag), {
    seconds: 60,
    last: () => ns.requests(),
  });
const completed = (name: string) =>
  eventually(
    "it is completed",
    async () =>
      (await ns.requests()).some(({ spec, status }) => spec.targetRef.name === name && status?.phase === "Completed"),
  );
const readiness = async () => (await call(`${operator.metrics}/readyz`)).status;

/** A new workload, known or not. */
async function service(): Promise<string> {
  const name = `service-${++services}`;
  await ns.create(deployment({ name, image: image(name), annotations: { "require-approval": "false" } }));
  return name;
}

/** The operator hears of a new workload, and brings it to a version by one change. */
async function works(): Promise<void> {
  const name = await service();
  await known(operator, image(name));
  await tell(name, "1.1.0");
  await runs(name, "1.1.0");
  await completed(name);
  assert.is((await ns.workload("Deployment", name)).metadata.generation, 2);
}

s("watches that are cut are taken up again, and nothing in between is missed", async () => {
  await works();
  await eventually("there is a watch to cut", () => Promise.resolve(proxy.cutWatches() > 0));
  await works();
  proxy.cutWatches();
  const name = await service();
  await known(operator, image(name));
  await ns.remove(await ns.workload("Deployment", name));
  proxy.cutWatches();
  await eventually("a removal is heard of too", async () => {
    const { body } = await webhook(operator.webhook, { image: image(name).split(":")[0], tag: "1.0.0" }, { token });
    return body.matched === 0;
  });
});

s("410 in a watch, as an event or as an answer, leads to a new list", async () => {
  const lists = () =>
    proxy.calls.filter(({ method, path, watch }) => method === "GET" && !watch && path.includes("/deployments?"));
  const before = lists().length;
  await eventually("a watch that expires is listed anew", () => {
    proxy.expireWatches();
    return Promise.resolve(lists().length > before);
  });
  await works();
  proxy.answer({ match: (_, path) => path.includes("watch=true"), status: 410, times: 6 });
  proxy.cutWatches();
  await works();
});

s("410 in the middle of a list leads to a new list", async () => {
  proxy.answer({ match: (method, path) => method === "GET" && path.includes("limit="), status: 410, times: 2 });
  proxy.expireWatches();
  await works();
  proxy.recover();
});

for (const [status, headers] of [[429, { "retry-after": "1" }], [500, {}], [503, {}]] as const) {
  s(`writes answered ${status} are done in the end, once`, async () => {
    const name = await service();
    await known(operator, image(name));
    for (const part of ["/updaterequests?", "/deployments/", "/status?", "/events"]) {
      const match = (method: string, path: string) => method !== "GET" && path.includes(part);
      proxy.answer({ match, status, headers, times: 2 });
    }
    await tell(name, "1.1.0");
    await runs(name, "1.1.0");
    await completed(name);
    assert.is((await ns.workload("Deployment", name)).metadata.generation, 2);
    proxy.recover();
  });
}

s("writes that are done and answered 500 are not done again", async () => {
  const name = await service();
  await known(operator, image(name));
  for (const part of ["/updaterequests?", "/deployments/", "/status?"]) {
    const match = (method: string, path: string) => method !== "GET" && path.includes(part);
    proxy.answer({ match, status: 500, times: 1, forward: true });
  }
  await tell(name, "1.1.0");
  await completed(name);
  const { metadata } = await ns.workload("Deployment", name);
  assert.is(metadata.generation, 2);
  assert.is(JSON.parse(metadata.annotations!["headwind.sh/update-history"]!).length, 1);
  proxy.recover();
});

s("an API server that is slow", async () => {
  proxy.delay(300);
  await works();
  proxy.recover();
});

s("an API server that is away: 503 with Retry-After, not ready, and all well when it is back", async () => {
  const name = await service();
  await known(operator, image(name));
  assert.is(await readiness(), 200);
  proxy.refuseConnections(true);
  const { status, headers } = await webhook(operator.webhook, { image: image(name).split(":")[0], tag: "1.1.0" }, {
    token,
  });
  assert.is(status, 503);
  assert.ok(Number(headers.get("retry-after")) > 0, `Retry-After ${headers.get("retry-after")}`);
  assert.is((await call(`${operator.api}/api/v1/updates`)).status, 200, "what the watch has told of");
  await eventually("it is not ready", async () => await readiness() === 503, { seconds: 60 });
  assert.is((await call(`${operator.metrics}/healthz`)).status, 200);
  await pause(500);
  proxy.refuseConnections(false);
  await eventually("it is ready again", async () => await readiness() === 200, { seconds: 60 });
  await tell(name, "1.1.0");
  await runs(name, "1.1.0");
  await works();
});

s("an event costs at most 4 calls", async () => {
  const name = await service();
  await known(operator, image(name));
  await pause(300);
  const from = proxy.calls.length;
  await tell(name, "1.1.0");
  await completed(name);
  await pause(300);
  const calls = proxy.calls.slice(from).filter(({ path }) => !path.includes("/leases"));
  assert.ok(calls.length <= 4, JSON.stringify(calls.map(({ method, path }) => `${method} ${path}`)));
});

s.run();

import * as assert from "uvu/assert";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import type { Proxy } from "../support/proxy.ts";
import { decide, untilAcknowledged, untilDecided } from "./calls.ts";
import { deployment, type WorkloadInput } from "./manifests.ts";
import { known, openProxiedOperator, type OperatorFixture, token } from "./fixture.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("a human wins");

let { fixture, ns, proxy, operator } = {} as OperatorFixture & { proxy: Proxy };

s.before(async () => void ({ fixture, ns, proxy, operator } = await openProxiedOperator("human")));

s.after(() => fixture.stop());

const image = (name: string, tag: string) => `registry.example/${name}:${tag}`;
const running = async (name: string) => (await ns.images("Deployment", name)).app;
const tell = (name: string, tag: string) =>
  untilAcknowledged(operator.webhook, { image: `registry.example/${name}`, tag }, { token });
const edit = (name: string, tag: string) =>
  ns.change("Deployment", name, {
    spec: { template: { spec: { containers: [{ name: "app", image: image(name, tag) }] } } },
  });

async function create(name: string, input: Partial<WorkloadInput> = {}): Promise<void> {
  await ns.create(deployment({ name, image: image(name, "1.0.0"), ...input }));
  await known(operator, input.image ?? image(name, "1.0.0"));
}

async function request(name: string, tag: string): Promise<UpdateRequest | undefined> {
  const all = await ns.requests();
  return all.find(({ spec }) => spec.targetRef.name === name && spec.newImage === image(name, tag));
}

const phase = (name: string, tag: string, wanted: string) =>
  eventually(`${name} ${tag} is ${wanted}`, async () => {
    const found = await request(name, tag);
    return found?.status?.phase === wanted && found;
  }, { last: () => request(name, tag) });

const keyOf = ({ metadata }: UpdateRequest) => `${metadata.namespace}/${metadata.name}`;
const approved = { approved: true, by: "alice@example.com" };

for (const [what, tag] of [["a newer version", "1.5.0"], ["an older version", "0.9.0"]] as const) {
  s(`who moves a workload to ${what} before the approval is not overwritten`, async () => {
    const name = `edited-${tag.replaceAll(".", "-")}`;
    await create(name);
    await tell(name, "1.1.0");
    const pending = await phase(name, "1.1.0", "Pending");
    await edit(name, tag);
    const { status } = await decide(operator.api, keyOf(pending), approved);
    assert.ok(status === 200 || status === 409, `status ${status}`);
    await phase(name, "1.1.0", "Superseded");
    assert.is(await running(name), image(name, tag));
    assert.is((await ns.workload("Deployment", name)).metadata.generation, 2);
  });
}

s("who moves a workload while the change is on its way is not overwritten", async () => {
  const name = "raced";
  await create(name);
  await tell(name, "1.1.0");
  const pending = await phase(name, "1.1.0", "Pending");
  proxy.delay(1000);
  const decided = untilDecided(operator.api, keyOf(pending), approved);
  await eventually(
    "the patch is on its way",
    async () =>
      proxy.calls.some(({ method, path, status }) =>
        method === "PATCH" && path.includes(`/deployments/${name}`) && status === undefined
      ),
  );
  await edit(name, "1.5.0");
  await decided;
  proxy.recover();
  await phase(name, "1.1.0", "Superseded");
  assert.is(await running(name), image(name, "1.5.0"));
  const tried = proxy.calls.filter(({ method, path }) => method === "PATCH" && path.includes(`/deployments/${name}`));
  assert.equal(tried.map(({ status }) => status), [422]);
});

s("scaling, and other annotations, change nothing for a request", async () => {
  const name = "scaled";
  await create(name);
  await tell(name, "1.1.0");
  const pending = await phase(name, "1.1.0", "Pending");
  await ns.change("Deployment", name, { metadata: { annotations: { note: "mine" } }, spec: { paused: true } });
  await untilDecided(operator.api, keyOf(pending), approved);
  await phase(name, "1.1.0", "Completed");
  assert.is(await running(name), image(name, "1.1.0"));
  const { metadata, spec } = await ns.workload("Deployment", name);
  assert.is(metadata.annotations!.note, "mine");
  assert.is(spec!.paused, true);
});

s("a rejected version is not offered again, a newer one is", async () => {
  const name = "rejected";
  await create(name);
  await tell(name, "1.1.0");
  const pending = await phase(name, "1.1.0", "Pending");
  await untilDecided(operator.api, keyOf(pending), { approved: false, by: "bob@example.com", reason: "not this one" });
  const rejected = await phase(name, "1.1.0", "Rejected");
  await tell(name, "1.1.0");
  await tell(name, "1.2.0");
  await phase(name, "1.2.0", "Pending");
  assert.is((await request(name, "1.1.0"))!.metadata.uid, rejected.metadata.uid);
  assert.is((await request(name, "1.1.0"))!.status!.phase, "Rejected");
  assert.is((await ns.requests()).filter(({ spec }) => spec.targetRef.name === name).length, 2);
  assert.is(await running(name), image(name, "1.0.0"));
});

s("a decision is made once", async () => {
  const name = "decided";
  await create(name);
  await tell(name, "1.1.0");
  const key = keyOf(await phase(name, "1.1.0", "Pending"));
  const answers = await Promise.all([
    decide(operator.api, key, approved),
    decide(operator.api, key, { approved: false, by: "bob@example.com" }),
  ]);
  assert.equal(answers.map(({ status }) => status).sort(), [200, 409]);
  const won = answers[0]!.status === 200;
  await phase(name, "1.1.0", won ? "Completed" : "Rejected");
  assert.is(await running(name), image(name, won ? "1.1.0" : "1.0.0"));
});

for (const policy of ["minor", "major", "all", "glob"]) {
  s(`never down, by policy ${policy}`, async () => {
    const name = `up-${policy}`;
    const annotations = { policy, "require-approval": "false", ...(policy === "glob" ? { pattern: "*" } : {}) };
    await create(name, { image: image(name, "1.4.0"), annotations });
    for (const tag of ["1.3.9", "0.9.0", "1.4.0-rc.1", "1.4.0"]) await tell(name, tag);
    await tell(name, "1.4.1");
    await phase(name, "1.4.1", "Completed");
    await tell(name, "1.4.0");
    await pause(200);
    assert.is(await running(name), image(name, "1.4.1"));
    assert.is((await ns.requests()).filter(({ spec }) => spec.targetRef.name === name).length, 1);
  });
}

s.run();

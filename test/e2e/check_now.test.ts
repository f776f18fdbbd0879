import * as assert from "uvu/assert";
import { type CheckOutcome, readCheckOutcome } from "../../core/workloads/asked_check.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import type { Operator } from "../support/operator.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture } from "./fixture.ts";
import { done, failed, kubectlHeadwind } from "./kubectl/run.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a real registry is asked when somebody asks for it");

let fixture: Fixture;
let ns: TestNamespace;
let registry: Registry;
let operator: Operator;

const repository = (name: string) => `${ns.namespace}/${name}`;
const image = (name: string, tag: string) => `${registry.host}/${repository(name)}:${tag}`;
/** How often the tags were listed by the operator. */
const listed = async (name: string) =>
  (await registry.requests()).filter(({ method, path }) =>
    method === "GET" && path.startsWith(`/v2/${repository(name)}/tags/list`)
  ).length;
const ask = (name: string, value = new Date().toISOString()) =>
  ns.change("Deployment", name, { metadata: { annotations: { "headwind.sh/check-requested-at": value } } });
const lastCheck = async (name: string): Promise<CheckOutcome | undefined> =>
  readCheckOutcome((await ns.workload("Deployment", name)).metadata.annotations?.["headwind.sh/last-check"]);
const answered = (name: string, value: string) =>
  eventually(`${name} was looked at for ${value}`, async () => {
    const last = await lastCheck(name);
    return last?.requested === value && last;
  }, { last: () => lastCheck(name), seconds: 60 });
const requestsOf = async (name: string) => (await ns.requests()).filter(({ spec }) => spec.targetRef.name === name);

/** A Deployment that only webhooks bring versions to, of 1.0.0, with 1.1.0 in the registry. */
async function create(name: string, annotations: Record<string, string> = {}): Promise<void> {
  await pushImage(registry.host, repository(name), "1.0.0");
  await pushImage(registry.host, repository(name), "1.1.0");
  await ns.create(deployment({ name, image: image(name, "1.0.0"), annotations }));
  await known(operator, image(name, "1.0.0"), 1);
}

s.before(async () => {
  fixture = await openFixture("check");
  registry = await fixture.registry();
  ns = await fixture.namespace();
  operator = await fixture.operator(ns);
});

s.after(() => fixture.stop());

s("an annotation asks for a workload that webhooks alone bring versions to", async () => {
  await create("web");
  assert.is(await listed("web"), 0);
  await ask("web", "now");
  const last = await answered("web", "now");
  const [request, ...others] = await requestsOf("web");
  assert.equal(others, []);
  assert.is(request!.spec.newImage, image("web", "1.1.0"));
  assert.is(request!.spec.sighting!.via, "check");
  assert.equal(last.updateRequests, [request!.metadata.name]);
  assert.is(await listed("web"), 1);
  await eventually(
    "it waits for approval, and is not taken back since no webhook brought it",
    async () => (await requestsOf("web"))[0]!.status?.reason === "WaitingForApproval",
  );
});

s("however often it is asked, ten seconds lie between two looks, and the last ask is answered", async () => {
  await create("often");
  await ask("often", "0");
  const first = await answered("often", "0");
  for (let count = 1; count <= 5; count++) await ask("often", String(count));
  const last = await answered("often", "5");
  assert.is(await listed("often"), 2);
  assert.ok(Date.parse(last.at) - Date.parse(first.at) >= 9_000, `${first.at}, ${last.at}`);
});

s("who comes after a leader that was killed does what was asked for meanwhile, and nothing old", async () => {
  for (const name of ["young", "old", "answered"]) await create(name);
  await ask("answered", "once");
  await answered("answered", "once");
  operator.kill();
  const now = new Date();
  await ask("young", now.toISOString());
  await ask("old", new Date(now.getTime() - 2 * 3_600_000).toISOString());
  operator = await fixture.operator(ns);
  await answered("young", now.toISOString());
  assert.is(await listed("young"), 1);
  assert.is(await listed("answered"), 1, "what was answered is not asked again");
  assert.is(await listed("old"), 0);
});

s("kubectl headwind check asks, and tells what came of it", async () => {
  const headwind = (...args: string[]) => kubectlHeadwind(fixture.cluster.kubeconfig, [...args, "-n", ns.namespace]);
  await create("typed");
  assert.match(
    done(await headwind("check", "typed", "--dry-run")),
    /^deployment\.apps\/typed is asked for \(server dry run\)$/,
  );
  assert.is(await lastCheck("typed"), undefined);
  const said = done(await headwind("check", "deployment/typed", "--wait"));
  const [request] = await requestsOf("typed");
  assert.is(said, `deployment.apps/typed was looked at and has ${request!.metadata.name}`);

  await ns.create(deployment({ name: "lost", image: image("lost", "1.0.0") }));
  await known(operator, image("lost", "1.0.0"), 1);
  const ran = await headwind("check", "lost", "typed", "--wait");
  assert.is(ran.code, 1);
  const [lost, typed] = ran.out.trimEnd().split("\n");
  assert.match(lost!, /^deployment\.apps\/lost could not be looked at: .+/);
  assert.match(typed!, /^deployment\.apps\/typed was looked at and has /);

  await create("closed", { "event-source": "none" });
  assert.match(
    failed(await headwind("check", "closed")),
    /nothing to be asked for: headwind\.sh\/event-source is none/,
  );
  const all = JSON.parse(done(await headwind("check", "-o", "json"))) as { workloads: { name: string }[] };
  assert.ok(all.workloads.some(({ name }) => name === "typed"));
  assert.not(all.workloads.some(({ name }) => name === "closed"));
  assert.is((await headwind("check", "typed", "--timeout", "soon")).code, 2);
});

s.run();

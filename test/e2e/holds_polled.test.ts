import * as assert from "uvu/assert";
import type { Phase } from "../../core/requests/phases.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { Operator } from "../support/operator.ts";
import { metric } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a held version is not offered by polling");

let fixture: Fixture;
let ns: TestNamespace;
let registry: Registry;
let operator: Operator;

s.before(async () => {
  fixture = await openFixture("holds-polled");
  registry = await fixture.registry();
  ns = await fixture.namespace();
  operator = await fixture.operator(ns);
});

s.after(() => fixture.stop());

const repository = (name: string) => `${ns.namespace}/${name}`;
const image = (name: string, version: string) => `${registry.host}/${repository(name)}${version}`;
const push = (name: string, tag: string, content?: string) =>
  pushImage(registry.host, repository(name), tag, content ? { content } : {});
const running = async (name: string) => (await ns.images("Deployment", name)).app!;
const runs = (name: string, version: string) =>
  eventually(`${name} runs ${version}`, async () => await running(name) === image(name, version), {
    last: () => ns.requests(),
  });
const phaseOf = (name: string, version: string, phase: Phase) =>
  eventually(
    `${name} ${version} is ${phase}`,
    async () =>
      (await ns.requests()).some(({ spec, status }) =>
        spec.newImage === image(name, version) && status?.phase === phase
      ),
    { last: () => ns.requests() },
  );
const held = async (name: string): Promise<string[]> => {
  const { metadata } = await ns.workload("Deployment", name);
  return JSON.parse(metadata.annotations!["headwind.sh/held"]!).map((hold: { image: string }) => hold.image);
};

/** Polls that found the version, before and after a restart, made nothing of it. */
async function staysAway(name: string): Promise<void> {
  const before = await ns.requests();
  const at = await running(name);
  await polls(3);
  operator.kill();
  operator = await fixture.operator(ns, { ports: operator.ports });
  await polls(3);
  assert.is(await running(name), at);
  assert.equal(uids(await ns.requests()), uids(before));
}
const uids = (requests: { metadata: { uid: string } }[]) => requests.map(({ metadata }) => metadata.uid).sort();

async function polls(count: number): Promise<void> {
  const cycles = async () => await metric(operator.metrics, "headwind_polling_cycles_total") ?? 0;
  const from = await cycles();
  await eventually(`${count} polls`, async () => await cycles() >= from + count);
}

const polled = { "event-source": "polling", "polling-interval": "1", "require-approval": "false" };

s("one that Headwind rolled back; the next tag is taken", async () => {
  const bad = `:1.1.${FAULTS.unpullable}`;
  await push("tags", "1.0.0");
  const annotations = { ...polled, "auto-rollback": "true" };
  await ns.create(deployment({ name: "tags", image: image("tags", ":1.0.0"), annotations, replicas: 1 }));
  await push("tags", bad.slice(1));
  await phaseOf("tags", bad, "RolledBack");
  assert.is(await running("tags"), image("tags", ":1.0.0"));
  assert.equal(await held("tags"), [image("tags", bad)]);
  await staysAway("tags");
  await push("tags", "1.2.0");
  await runs("tags", ":1.2.0");
});

s("a digest that a person left is held by its digest; the tag's next digest is taken", async () => {
  const old = `:stable@${await push("digest", "stable", "one")}`;
  const current = `:stable@${await push("digest", "stable", "two")}`;
  const annotations = { ...polled, policy: "force" };
  await ns.create(deployment({ name: "digest", image: image("digest", old), annotations, replicas: 1 }));
  await runs("digest", current);
  await phaseOf("digest", current, "Completed");
  await ns.change("Deployment", "digest", {
    spec: { template: { spec: { containers: [{ name: "app", image: image("digest", old) }] } } },
  });
  await phaseOf("digest", current, "Held");
  assert.equal(await held("digest"), [image("digest", current)]);
  await staysAway("digest");
  const next = `:stable@${await push("digest", "stable", "three")}`;
  await runs("digest", next);
});

s.run();

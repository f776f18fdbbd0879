import * as assert from "uvu/assert";
import type { Phase } from "../../core/requests/phases.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { Operator } from "../support/operator.ts";
import { metric } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { Place } from "./place.ts";
import { openSetting, type Setting } from "./setting.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a held version is not offered by polling");

let setting: Setting;
let place: Place;
let registry: Registry;
let operator: Operator;

s.before(async () => {
  setting = await openSetting("holds-polled");
  registry = await setting.registry();
  place = await setting.place();
  operator = await setting.operator(place);
});

s.after(() => setting.stop());

const repository = (name: string) => `${place.namespace}/${name}`;
const image = (name: string, version: string) => `${registry.host}/${repository(name)}${version}`;
const push = (name: string, tag: string, content?: string) =>
  pushImage(registry.host, repository(name), tag, content ? { content } : {});
const running = async (name: string) => (await place.images("Deployment", name)).app!;
const runs = (name: string, version: string) =>
  eventually(`${name} runs ${version}`, async () => await running(name) === image(name, version), {
    last: () => place.requests(),
  });
const phaseOf = (name: string, version: string, phase: Phase) =>
  eventually(
    `${name} ${version} is ${phase}`,
    async () =>
      (await place.requests()).some(({ spec, status }) =>
        spec.newImage === image(name, version) && status?.phase === phase
      ),
    { last: () => place.requests() },
  );
const held = async (name: string): Promise<string[]> => {
  const { metadata } = await place.workload("Deployment", name);
  return JSON.parse(metadata.annotations!["headwind.sh/held"]!).map((hold: { image: string }) => hold.image);
};

/** Polls that found the version, before and after a restart, made nothing of it. */
async function staysAway(name: string): Promise<void> {
  const before = await place.requests();
  const at = await running(name);
  await polls(3);
  operator.kill();
  operator = await setting.operator(place, { ports: operator.ports });
  await polls(3);
  assert.is(await running(name), at);
  assert.equal(uids(await place.requests()), uids(before));
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
  await place.create(deployment({ name: "tags", image: image("tags", ":1.0.0"), annotations, replicas: 1 }));
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
  await place.create(deployment({ name: "digest", image: image("digest", old), annotations, replicas: 1 }));
  await runs("digest", current);
  await phaseOf("digest", current, "Completed");
  await place.change("Deployment", "digest", {
    spec: { template: { spec: { containers: [{ name: "app", image: image("digest", old) }] } } },
  });
  await phaseOf("digest", current, "Held");
  assert.equal(await held("digest"), [image("digest", current)]);
  await staysAway("digest");
  const next = `:stable@${await push("digest", "stable", "three")}`;
  await runs("digest", next);
});

s.run();

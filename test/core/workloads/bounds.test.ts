// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import deployment from "../../../plugins/workloads/deployment.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { readPodSelector, readRollout } from "../../../core/workloads/rollout.ts";
import { growthByFour } from "../../support/growth.ts";
import { readSlots } from "../../../core/workloads/slots.ts";

const s = suite("bounds of what is kept of a workload");
const nothing = () => ({ missing: true as const });
const long = "x".repeat(250_000);

const pod = (containers: unknown[]) => ({ spec: { template: { spec: { containers } } } });

s("of thousands of containers a hundred are followed, and it is told", () => {
  const containers = Array.from({ length: 5000 }, (_, index) => ({ name: `c${index}`, image: "app:1" }));
  const { slots, notes } = readSlots(deployment, pod(containers), nothing);
  assert.is(slots.length, 100);
  assert.equal(notes?.map(({ reason, message }) => `${reason}: ${message}`), [
    "TooManyContainers: it has 5000 images and charts, of which 100 are followed",
  ]);
});

s("an image that is too long to be a reference is left out, and it is told", () => {
  const containers = [{ name: "a", image: `app:${long}` }, { name: "b", image: "app:1" }, { name: "c", image: long }];
  const { slots, notes } = readSlots(deployment, pod(containers), nothing);
  assert.equal(slots.map(({ name }) => name), ["b"]);
  assert.equal(notes?.map(({ reason }) => reason), ["TooLong"]);
});

s("a chart's version that is none by its length is left out", () => {
  const chart = { spec: { chart: "podinfo", version: long, sourceRef: { name: "x" } } };
  const { slots, notes } = readSlots(
    helmrelease,
    { metadata: { namespace: "a", name: "b" }, spec: { chart } },
    nothing,
  );
  assert.is(slots.length, 0);
  assert.ok(notes!.every(({ message }) => message.length < 500), "and no note tells it whole");
});

s("of hundreds of mistakes twenty are told", () => {
  const annotations = { "headwind.sh/values-images": Array.from({ length: 49 }, (_, index) => `bad${index}`).join() };
  const release = { metadata: { namespace: "a", name: "b", annotations }, spec: { values: {} } };
  const { notes } = readSlots(helmrelease, release, nothing);
  assert.is(notes!.length, 21);
  assert.match(notes!.at(-1)!.message, /^and 30 more mistakes$/);
});

s("a status of any length makes a short message", () => {
  const status = {
    observedGeneration: 1,
    conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: long }],
  };
  const object = { metadata: { generation: 1 }, spec: { replicas: 1 }, status };
  assert.ok(JSON.stringify(readRollout(deployment, object, nothing)).length < 1200);
});

s("the message of a release's condition is read in a time that its length does not square", () => {
  const grown = growthByFour(50_000, (length) => {
    const message = `failed ${".".repeat(length)}x`;
    const conditions = [{ type: "Ready", status: "False", reason: "InstallFailed", message, observedGeneration: 1 }];
    const release = { metadata: { namespace: "a", name: "b", generation: 1 }, status: { conditions } };
    return () => {
      for (let time = 0; time < 500; time++) helmrelease.rollout(release, nothing);
    };
  });
  assert.ok(grown < 9, `four times the length costs ${grown} times as much`);
});

s("a selector of more labels than pods are watched by is none", () => {
  const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, "1"]));
  const of = (count: number) => readPodSelector(deployment, { spec: { selector: { matchLabels: labels(count) } } });
  assert.ok(of(50));
  assert.is(of(51), undefined);
  const values = Array.from({ length: 51 }, (_, index) => `v${index}`);
  const matchExpressions = [{ key: "a", operator: "In", values }];
  assert.is(readPodSelector(deployment, { spec: { selector: { matchExpressions } } }), undefined);
});

s.run();

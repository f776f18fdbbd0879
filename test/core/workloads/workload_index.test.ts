import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createWorkloadIndex, keyOf, type SlotRef } from "../../../core/workloads/workload_index.ts";
import { growthByFour } from "../../support/growth.ts";
import { repositoryOf } from "../../../core/versions/slot_reference.ts";
import { createUpdateCache } from "../../../core/requests/cache.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { displayName, type Workload } from "../../../core/workloads/workload.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";

const s = suite("index of workloads");
const told = (slotRefs: readonly SlotRef[]) =>
  slotRefs.map(({ workload, slot }) => `${keyOf(workload)} ${slot.name}`).sort();
const nginx = "docker.io/library/nginx";

s("a repository leads to all containers that use it, however it is written", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf({ name: "a", images: { app: "nginx:1.0", proxy: "envoy:2" } }));
  index.set(workloadOf({ name: "b", images: { app: "docker.io/library/nginx@sha256:" + "0".repeat(64) } }));
  index.set(workloadOf({ name: "c", images: { app: "index.docker.io/nginx", second: "nginx:2" } }));
  index.set(workloadOf({ name: "d", images: { app: "reg.example/nginx:1.0" }, initImages: { init: "nginx" } }));
  assert.equal(told(index.slotsOf(nginx)), [
    "Deployment/default/a app",
    "Deployment/default/b app",
    "Deployment/default/c app",
    "Deployment/default/c second",
    "Deployment/default/d init",
  ]);
  assert.equal(index.slotsOf("docker.io/library/other"), []);
});

s("those that ask for polls are known, whatever of them changes", () => {
  const index = createWorkloadIndex();
  const polled = () => [...index.polled()].map(({ name }) => name).sort();
  const asks = (name: string, annotations: Record<string, string>, tag = "1") =>
    index.set(workloadOf({ name, annotations, images: { app: `app:${tag}` } }));
  asks("a", { "event-source": "polling" });
  asks("b", { "event-source": "both" });
  asks("c", {});
  asks("d", { "event-source": "polling", policy: "none" });
  asks("e", { "event-source": "polling", policy: "nonsense" });
  assert.equal(polled(), ["a", "b"]);
  asks("a", { "event-source": "webhook" });
  asks("c", { "event-source": "polling" });
  assert.equal(polled(), ["b", "c"]);
  asks("b", { "event-source": "both" }, "2");
  asks("c", { "event-source": "none" }, "2");
  assert.equal(polled(), ["b"]);
  assert.is([...index.polled()][0]!.slots[0]!.current, "app:2");
  index.remove("Deployment/default/b");
  assert.equal(polled(), []);
});

s("a workload that changes or goes leaves nothing behind", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf({ images: { app: "nginx:1", second: "nginx:1" } }));
  index.set(workloadOf({ images: { app: "envoy:1" } }));
  assert.equal(index.slotsOf(nginx), []);
  assert.equal(told(index.slotsOf("docker.io/library/envoy")), ["Deployment/default/web app"]);
  assert.is(index.get("Deployment/default/web")?.slots[0]?.current, "envoy:1");
  index.remove("Deployment/default/web");
  index.remove("Deployment/default/web");
  assert.equal(index.slotsOf("docker.io/library/envoy"), []);
  assert.is(index.get("Deployment/default/web"), undefined);
  assert.equal([...index.all()], []);
});

s("kinds and namespaces of one name are apart", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf({ images: { app: "nginx" } }));
  index.set(workloadOf({ images: { app: "nginx" }, namespace: "prod" }));
  index.set(workloadOf({ images: { app: "nginx" }, plugin: statefulset }));
  assert.equal(Object.fromEntries(index.counts()), { deployment: 2, statefulset: 1 });
  index.remove("Deployment/prod/web");
  assert.equal(told(index.slotsOf(nginx)), ["Deployment/default/web app", "StatefulSet/default/web app"]);
});

s("counts are kept by plugin, and fall to nought", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf({ name: "a" }));
  index.set(workloadOf({ name: "a" }));
  index.set(workloadOf({ name: "b", plugin: cronjob }));
  assert.equal(Object.fromEntries(index.counts()), { deployment: 1, cronjob: 1 });
  index.remove("CronJob/default/b");
  assert.equal(Object.fromEntries(index.counts()), { deployment: 1, cronjob: 0 });
});

s("an image that is no reference is in no repository", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf({ images: { app: "NGINX:1", other: "nginx:not a tag" } }));
  assert.is(index.get("Deployment/default/web")?.slots.length, 2);
  assert.equal(index.get("Deployment/default/web")?.slots.map(repositoryOf), [undefined, undefined]);
  assert.equal(index.slotsOf(nginx), []);
});

s("a list that was handed out is not spoilt by a later removal", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf({ images: { app: "nginx" } }));
  const before = index.slotsOf(nginx);
  index.remove("Deployment/default/web");
  assert.is(before.length, 1);
});

s("what a move costs does not depend on how many share the repository", () => {
  const moved = (tag: string, count: number) =>
    Array.from(
      { length: count },
      (_, at) => workloadOf({ name: `web-${at}`, images: { app: `app-${at}:1`, side: tag } }),
    );
  const growth = growthByFour(2000, (count) => {
    const [from, to] = [moved("envoy:1", count), moved("envoy:2", count)];
    const index = createWorkloadIndex();
    return () => {
      for (const one of from) index.set(one);
      for (const one of to) index.set(one);
    };
  });
  assert.ok(growth < 6, `four times as many cost ${growth.toFixed(1)} times as much`);
});

s("kinds of one name of two groups are two: each has its workloads, and its requests", () => {
  const index = createWorkloadIndex();
  const cache = createUpdateCache();
  const one = workloadOf({ images: { app: "nginx:1" } });
  const of = (group: string): Workload => ({
    ...one,
    plugin: { ...one.plugin, name: group, resource: { ...one.plugin.resource, group, kind: "Rollout" } },
  });
  const rollouts = [of("argoproj.io"), of("rollouts.example.com")];
  for (const rollout of rollouts) {
    index.set(rollout);
    const { group, version } = rollout.plugin.resource;
    const request = requestOf({ name: group.split(".")[0]! });
    const targetRef = { ...request.spec.targetRef, apiVersion: `${group}/${version}`, kind: "Rollout" };
    cache.upsert({ ...request, spec: { ...request.spec, targetRef } });
  }
  assert.equal(told(index.slotsOf(nginx)), [
    "Rollout.argoproj.io/default/web app",
    "Rollout.rollouts.example.com/default/web app",
  ]);
  for (const rollout of rollouts) {
    const names = cache.ofWorkload(keyOf(rollout)).map(({ metadata }) => metadata.name);
    assert.equal(names, [rollout.plugin.name.split(".")[0]]);
    assert.is(displayName(rollout), "Rollout/default/web");
  }
  index.remove(keyOf(rollouts[0]!));
  assert.is(index.slotsOf(nginx).length, 1);
});

const image = fc.constantFrom("nginx:1", "nginx:2", "docker.io/library/nginx", "envoy", "reg.example/nginx:1", "Bad:1");
const change: fc.Arbitrary<WorkloadChanges & { gone: boolean }> = fc.record({
  gone: fc.boolean(),
  plugin: fc.constantFrom(deployment, statefulset, cronjob),
  namespace: fc.constantFrom("default", "prod"),
  name: fc.constantFrom("a", "b", "c"),
  images: fc.dictionary(fc.constantFrom("app", "proxy", "third"), image, { noNullPrototype: true }),
  initImages: fc.dictionary(fc.constantFrom("init"), image, { noNullPrototype: true }),
});

s("after any sets and removes it says what a walk of all workloads says", () => {
  const repositories = [nginx, "docker.io/library/envoy", "reg.example/nginx", "docker.io/library/absent"];
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const index = createWorkloadIndex();
      const plain = new Map<string, Workload>();
      for (const { gone, ...rest } of changes) {
        const one = workloadOf(rest);
        if (gone) {
          index.remove(keyOf(one));
          plain.delete(keyOf(one));
        } else {
          index.set(one);
          plain.set(keyOf(one), one);
        }
      }
      for (const repository of repositories) {
        const walked = [...plain.values()].flatMap((workload) =>
          workload.slots.filter((slot) => repositoryOf(slot) === repository).map((slot) => ({ workload, slot }))
        );
        assert.equal(told(index.slotsOf(repository)), told(walked));
      }
      assert.equal([...index.all()].map(keyOf).sort(), [...plain.keys()].sort());
      for (const [plugin, count] of index.counts()) {
        assert.is(count, [...plain.values()].filter((workload) => workload.plugin.name === plugin).length);
      }
    }),
  );
});

s.run();

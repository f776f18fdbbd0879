import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { applyPatch } from "../../core/lifecycle/patch.ts";
import { at, made, moved, requestOf } from "./workload_change.ts";
import { bodiesLike } from "./bodies.ts";
import type { Check } from "./checks.ts";
import { formatLabelSelector, resourcePath } from "../../core/kube/paths.ts";
import { readPodSelector, readRollout } from "../../core/workloads/rollout.ts";
import { readSlots } from "../../core/workloads/slots.ts";
import type { WorkloadFixtures } from "./workload.ts";
import type { WorkloadPlace } from "./workload_place.ts";
import type { FindObject, Rollout, WorkloadPlugin } from "../../core/plugin.ts";

const states: readonly Rollout["state"][] = ["complete", "progressing", "failed", "waiting", "none"];

/** What a workload plugin has to say of how far an object has come, and of its pods. */
export function rolloutChecks(
  plugin: WorkloadPlugin,
  { manifest }: WorkloadFixtures,
  place: () => Promise<WorkloadPlace>,
): Check[] {
  const conditions = ["Available", "Ready"].map((type) => ({ type, status: "True", observedGeneration: 1 }));
  const status = { observedGeneration: 1, replicas: 1, conditions };
  const whole = { ...manifest, metadata: { ...manifest.metadata, namespace: "default", generation: 1 }, status };
  return [
    {
      name: "rollout: any object has one, read without a change of it, and the same each time",
      run() {
        const objects = fc.oneof(fc.jsonValue(), bodiesLike([{ body: whole }]).map(({ body }) => body));
        fc.assert(fc.property(objects, (object) => assertRollout(plugin, object)), { numRuns: 500 });
        for (const none of [undefined, null, whole]) assertRollout(plugin, none);
      },
    },
    {
      name: "keep: what is kept of an object gives the same slots and rollout",
      run() {
        const { keep } = plugin;
        if (!keep) return;
        const { metadata } = whole;
        const objects = fc.oneof(fc.constant(whole), bodiesLike([{ body: whole }]).map(({ body }) => body));
        fc.assert(fc.property(objects, (body) => {
          const object = { ...(body as object), metadata };
          const kept = { ...keep(structuredClone(object)), metadata };
          assert.equal(readRollout(plugin, kept, nothing), readRollout(plugin, object, nothing));
          assert.equal(readSlots(plugin, kept, nothing), readSlots(plugin, object, nothing));
        }));
      },
    },
    {
      name: "rollout: right after a change nothing is complete, nor failed",
      async run() {
        const { workload, source } = await made(plugin, manifest, "rolled", place);
        const before = workload()!;
        const slot = before.slots[0]!;
        const request = requestOf(plugin, before, slot, moved(slot));
        const { rollout } = await source.patch(before, applyPatch(request, before, [slot], new Date()));
        assert.ok(["progressing", "waiting", "none"].includes(rollout.state), JSON.stringify(rollout));
      },
    },
    {
      name: "podSelector: where there is one it selects pods of its template, and no others",
      async run() {
        const { object, client, namespace } = await made(plugin, manifest, "selecting", place);
        const selector = readPodSelector(plugin, object);
        if (!plugin.podSelector?.(object)) return;
        assert.ok(selector, "it is none by which pods can be listed");
        if (!plugin.podTemplate) return;
        const { metadata } = at(object, plugin.podTemplate) as { metadata: { labels: Record<string, string> } };
        // by objects that no controller takes for its own
        const path = resourcePath({ group: "", version: "v1", plural: "configmaps" }, namespace);
        for (const [name, labels] of Object.entries({ own: metadata.labels, other: { app: "another" } })) {
          await client.request("POST", path, { body: { metadata: { name, labels } } });
        }
        const query = { labelSelector: formatLabelSelector(selector!) };
        const { items } = await client.request<{ items: { metadata: { name: string } }[] }>("GET", path, { query });
        assert.equal(items.map(({ metadata }) => metadata.name), ["own"]);
      },
    },
  ];
}

const nothing: FindObject = () => ({ missing: true });

function assertRollout(plugin: WorkloadPlugin, object: unknown): void {
  const given = deeplyFrozen(structuredClone(object));
  const rollout = plugin.rollout(given, nothing);
  const { state, reason, message, at } = rollout;
  assert.ok(states.includes(state), `state: ${JSON.stringify(state)}`);
  assert.match(reason, /^[A-Z][A-Za-z0-9]+$/);
  assert.match(message, /^\S[^\n]*[^.\s]$/);
  assert.ok(at === undefined || !Number.isNaN(Date.parse(at)), `at: ${JSON.stringify(at)}`);
  assert.equal(plugin.rollout(given, nothing), rollout);
  const kept = readRollout(plugin, given, nothing);
  assert.is(kept.message, message, "core keeps it as it is");
}

/** So that a plugin that changes what it reads throws. */
function deeplyFrozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  Object.values(value).forEach(deeplyFrozen);
  return Object.freeze(value);
}

import * as assert from "uvu/assert";
import { type Check, type Checks, eventually } from "./checks.ts";
import { applyPatch } from "../../core/lifecycle/patch.ts";
import { apiVersionOf } from "../../core/workloads/workload.ts";
import { at, carrierOf, made as makeOne, moved, requestOf, textOf, withValueAt } from "./workload_change.ts";
import { isNotFound, KubeError } from "../../core/kube/kube_error.ts";
import { type KubeObject, openPlace, type WorkloadPlace } from "./workload_place.ts";
import { pluginChecks } from "./plugin.ts";
import { readHistory } from "../../core/requests/history.ts";
import { repositoryOf } from "../../core/versions/slot_reference.ts";
import { rolloutChecks } from "./rollout.ts";
import type { WorkloadPlugin } from "../../core/plugin.ts";

export interface WorkloadFixtures {
  /** Path of the kubeconfig of a real cluster to play with, whose user may do everything. */
  kubeconfig(): string | Promise<string>;
  /** A whole object of the kind, without a namespace: it is made in a fresh one. */
  manifest: KubeObject;
  /** Its containers' images by their names. */
  containers?: Record<string, string>;
  initContainers?: Record<string, string>;
  /** What its other slots hold by their names: `podinfo:6.3.0` for a chart. They come after those of containers. */
  slots?: Record<string, string>;
  /** Objects that it refers to, of the kinds in `related`; they are made before it. */
  related?: readonly KubeObject[];
}

/** What a workload plugin has to do, on a real API server. */
export function workloadChecks(plugin: WorkloadPlugin, fixtures: WorkloadFixtures): Checks {
  let opening: Promise<WorkloadPlace> | undefined;
  const place = () =>
    opening ??= Promise.resolve(fixtures.kubeconfig()).then((path) => openPlace(plugin, path, fixtures.related));
  return {
    checks: [
      ...pluginChecks(plugin),
      ...clusterChecks(plugin, fixtures, place),
      ...rolloutChecks(plugin, fixtures, place),
    ],
    async end() {
      await (await opening)?.close();
    },
  };
}

function clusterChecks(
  plugin: WorkloadPlugin,
  { manifest, containers = {}, initContainers = {}, slots: others = {} }: WorkloadFixtures,
  place: () => Promise<WorkloadPlace>,
): Check[] {
  const expected = [
    ...Object.entries(containers).map(([name, current]) => ({ name, init: false, current })),
    ...Object.entries(initContainers).map(([name, current]) => ({ name, init: true, current })),
    ...Object.entries(others).map(([name, current]) => ({ name, init: false, current })),
  ];
  const made = (name: string) => makeOne(plugin, manifest, name, place);
  return [
    {
      name: "the API server knows its resource by this group, version, plural and kind",
      async run() {
        const { client, path } = await place();
        const list = await client.request<{ kind: string; apiVersion: string }>("GET", path());
        assert.is(list.kind, `${plugin.resource.kind}List`);
        assert.is(list.apiVersion, apiVersionOf(plugin.resource));
        assert.is(manifest.kind, plugin.resource.kind);
        assert.is(manifest.apiVersion, apiVersionOf(plugin.resource));
      },
    },
    {
      name: "an object is found, with all its slots where their pointers say",
      async run() {
        const there = await made("found");
        const { slots, settings } = there.workload()!;
        assert.is(settings?.policy.name, "major");
        const seen = slots.map(({ name, init, current }) => ({ name, init, current }));
        assert.equal(seen, expected);
        const { object } = await carrierOf(there, there.workload()!);
        for (const slot of slots) {
          const { name, current, pointer, prefix, guards, unwritten } = slot;
          assert.ok(current.startsWith(prefix), `${current} begins with ${prefix}`);
          assert.is(at(object, pointer), unwritten ? undefined : textOf(slot, current), pointer);
          for (const guard of guards) assert.is(at(object, guard.pointer), guard.value, guard.pointer);
          const repository = repositoryOf(slot);
          assert.ok(repository, `where ${current} comes from is known`);
          assert.ok(
            there.index.slotsOf(repository).some(({ slot }) => slot.name === name),
            `${repository} leads to it`,
          );
        }
      },
    },
    {
      name: "each slot can be moved by a patch, and nothing else moves",
      async run() {
        const there = await made("patched");
        const { workload, source } = there;
        for (const { name } of workload()!.slots) {
          const now = workload()!;
          const slot = now.slots.find((slot) => slot.name === name)!;
          const to = moved(slot);
          const before = await carrierOf(there, now);
          await source.patch(now, applyPatch(requestOf(plugin, now, slot, to), now, [slot], new Date()));
          const after = await carrierOf(there, now);
          assert.equal(after.object.spec, withValueAt(before.object, slot.pointer, textOf(slot, to)).spec);
          const [entry] = readHistory(after.object.metadata.annotations?.["headwind.sh/update-history"]);
          assert.equal([entry?.container, entry?.image], [name, to]);
          await eventually(
            `${name} is seen to be moved`,
            () => workload()!.slots.some((slot) => slot.name === name && slot.current === to),
          );
        }
      },
    },
    {
      name: "a slot that was changed in between is not overwritten",
      async run() {
        const there = await made("changed");
        const old = there.workload()!;
        const slot = old.slots[0]!;
        const theirs = textOf(slot, moved(slot, "98.0.0"));
        const { path } = await carrierOf(there, old);
        const op = slot.unwritten ? "add" : "replace";
        await there.client.request("PATCH", path, { patch: "json", body: [{ op, path: slot.pointer, value: theirs }] });
        const patch = applyPatch(requestOf(plugin, old, slot, moved(slot)), old, [slot], new Date());
        const error = await there.source.patch(old, patch).then(() => undefined, (error: unknown) => error);
        assert.ok(error instanceof KubeError && error.status === 422, "422 is wanted");
        assert.is(at((await carrierOf(there, old)).object, slot.pointer), theirs);
      },
    },
    {
      name: "an object that is deleted is forgotten",
      async run() {
        const { workload, client, path } = await made("deleted");
        await client.request("DELETE", path("deleted"), { body: { propagationPolicy: "Background" } });
        await eventually("it is forgotten", () => workload() === undefined);
        const error = await client.request("GET", path("deleted")).catch((error: unknown) => error);
        assert.ok(isNotFound(error) || (error as KubeObject).metadata.deletionTimestamp !== undefined);
      },
    },
  ];
}

import * as assert from "uvu/assert";
import { type Check, type Checks, eventually } from "./checks.ts";
import { applyPatch } from "../../core/updates/patch.ts";
import { apiVersionOf, type Workload } from "../../core/match/workload.ts";
import { at, made as makeOne, moved, requestOf } from "./workload_change.ts";
import { isInvalid, isNotFound } from "../../core/kube/errors.ts";
import { type KubeObject, openPlace, type WorkloadPlace } from "./workload_place.ts";
import { pluginChecks } from "./plugin.ts";
import { readHistory } from "../../core/updates/history.ts";
import { rolloutChecks } from "./rollout.ts";
import { parseReference, repositoryName, withVersion } from "../../core/image/reference.ts";
import type { WorkloadPlugin } from "../../core/plugin.ts";

export interface WorkloadFixtures {
  /** Path of the kubeconfig of a real cluster to play with, whose user may do everything. */
  kubeconfig(): string | Promise<string>;
  /** A whole object of the kind, without a namespace: it is made in a fresh one. */
  manifest: KubeObject;
  /** Its containers' images by their names. */
  containers: Record<string, string>;
  initContainers?: Record<string, string>;
}

/** What a workload plugin has to do, on a real API server. */
export function workloadChecks(plugin: WorkloadPlugin, fixtures: WorkloadFixtures): Checks {
  let opening: Promise<WorkloadPlace> | undefined;
  const place = () => opening ??= Promise.resolve(fixtures.kubeconfig()).then((path) => openPlace(plugin, path));
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
  { manifest, containers, initContainers = {} }: WorkloadFixtures,
  place: () => Promise<WorkloadPlace>,
): Check[] {
  const expected = [
    ...Object.entries(containers).map(([name, current]) => ({ name, init: false, current })),
    ...Object.entries(initContainers).map(([name, current]) => ({ name, init: true, current })),
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
      name: "an object is found, with all its containers where its pointers say",
      async run() {
        const { object, workload, index } = await made("found");
        const { slots, settings } = workload()!;
        assert.is(settings?.policy.name, "major");
        const seen = slots.map(({ name, init, current }) => ({ name, init, current }));
        assert.equal(seen, expected);
        for (const { name, current, pointer } of slots) {
          const container = at(object, pointer) as { name: string; image: string };
          assert.equal([container.name, container.image], [name, current], pointer);
          const repository = repositoryName(parseReference(current));
          assert.ok(index.uses(repository).some(({ slot }) => slot.name === name), `${repository} leads to it`);
        }
      },
    },
    {
      name: "each container can be moved by a patch, and nothing else moves",
      async run() {
        const { workload, source, read } = await made("patched");
        for (const slot of workload()!.slots) {
          const now: Workload = workload()!;
          const newImage = moved(slot);
          const before = await read("patched");
          await source.patch(now, applyPatch(requestOf(plugin, now, slot, newImage), now, slot, new Date()));
          const after = await read("patched");
          assert.is((at(after, slot.pointer) as { image: string }).image, newImage);
          (at(before, slot.pointer) as { image: string }).image = newImage;
          assert.equal(templateOf(plugin, after), templateOf(plugin, before));
          const [entry] = readHistory(after.metadata.annotations?.["headwind.sh/update-history"]);
          assert.equal([entry?.container, entry?.image], [slot.name, newImage]);
        }
      },
    },
    {
      name: "a container that was changed in between is not overwritten",
      async run() {
        const { workload, source, client, path, read } = await made("changed");
        const old = workload()!;
        const slot = old.slots[0]!;
        const theirs = withVersion(slot.current, { tag: "by-a-person" });
        const body = [{ op: "replace", path: `${slot.pointer}/image`, value: theirs }];
        await client.request("PATCH", path("changed"), { patch: "json", body });
        const patch = applyPatch(requestOf(plugin, old, slot, moved(slot)), old, slot, new Date());
        const error = await source.patch(old, patch).then(() => undefined, (error: unknown) => error);
        assert.ok(isInvalid(error), "422 is wanted");
        assert.is((at(await read("changed"), slot.pointer) as { image: string }).image, theirs);
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

const templateOf = ({ podTemplate }: WorkloadPlugin, object: KubeObject) => at(object, podTemplate);

import { apiVersionOf, type Workload, workloadKey } from "../../core/workloads/workload.ts";
import { eventually } from "./checks.ts";
import { movedTo } from "../../core/versions/slot_reference.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import type { KubeObject, WorkloadPlace } from "./workload_place.ts";
import type { Slot, WorkloadPlugin } from "../../core/plugin.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";

/** An object that core knows of. */
export interface Made extends WorkloadPlace {
  /** As it was created. */
  object: KubeObject;
  /** As core has it now. */
  workload(): Workload | undefined;
}

/** Creates an object like the manifest, with a policy, and waits until core has it. */
export async function made(
  plugin: WorkloadPlugin,
  manifest: KubeObject,
  name: string,
  place: () => Promise<WorkloadPlace>,
): Promise<Made> {
  const there = await place();
  const object = await there.create(withPolicy(manifest, name));
  const workload = () => there.index.get(workloadKey(plugin.resource, there.namespace, name));
  await eventually(`${name} is found`, () => workload() !== undefined);
  return { ...there, object, workload };
}

function withPolicy(manifest: KubeObject, name: string): KubeObject {
  const annotations = { ...manifest.metadata.annotations, "headwind.sh/policy": "major" };
  return { ...manifest, metadata: { ...manifest.metadata, name, annotations } };
}

/** What a slot holds, in a version that it has never run. */
export const moved = (slot: Slot, tag = "99.9.9"): string => movedTo(slot, { tag });

/** What stands in a slot that holds this. */
export function textOf({ prefix, asTag }: Slot, reference: string): string {
  const text = reference.slice(prefix.length);
  return asTag ? text.replaceAll("+", "_") : text;
}

/** The object that a workload's slots stand in, as the API server has it. */
export async function carrierOf({ namespace, client, path }: WorkloadPlace, { name, carrier }: Workload) {
  const where = carrier ? resourcePath(carrier.resource, namespace, carrier.name) : path(name);
  return { path: where, object: await client.request<KubeObject>("GET", where) };
}

/** A request that brings this image into a slot. */
export function requestOf(
  plugin: WorkloadPlugin,
  { namespace, name, uid }: Workload,
  slot: Slot,
  to: string,
): UpdateRequest {
  const { resource } = plugin;
  return {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: {
      namespace,
      name: `${name}-${slot.name}`,
      uid,
      resourceVersion: "1",
      creationTimestamp: new Date().toISOString(),
    },
    spec: {
      targetRef: { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name },
      updateType: slot.type === "chart" ? "helmChart" : "image",
      containerName: slot.name,
      currentImage: slot.current,
      newImage: to,
      policy: "major",
    },
  };
}

/** What a JSON pointer leads to; undefined where there is nothing. */
export function at(object: unknown, pointer: string): unknown {
  return partsOf(pointer).reduce((value, part) => (value as Record<string, unknown> | undefined)?.[part], object);
}

/** The same object with another value where a JSON pointer leads to. */
export function withValueAt(object: KubeObject, pointer: string, value: unknown): KubeObject {
  const copy = structuredClone(object);
  const parts = partsOf(pointer);
  const parent = parts.slice(0, -1).reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], copy);
  (parent as Record<string, unknown>)[parts.at(-1)!] = value;
  return copy;
}

const partsOf = (pointer: string) =>
  pointer.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

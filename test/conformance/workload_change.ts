import { apiVersionOf, type Workload, workloadKey } from "../../core/match/workload.ts";
import { eventually } from "./checks.ts";
import type { KubeObject, WorkloadPlace } from "./workload_place.ts";
import type { Slot, WorkloadPlugin } from "../../core/plugin.ts";
import type { UpdateRequest } from "../../core/updates/update_request.ts";
import { withVersion } from "../../core/image/reference.ts";

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
  const workload = () => there.index.get(workloadKey(plugin.resource.kind, there.namespace, name));
  await eventually(`${name} is found`, () => workload() !== undefined);
  return { ...there, object, workload };
}

function withPolicy(manifest: KubeObject, name: string): KubeObject {
  const annotations = { ...manifest.metadata.annotations, "headwind.sh/policy": "major" };
  return { ...manifest, metadata: { ...manifest.metadata, name, annotations } };
}

/** The image of a slot, in a version that it has never run. */
export const moved = ({ current }: Slot): string => withVersion(current, { tag: "99.9.9" });

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
      updateType: "image",
      containerName: slot.name,
      currentImage: slot.current,
      newImage: to,
      policy: "major",
    },
  };
}

/** What a JSON pointer leads to. */
export function at(object: unknown, pointer: string): unknown {
  return pointer.slice(1).split("/").reduce((value, part) => (value as Record<string, unknown>)[part], object);
}

import type { Slot, WorkloadPlugin } from "../plugin.ts";

/** What a pod template says of images and of the logins to pull them. */
export interface PodImages {
  /** Containers first, then init containers. */
  slots: readonly Slot[];
  pullSecrets: readonly string[];
  serviceAccount: string | undefined;
}

interface PodSpec {
  containers?: { name?: string; image?: string }[];
  initContainers?: { name?: string; image?: string }[];
  imagePullSecrets?: { name?: string }[];
  serviceAccountName?: string;
}

const pointers = new Map<string, string>();
const none: readonly string[] = [];

/** Reads a workload's pod template, of any shape; a container without name or image is left out. */
export function podSlots({ podTemplate }: WorkloadPlugin, object: unknown): PodImages {
  let at = object;
  for (const part of podTemplate.slice(1).split("/")) at = (at as Record<string, unknown> | undefined | null)?.[part];
  const spec = (at as { spec?: PodSpec } | undefined | null)?.spec ?? {};
  const slots: Slot[] = [];
  for (const field of ["containers", "initContainers"] as const) {
    for (const [index, { name, image }] of (spec[field] ?? []).entries()) {
      if (!name || !image) continue;
      slots.push({
        name,
        init: field === "initContainers",
        current: image,
        pointer: pointer(podTemplate, field, index),
      });
    }
  }
  const pullSecrets = (spec.imagePullSecrets ?? []).flatMap(({ name }) => name ? [name] : []);
  return { slots, pullSecrets: pullSecrets.length > 0 ? pullSecrets : none, serviceAccount: spec.serviceAccountName };
}

/** The same pointers are shared by all workloads. */
function pointer(podTemplate: string, field: string, index: number): string {
  const text = `${podTemplate}/spec/${field}/${index}`;
  const known = pointers.get(text);
  if (known !== undefined) return known;
  pointers.set(text, text);
  return text;
}

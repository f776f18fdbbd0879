import type { Slot, WorkloadPlugin } from "../plugin.ts";

/** What a pod template says of images and of the logins to pull them. */
export interface PodImages {
  /** Containers first, then init containers. */
  slots: readonly Slot[];
  pullSecrets: readonly string[];
  serviceAccount: string | undefined;
}

const pointers = new Map<string, string>();
const none: readonly string[] = [];

/** Reads a workload's pod template, of any shape; a container without name or image is left out. */
export function podSlots({ podTemplate }: WorkloadPlugin, object: unknown): PodImages {
  let spec = object;
  for (const part of `${podTemplate.slice(1)}/spec`.split("/")) spec = field(spec, part);
  const slots: Slot[] = [];
  for (const kind of ["containers", "initContainers"] as const) {
    for (const [index, container] of list(spec, kind).entries()) {
      const [name, image] = [text(container, "name"), text(container, "image")];
      if (name === undefined || image === undefined) continue;
      slots.push({
        name,
        init: kind === "initContainers",
        current: image,
        pointer: pointer(podTemplate, kind, index),
      });
    }
  }
  const pullSecrets = list(spec, "imagePullSecrets").flatMap((secret) => text(secret, "name") ?? []);
  return {
    slots,
    pullSecrets: pullSecrets.length > 0 ? pullSecrets : none,
    serviceAccount: text(spec, "serviceAccountName"),
  };
}

const field = (of: unknown, name: string): unknown => (of as Record<string, unknown> | undefined | null)?.[name];

function list(of: unknown, name: string): readonly unknown[] {
  const value = field(of, name);
  return Array.isArray(value) ? value : [];
}

function text(of: unknown, name: string): string | undefined {
  const value = field(of, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The same pointers are shared by all workloads. */
function pointer(podTemplate: string, kind: string, index: number): string {
  const path = `${podTemplate}/spec/${kind}/${index}`;
  const known = pointers.get(path);
  if (known !== undefined) return known;
  pointers.set(path, path);
  return path;
}

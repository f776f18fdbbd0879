import type { Actor } from "./chapter.ts";

/** From each part that has a version to what it starts with: a container to its image, `chart` to the chart. */
export function partsOf(actor: Actor): Record<string, string> {
  if (actor.kind === "HelmRelease") return { chart: actor.chart };
  return { ...actor.initContainers, ...actor.containers };
}

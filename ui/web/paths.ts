import type { TargetRef } from "../../core/ui.ts";

const path = (...parts: string[]) => parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** The page of an update. */
export const updatePath = ({ namespace, name }: { namespace: string; name: string }): string =>
  path("updates", namespace, name);

/** The page of a workload. */
export const workloadPath = ({ kind, namespace, name }: Pick<TargetRef, "kind" | "namespace" | "name">): string =>
  path("workloads", kind, namespace, name);

import { groupOfVersion, kindKey, type TargetRef } from "../../core/web.ts";

const path = (...parts: string[]) => parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** The page of an update. */
export const updatePath = ({ namespace, name }: { namespace: string; name: string }): string =>
  path("updates", namespace, name);

/** The page of a workload. */
export const workloadPath = ({ apiVersion, kind, namespace, name }: TargetRef): string =>
  path("workloads", kindKey({ group: groupOfVersion(apiVersion), kind }), namespace, name);

/** The same by its key in the index. */
export const workloadPagePath = (key: string): string => path("workloads", ...key.split("/"));

import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import type { FoundObject, ObjectReference } from "../../../core/plugin.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import type { WorkloadChanges } from "./objects.ts";

export interface ReleaseChanges extends Pick<WorkloadChanges, "annotations" | "held" | "history"> {
  version?: string;
  /** The version that Flux has released. */
  released?: string;
  /** URL of its HelmRepository; `null` where that does not exist. */
  url?: string | null;
  values?: Record<string, unknown>;
}

/** HelmRelease `shop/podinfo` of the chart `podinfo`, 6.3.0, of policy minor without approval. */
export function releaseOf(changes: ReleaseChanges = {}): Workload {
  const { version = "6.3.0", released, url = "https://charts.example.com/stable", annotations = {}, values } = changes;
  const all = {
    ...(annotations && { policy: "minor", "require-approval": "false", "min-update-interval": "0", ...annotations }),
    ...(changes.history ? { "update-history": JSON.stringify(changes.history) } : {}),
    ...(changes.held ? { held: JSON.stringify(changes.held) } : {}),
  };
  const object = {
    metadata: {
      namespace: "shop",
      name: "podinfo",
      uid: "r1",
      annotations: Object.fromEntries(Object.entries(all).map(([name, value]) => [`headwind.sh/${name}`, value])),
    },
    spec: {
      chart: { spec: { chart: "podinfo", version, sourceRef: { kind: "HelmRepository", name: "stable" } } },
      ...(values ? { values } : {}),
    },
    ...(released ? { status: { history: [{ chartVersion: released }] } } : {}),
  };
  const find = (_: ObjectReference): FoundObject => url === null ? { missing: true } : { object: { spec: { url } } };
  const kindOf = () => helmrelease.related![0]!.resource;
  return projectWorkload(helmrelease, object, { pollingInterval: 300 }, { find, kindOf });
}

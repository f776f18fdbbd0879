import type { ChangeableWorkloads } from "../../core/server/change_workload.ts";
import deployment from "../../plugins/workloads/deployment.ts";
import { keyOf } from "../../core/workloads/workload_index.ts";
import { KubeError } from "../../core/kube/kube_error.ts";
import { neverTwice } from "../../core/lib/never_twice.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import type { Workload } from "../../core/workloads/workload.ts";
import { workloadPatched } from "./build/workload.ts";

export interface MemoryWorkloads extends ChangeableWorkloads {
  /** By keys such as `Deployment/default/web`. */
  all: Map<string, Workload>;
  requestsOfAll: UpdateRequest[];
  /** What was asked for, such as `find default/web StatefulSet`. */
  asked: string[];
  /** What people did, such as `hold app`. */
  done: string[];
  /** Called before each patch: may throw, or change what is there. */
  meddle?: () => void;
}

/** Workloads that take JSON patches, and refuse those whose tests do not hold. The API server's own refusals are tested on a real one. */
export function memoryWorkloads(...workloads: Workload[]): MemoryWorkloads {
  const all = new Map(workloads.map((workload) => [keyOf(workload), workload]));
  const named: ChangeableWorkloads["known"] = (namespace, name, kind) =>
    [...all.values()].filter((one) =>
      one.namespace === namespace && one.name === name && (kind === undefined || one.plugin.resource.kind === kind)
    );
  const made: MemoryWorkloads = {
    all,
    requestsOfAll: [],
    asked: [],
    done: [],
    async find(namespace, name, kind) {
      made.asked.push(`find ${namespace}/${name} ${kind ?? "any"}`);
      return named(namespace, name, kind);
    },
    known: named,
    resources: (kind = "Deployment") => [{ ...deployment.resource, kind }],
    requests: () => made.requestsOfAll,
    async patch(workload, operations, as) {
      made.asked.push(`patch ${keyOf(workload)}${as ? " as another" : ""}`);
      made.meddle?.();
      const stored = all.get(keyOf(workload));
      if (!stored) throw new KubeError(404, "NotFound", "not found");
      const patched = workloadPatched(stored, operations);
      if (!patched) throw new KubeError(422, "Invalid", "test failed", { said: "a test failed" });
      all.set(keyOf(workload), patched);
      return patched;
    },
    now: neverTwice(() => new Date()),
    onDone: (what, { container }) => void made.done.push(`${what} ${container}`),
  };
  return made;
}

import {
  holdManually,
  type ManualChange,
  type ManualChangeResult,
  resumeManually,
  rollBackManually,
} from "../../../core/lifecycle/manual_change.ts";
import { type Hold, readHolds } from "../../../core/requests/holds.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { type WorkloadChanges, workloadOf, workloadPatched } from "../../support/build/workload.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

export const now = new Date("2026-01-01T12:00:00.000Z");
const deeds = { rollback: rollBackManually, hold: holdManually, resume: resumeManually };

/** One workload that people change by hand, as the API server has it. */
export interface Harness {
  workload: Workload | undefined;
  requests: RequestChanges[];
  /** `read` and `patch`, in their order. */
  calls: string[];
  /** Called before each patch: may throw, or change the workload. */
  meddle?: () => void;
  /** Called after each patch that was made: may throw, as where its answer is lost. */
  lose?: () => void;
  does(what: keyof typeof deeds, wish?: Partial<ManualChange>): Promise<ManualChangeResult>;
  held(): readonly Hold[];
}

export function harness(changes: WorkloadChanges = {}, requests: RequestChanges[] = []): Harness {
  const made: Harness = {
    workload: workloadOf(changes),
    requests,
    calls: [],
    does: (what, wish = {}) =>
      deeds[what]({ container: "app", by: "ann", ...wish }, {
        async read() {
          made.calls.push("read");
          return made.workload;
        },
        requests: () => made.requests.map(requestOf),
        async patch(workload, operations) {
          made.calls.push("patch");
          made.meddle?.();
          if (!made.workload) throw new KubeError(404, "NotFound", "not found");
          const patched = workload.uid === made.workload.uid && workloadPatched(made.workload, operations);
          if (!patched) throw new KubeError(422, "Invalid", "test failed");
          made.workload = patched;
          made.lose?.();
          return patched;
        },
        now: () => now,
      }),
    held: () => readHolds(made.workload?.annotations.held),
  };
  return made;
}

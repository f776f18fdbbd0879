import { requestKey } from "../requests/cache.ts";
import { appliedAt } from "./after_apply.ts";
import { isEqual } from "../lib/equal.ts";
import { isConflict, isNotFound, KubeError } from "../kube/kube_error.ts";
import type { PatchStep, StatusUpdate, Step } from "./step.ts";
import type { Log } from "../plugin.ts";
import { hasStatus, statusOf } from "./status.ts";
import { slotsText } from "../requests/containers.ts";
import type { SlotGroup } from "../workloads/slot_group.ts";
import { type UpdateRequest, waitingPhase } from "../requests/update_request.ts";
import { INSTALL_CRD, type UpdateStore } from "../requests/store.ts";
import type { TargetRef, Workload } from "../workloads/workload.ts";

/** What came of a step, for metrics, Events and notifications. */
export interface Outcome {
  request: UpdateRequest;
  statusUpdate: StatusUpdate;
  workload: Workload | undefined;
}

/** What doing a step takes. */
export interface StepDependencies {
  store: UpdateStore;
  workloads: {
    /** As the API server says now. */
    read(target: TargetRef): Promise<Workload | "missing" | "unknown kind">;
    /** Changes the workload; gives it back as it is then. */
    patch(step: PatchStep): Promise<Workload>;
  };
  /** Writes a Kubernetes Event; called while the status is written. */
  recordEvents(outcome: Outcome): Promise<void>;
  /** Called after the workload was changed. */
  patched(step: PatchStep): void;
  /** Called after the status was written. */
  statusWritten(outcome: Outcome): void;
  hasNotifiers: boolean;
  now(): Date;
  log: Log;
}

/**
 * Changes the workload, and gives it back as it is then; what the API server refuses for good is written into the
 * status.
 *
 * @throws where it is to be tried again
 */
export async function patchWorkload(
  step: PatchStep,
  dependencies: StepDependencies,
): Promise<Workload | "missing" | "unknown kind"> {
  const { workloads, log } = dependencies;
  const { request, workload, slots } = step;
  const from = slots[0].current;
  try {
    if (workload.carrier && (step.type === "apply" || step.type === "roll back")) {
      // what the patch cannot test, since it stands in the other object
      const read = await workloads.read(request.spec.targetRef);
      if (typeof read === "string" || !sameTested(read, workload, slots)) return read;
    }
    const changed = await workloads.patch(step);
    log.info(LOG_MESSAGES[step.type], {
      updateRequest: requestKey(request),
      container: slotsText(slots),
      ...(step.type === "apply" ? { from, to: request.spec.newImage } : {}),
      ...(step.type === "roll back" ? { from, to: step.moves[0].image, reason: step.reason } : {}),
      ...(step.type === "hold" ? { image: step.holds[0].image, reason: step.holds[0].reason } : {}),
    });
    dependencies.patched(step);
    return changed;
  } catch (error) {
    if (isNotFound(error)) return await workloads.read(request.spec.targetRef);
    const refused = error instanceof KubeError && [400, 403, 422].includes(error.status);
    if (!refused) throw error;
    const read = await workloads.read(request.spec.targetRef);
    if (typeof read === "string" || !sameTested(read, workload, slots)) return read;
    if (step.type === "hold") throw error;
    const statusUpdate = refusal(step, error);
    if (!hasStatus(request, statusUpdate)) await writeStatus(request, statusUpdate, read, dependencies);
    if (statusUpdate.phase !== "Failed") throw error;
    return read;
  }
}

const LOG_MESSAGES: Record<PatchStep["type"], string> = {
  "apply": "applied",
  "mark verified": "verified",
  "roll back": "rolled back",
  "hold": "held",
};

/** The status of a request whose change the API server refuses: rights may come, but what is invalid stays so. */
function refusal({ request, type, workload }: PatchStep, error: KubeError): StatusUpdate {
  const at = appliedAt(request, workload);
  const applied = at === undefined ? {} : { appliedAt: at };
  const what = type === "roll back" ? "rollback" : "change";
  const message = `the API server refuses the ${what}: ${error.message}`;
  if (error.status === 403) {
    return { phase: at === undefined ? waitingPhase(request) : "Verifying", reason: "Forbidden", message, ...applied };
  }
  return { phase: "Failed", reason: type === "roll back" ? "RollbackRefused" : "ApplyRefused", message, ...applied };
}

/** Whether all that the patch tests is as it was, so that the refusal was for another reason. */
function sameTested(a: Workload, b: Workload, slots: SlotGroup): boolean {
  return a.uid === b.uid && a.carrier?.allowFrom === b.carrier?.allowFrom &&
    slots.every((slot) =>
      a.slots.some(({ name, current, pointer }) =>
        name === slot.name && current === slot.current && pointer === slot.pointer
      )
    ) &&
    a.annotations.any === b.annotations.any && a.annotations.history === b.annotations.history &&
    isEqual(a.annotations.settings, b.annotations.settings) && a.annotations.held === b.annotations.held;
}

/** Writes the status, and Events beside it; one that others have changed meanwhile is left, and is told by the store. */
export async function writeStatus(
  request: UpdateRequest,
  statusUpdate: StatusUpdate,
  workload: Workload | "missing" | "unknown kind",
  dependencies: StepDependencies,
): Promise<void> {
  const { store, now, hasNotifiers } = dependencies;
  const outcome: Outcome = { request, statusUpdate, workload: typeof workload === "string" ? undefined : workload };
  const status = statusOf(request, statusUpdate, now(), hasNotifiers);
  try {
    const [written] = await Promise.all([store.writeStatus(request, status), dependencies.recordEvents(outcome)]);
    dependencies.statusWritten({ ...outcome, request: written });
  } catch (error) {
    // what it is by now, if it still is, has been told
    if (!isConflict(error) && !isNotFound(error)) throw error;
  }
}

/**
 * Writes samples beside the status that it has. Nothing came of anything, so nobody is told. Whether they are kept: a CRD that does not
 * know them lets them fall.
 */
export async function writeSamples(
  { request, rollout }: Extract<Step, { type: "write samples" }>,
  { store, log }: StepDependencies,
): Promise<boolean> {
  try {
    const { status } = await store.writeStatus(request, { ...request.status, rollout });
    const isKept = status?.rollout !== undefined;
    if (!isKept) {
      log.warn("the CRD keeps no samples of rollouts: it is older than this operator", { mend: INSTALL_CRD });
    }
    return isKept;
  } catch (error) {
    if (!isConflict(error) && !isNotFound(error)) throw error;
    return true;
  }
}

import type { NamedCheckReading } from "./checks.ts";
import type { PodFault } from "./pod_fault.ts";
import type { HealthReading } from "../plugin/reading.ts";
import type { Rollout } from "../plugin.ts";

/** All that a reading is made of. */
export interface HealthInputs {
  rollout: Rollout;
  /** The worst fault of the pods of the new revision. */
  podsFault: PodFault | undefined;
  /** Whether the pods are listed; true where they are not to be watched. */
  podsSynced: boolean;
  /** When the oldest pod of the new revision was made that is not ready (RFC 3339). */
  podsUnreadyFrom?: string | undefined;
  /** Why they cannot be listed. */
  podsProblem?: string | undefined;
  /** Empty where none is asked for, or none was read yet because the rollout is not complete. */
  checks: readonly NamedCheckReading[];
  /** RFC 3339. */
  appliedAt: string;
}

/** Rollout, pods and checks taken together. Pure. */
export function judgeHealth(parts: HealthInputs): HealthReading {
  const { rollout, podsFault, podsSynced, podsProblem, podsUnreadyFrom, checks, appliedAt } = parts;
  const { state, reason, message } = rollout;
  if (state === "none") return { state: "none", reason, message };
  const isOld = isOfPriorRevision(rollout, appliedAt);
  if (podsFault) {
    const { reason, message, isFinal } = podsFault;
    const mayHeal = !isFinal && (state !== "failed" || isOld);
    return { state: "failing", reason, message, ...(mayHeal ? { mayHeal } : {}) };
  }
  if (isOld) {
    return { state: "waiting", reason: "NothingSince", message: "nothing has run since the change" };
  }
  if (state === "failed") return { state: "failing", reason, message };
  if (state !== "complete") {
    return { state, reason, message, ...(podsUnreadyFrom ? { unreadyFrom: podsUnreadyFrom } : {}) };
  }
  if (!podsSynced) {
    const why = podsProblem ? `: ${podsProblem}` : "";
    return { state: "waiting", reason: "PodsNotListed", message: `its pods are not listed yet${why}` };
  }
  const failing = checks.find(({ reading }) => reading.state === "failing");
  if (failing) return { state: "failing", reason: "CheckFailed", message: told(failing) };
  const waiting = checks.find(({ reading }) => reading.state === "waiting");
  if (waiting) {
    return { state: "progressing", reason: "CheckWaiting", message: told(waiting), unreadyFrom: appliedAt };
  }
  return { state: "healthy", reason: "Healthy", message };
}

const told = ({ name, reading }: NamedCheckReading) => `check ${name}: ${reading.message}`;

/** Times of Kubernetes have no fraction: within the same second nobody can tell, so it counts as before. */
function isOfPriorRevision({ at }: Rollout, appliedAt: string): boolean {
  return at !== undefined && !(second(at) > second(appliedAt));
}

const second = (time: string) => Math.floor(Date.parse(time) / 1000);

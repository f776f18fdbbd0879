import { policyFault } from "../kube/admission_policy.ts";
import type { KubeClient } from "../kube/client.ts";
import { delay } from "../lib/delay.ts";
import type { Log } from "../plugin.ts";

/** `enforced`: the API server itself refuses forged decisions; `open`: nobody has to prove who they are to the API. */
export type Approvals = "enforced" | "open" | "unenforced";

export interface ApprovalGuard {
  /** As it was last known, `unenforced` before that. What is older than `freshMs` is looked at again, for the next who asks. */
  state(): Approvals;
  /** Looks until there is an answer, and logs what it means. */
  announce(signal: AbortSignal): Promise<void>;
}

export interface ApprovalGuardOptions {
  client: KubeClient;
  /** `HEADWIND_APPROVALS=open`. */
  open: boolean;
  log: Log;
  /** @default a minute */
  freshMs?: number;
}

const POLICY = "headwind-approvals";
const againMs = 5_000;

/** Whether the ValidatingAdmissionPolicy of `deploy/approvals.yaml` is there and bound. A change of it is logged. */
export function createApprovalGuard({ client, open, log, freshMs = 60_000 }: ApprovalGuardOptions): ApprovalGuard {
  let known: { fault: string | undefined } | undefined;
  let lookedAt = -Infinity;

  async function look(): Promise<void> {
    lookedAt = performance.now();
    const fault = await policyFault(client, POLICY, "deploy/approvals.yaml");
    if (!known || known.fault !== fault) tell(fault);
    known = { fault };
  }
  const failed = (error: unknown) => log.debug("the policy of decisions cannot be looked for", { error });
  function tell(fault: string | undefined): void {
    if (fault === undefined) return log.info(`decisions are guarded by the ValidatingAdmissionPolicy ${POLICY}`);
    log.warn(
      `decisions are not guarded by the API server: whoever may write UpdateRequests can decide, in any name. ${fault}`,
    );
  }

  return {
    state() {
      if (open) return "open";
      if (performance.now() - lookedAt > freshMs) void look().catch(failed);
      return known && known.fault === undefined ? "enforced" : "unenforced";
    },
    async announce(signal) {
      if (open) {
        return log.warn("HEADWIND_APPROVALS=open: whoever reaches the API's port decides, in any name");
      }
      while (!signal.aborted && !known) {
        await look().catch(failed);
        if (!known) await delay(againMs, signal).catch(() => {});
      }
    },
  };
}

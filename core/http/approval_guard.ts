import type { KubeClient } from "../kube/client.ts";
import { isNotFound, KubeError } from "../kube/errors.ts";
import { pause } from "../kube/pause.ts";
import { resourcePath } from "../kube/paths.ts";
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
  /** Default: a minute. */
  freshMs?: number;
}

const POLICY = "headwind-approvals";
const againMs = 5_000;
const path = (plural: string) =>
  resourcePath({ group: "admissionregistration.k8s.io", version: "v1", plural }, undefined, POLICY);

/** Whether the ValidatingAdmissionPolicy of `deploy/approvals.yaml` is there and bound. A change of it is logged. */
export function createApprovalGuard({ client, open, log, freshMs = 60_000 }: ApprovalGuardOptions): ApprovalGuard {
  let known: { fault: string | undefined } | undefined;
  let lookedAt = -Infinity;

  async function look(): Promise<void> {
    lookedAt = performance.now();
    const fault = await faultOf(client);
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
        if (!known) await pause(againMs, signal).catch(() => {});
      }
    },
  };
}

/** Why the policy does not guard, a sentence; undefined when it does. Rejects while the API server cannot be asked. */
async function faultOf(client: KubeClient): Promise<string | undefined> {
  try {
    await client.request("GET", path("validatingadmissionpolicies"));
    const binding = await client.request<{ spec?: { policyName?: string; validationActions?: string[] } }>(
      "GET",
      path("validatingadmissionpolicybindings"),
    );
    if (binding.spec?.policyName === POLICY && binding.spec.validationActions?.includes("Deny")) return undefined;
    return `The ValidatingAdmissionPolicyBinding ${POLICY} does not bind the policy of that name with Deny.`;
  } catch (error) {
    if (isNotFound(error)) return absent((error as KubeError).said);
    if (error instanceof KubeError && error.status === 403) {
      return `Headwind has no right to see whether the policy is there: ${error.said}`;
    }
    throw error;
  }
}

function absent(said: string): string {
  return said.includes(POLICY)
    ? `${said}: deploy/approvals.yaml has it.`
    : "The API server knows no ValidatingAdmissionPolicies: it takes Kubernetes 1.30.";
}

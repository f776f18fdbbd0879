import { policyFault } from "./admission_policy.ts";
import type { KubeClient } from "./client.ts";
import type { Log } from "../plugin.ts";
import { delay } from "../lib/delay.ts";

const POLICY = "headwind-account";
const againMs = 5_000;

/**
 * Looks until there is an answer whether the API server binds Headwind's own account to what an update is
 * (`deploy/account.yaml`), and logs what it means.
 */
export async function announceAccountGuard(client: KubeClient, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const fault = await policyFault(client, POLICY, "deploy/account.yaml");
      if (fault === undefined) {
        return log.info(
          `the account of the ClusterRoleBinding ${POLICY} is bound by the ValidatingAdmissionPolicy ${POLICY}`,
        );
      }
      return log.warn(
        `this account is bound by RBAC alone: who has its token may change all of each workload that it may patch. ${fault}`,
      );
    } catch (error) {
      log.debug("the policy of this account cannot be looked for", { error });
      await delay(againMs, signal).catch(() => {});
    }
  }
}

import type { KubeClient } from "./client.ts";
import { isForbidden, isNotFound, type KubeError } from "./kube_error.ts";
import { resourcePath } from "./paths.ts";
import { delay } from "../lib/delay.ts";
import type { Log } from "../plugin.ts";

interface Binding {
  spec?: { policyName?: string; validationActions?: string[] };
}

/**
 * Why a ValidatingAdmissionPolicy, bound by a binding of the same name, does not guard, in a sentence; undefined when it
 * does. `file` is where the policy stands. Rejects while the API server cannot be asked.
 */
export async function policyFault(client: KubeClient, name: string, file: string): Promise<string | undefined> {
  const path = (plural: string) =>
    resourcePath({ group: "admissionregistration.k8s.io", version: "v1", plural }, undefined, name);
  try {
    await client.request("GET", path("validatingadmissionpolicies"));
    const binding = await client.request<Binding>("GET", path("validatingadmissionpolicybindings"));
    if (binding.spec?.policyName === name && binding.spec.validationActions?.includes("Deny")) return undefined;
    return `The ValidatingAdmissionPolicyBinding ${name} does not bind the policy of that name with Deny.`;
  } catch (error) {
    if (isNotFound(error)) return absent((error as KubeError).said, name, file);
    if (isForbidden(error)) {
      return `Headwind has no right to see whether the policy is there: ${error.said}`;
    }
    throw error;
  }
}

function absent(said: string, name: string, file: string): string {
  return said.includes(name)
    ? `${said}: ${file} has it.`
    : "The API server knows no ValidatingAdmissionPolicies: it takes Kubernetes 1.30.";
}

const POLICY = "headwind-account";
const AGAIN_MS = 5_000;

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
      await delay(AGAIN_MS, signal).catch(() => {});
    }
  }
}

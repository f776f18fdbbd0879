import { chartOf } from "../versions/slot.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/**
 * The way by which a use's artifact is read, as its objects write it: equal for uses that name the same address and the same Secrets
 * of the same namespace. Different ways may lead to the same login.
 */
export function accessKey({ workload, slot }: SlotRef): string {
  if (slot.type === "chart") {
    const { url, namespace, secret, certSecret, passCredentials, insecure } = slot.source ?? { url: "", namespace: "" };
    return JSON.stringify([chartOf(slot), url, namespace, secret, certSecret, passCredentials, insecure]);
  }
  const { namespace, serviceAccount, pullSecrets } = workload;
  return JSON.stringify([namespace, serviceAccount, ...pullSecrets]);
}

import { CHECK_REQUESTED, type CheckOutcome, LAST_CHECK, writtenCheckOutcome } from "./asked_check.ts";
import type { KubeClient } from "../kube/client.ts";
import { resourcePath } from "../kube/paths.ts";
import type { Workload } from "./workload.ts";

/** Asks for a workload to be looked at now. Throws `KubeError`, also where it is another of that name by now. */
export async function requestCheck(
  client: KubeClient,
  workload: Workload,
  at: string,
  fieldManager = "headwind",
): Promise<void> {
  await annotate(client, workload, { [CHECK_REQUESTED]: at }, fieldManager);
}

/** Writes what came of it. Throws as `requestCheck`. */
export async function writeCheckOutcome(
  client: KubeClient,
  workload: Workload,
  lastCheck: CheckOutcome,
): Promise<void> {
  await annotate(client, workload, { [LAST_CHECK]: writtenCheckOutcome(lastCheck) }, "headwind");
}

/** On the workload itself, even where its versions stand in another object. */
async function annotate(
  client: KubeClient,
  { plugin, namespace, name, uid }: Workload,
  annotations: Record<string, string>,
  fieldManager: string,
): Promise<void> {
  const body = { metadata: { uid, annotations } };
  const path = resourcePath(plugin.resource, namespace, name);
  await client.request("PATCH", path, { body, patch: "merge", query: { fieldManager } });
}

import { isRetryable } from "../lib/retryable.ts";
import type { Lookup } from "../lifecycle/lifecycle.ts";
import { stillToMove } from "../requests/containers.ts";
import { retryUntilVisible } from "./shown.ts";
import { readReference } from "../versions/compare.ts";
import { RegistryError } from "../registry/errors.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { VersionLookup } from "./registry_access.ts";
import { withoutAddresses } from "../runtime/outside/without_addresses.ts";
import type { Workload } from "../workloads/workload.ts";

/** Asks the registry whether it has the version that a request names; of a tag with a digest, whether the tag is at that. */
export function versionAsked(
  lookup: VersionLookup,
): (request: UpdateRequest, workload: Workload, signal?: AbortSignal) => Promise<Lookup> {
  return async (request, workload, signal) => {
    const [slot] = stillToMove(request, workload);
    const { tag, digest } = readReference(request.spec.newImage) ?? {};
    if (!slot) return "absent";
    try {
      const ask = () => lookup({ workload, slot }, tag ?? digest ?? "latest", signal);
      const answer = await retryUntilVisible(ask, digest, signal);
      if (answer === undefined) return "absent";
      return digest === undefined || answer === digest ? "found" : { moved: answer };
    } catch (error) {
      if (error instanceof RegistryError) return error.kind === "not-found" ? "absent" : { unavailable: error.message };
      if (isRetryable(error)) throw error;
      return { unavailable: withoutAddresses((error as Error).message) };
    }
  };
}

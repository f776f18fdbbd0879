import type { Sharing } from "../lib/queue_order.ts";
import type { UpdateCache } from "../requests/cache.ts";

/**
 * How workloads share the workers: namespaces take turns, and what is being verified, and may have to be rolled back, has a lane of its
 * own beside what is still to be applied.
 */
export function sharingOf(cache: Pick<UpdateCache, "ofWorkload">): Required<Sharing> {
  return {
    ownerOf: namespaceOf,
    laneOf: (key) =>
      cache.ofWorkload(key).some(({ status }) => status?.phase === "Verifying") ? "verification" : "updates",
  };
}

/** Of a workload's key; of one that requests of another namespace name, that namespace. */
function namespaceOf(key: string): string {
  const [, by] = key.split(" from ");
  return by ?? key.split("/")[1] ?? "";
}

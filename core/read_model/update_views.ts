import { createListViews, type ListViews } from "./list_views.ts";
import type { KnownRequests } from "../requests/cache.ts";
import type { ListChange } from "./list_order.ts";
import { rowOf, type UpdateRow } from "./update_row.ts";
import { updateOrder } from "./sort_updates.ts";
import type { UpdateRequest } from "../requests/update_request.ts";

/** The UpdateRequests as lines of lists. */
export type UpdateViews = ListViews<UpdateRow>;

export function createUpdateViews(cache: Pick<KnownRequests, "all" | "revision">): UpdateViews {
  let revision: number | undefined;
  return createListViews({
    order: updateOrder,
    renew(before) {
      const now = cache.revision();
      if (now === revision) return undefined;
      revision = now;
      return nextRows(before, cache.all());
    },
  });
}

/** So many of those before may be gone between two that are still there; beyond, each is looked up. */
const REACH = 8;

/** The lines of requests that come in the order of before, but for those that have changed: of those that have not, the same. */
function nextRows(
  before: readonly UpdateRow[],
  requests: Iterable<UpdateRequest>,
): { rows: UpdateRow[]; change: ListChange<UpdateRow> } {
  const rows: UpdateRow[] = [];
  const gone = new Set<UpdateRow>();
  const added: UpdateRow[] = [];
  let at = 0;
  const known = (request: UpdateRequest): UpdateRow | undefined => {
    for (let next = at; next < before.length && next <= at + REACH; next++) {
      if (before[next]!.request !== request) continue;
      for (; at < next; at++) gone.add(before[at]!);
      return before[at++];
    }
  };
  for (const request of requests) {
    const same = known(request);
    const row = same ?? rowOf(request);
    rows.push(row);
    if (!same) added.push(row);
  }
  for (; at < before.length; at++) gone.add(before[at]!);
  // what stood out of reach is neither
  return { rows, change: { gone, added: added.filter((row) => !gone.delete(row)) } };
}

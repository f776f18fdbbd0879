import type { DashboardContext, UpdateRow } from "../../../core/ui.ts";
import { isWhere, namespacesWhere } from "./namespaces_where.ts";
import type { Person } from "./person.ts";

/** The updates that a person may see, and in which of their namespaces they may decide. */
export interface VisibleUpdates {
  rows: readonly UpdateRow[];
  /** Whether there are namespaces about which it was not asked, since there are many. */
  isComplete: boolean;
  /** Whether they decide anywhere. */
  decides: boolean;
  mayDecide(row: UpdateRow): boolean;
}

/** `namespace` where a page is of one alone. */
export async function visibleUpdates(
  { context, person }: { context: DashboardContext; person: Person },
  namespace?: string,
): Promise<VisibleUpdates> {
  const { updates } = context;
  const namespaces = () => namespace === undefined ? updates.namespaces() : [namespace];
  const sees = await namespacesWhere(person, "list", namespaces);
  const seen = () => namespaces().filter((name) => isWhere(sees, name));
  const approves = await namespacesWhere(person, "approve", seen);
  return {
    rows: sees.where === "all" ? updates.all() : updates.of(sees.where),
    isComplete: sees.isComplete,
    decides: approves.where === "all" || approves.where.size > 0,
    mayDecide: (row) => row.isUndecided && isWhere(approves, row.namespace),
  };
}

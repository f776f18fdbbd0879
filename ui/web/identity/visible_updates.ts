import { type DashboardContext, isWhere, namespacesWhere, type UpdateRow } from "../../../core/web.ts";
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

/** Where there are too many namespaces to ask about, those of `namespace` alone, if one is chosen. */
export async function visibleUpdates(
  { context: { updates }, person }: { context: DashboardContext; person: Person },
  namespace?: string,
): Promise<VisibleUpdates> {
  const all = await namespacesWhere(person, "list", updates.namespaces);
  const chosen = namespace === undefined || all.isComplete ? undefined : [namespace];
  const sees = chosen ? await namespacesWhere(person, "list", () => chosen) : all;
  const seen = () => (chosen ?? updates.namespaces()).filter((name) => isWhere(sees, name));
  const approves = await namespacesWhere(person, "approve", seen);
  return {
    rows: sees.where === "all" ? updates.all() : updates.of(sees.where),
    isComplete: sees.isComplete,
    decides: approves.where === "all" || approves.where.size > 0,
    mayDecide: (row) => row.isUndecided && isWhere(approves, row.namespace),
  };
}

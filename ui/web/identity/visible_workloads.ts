import { type DashboardContext, namespacesWhere, type WorkloadRow } from "../../../core/web.ts";
import type { Person } from "./person.ts";

/** The workloads that a person may see: those of namespaces whose UpdateRequests they may list, which tell of them anyway. */
export interface VisibleWorkloads {
  rows: readonly WorkloadRow[];
  /** Whether there are no namespaces about which it was not asked, since there are many. */
  isComplete: boolean;
}

/** `namespace` where a page is of one alone. */
export async function visibleWorkloads(
  { context: { workloadRows }, person }: { context: DashboardContext; person: Person },
  namespace?: string,
): Promise<VisibleWorkloads> {
  const namespaces = () => namespace === undefined ? workloadRows.namespaces() : [namespace];
  const sees = await namespacesWhere(person, "list", namespaces);
  if (sees.where === "all") return { rows: workloadRows.all(), isComplete: true };
  return { rows: workloadRows.of(sees.where), isComplete: sees.isComplete };
}

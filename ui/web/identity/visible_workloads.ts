import { type DashboardContext, namespacesWhere, type WorkloadRow } from "../../../core/web.ts";
import type { Person } from "./person.ts";

/** The workloads that a person may see: those of namespaces whose UpdateRequests they may list, which tell of them anyway. */
export interface VisibleWorkloads {
  rows: readonly WorkloadRow[];
  /** Whether there are no namespaces about which it was not asked, since there are many. */
  isComplete: boolean;
}

/** How many there are that a person may see, and whether these are all that there are. */
export async function countWorkloads(
  { context: { workloads, workloadRows }, person }: { context: DashboardContext; person: Person },
): Promise<{ workloads: number; areAll: boolean }> {
  const { where } = await namespacesWhere(person, "list", workloadRows.namespaces);
  if (where !== "all") return { workloads: workloadRows.of(where).length, areAll: false };
  return { workloads: [...workloads.counts().values()].reduce((sum, count) => sum + count, 0), areAll: true };
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

import { readHistory } from "../../core/requests/history.ts";
import type { Phase } from "../../core/requests/phases.ts";
import type { Change, WorkloadView } from "./change.ts";

/**
 * Workloads and UpdateRequests are watched apart, so that a patch may be heard of before the request that it is for, and
 * the request's end before the patch. This holds back what is early, so that the story is told as it happened.
 */
export function inOrder(tell: (change: Change) => void): (change: Change) => void {
  const views = new Map<string, WorkloadView>();
  const requests = new Set<string>();
  const waiting: Change[] = [];

  function isEarly(change: Change): boolean {
    if (change.of === "warning") return false;
    if (change.of === "workload") return isPatched(change) && newUids(change).some((uid) => !requests.has(uid));
    const { before, after: { spec, status } } = change;
    const { targetRef, containerName = "", newImage } = spec;
    const view = views.get(targetRef.name);
    if (!view || !before || status?.phase === undefined || status.phase === before.status?.phase) return false;
    const itRuns = view.images[containerName] === newImage;
    return (running.includes(status.phase) && !itRuns) || (left.includes(status.phase) && itRuns);
  }
  const mustWait = (change: Change, index: number) =>
    isEarly(change) || waiting.slice(0, index).some((earlier) => isOfSame(change, earlier));

  return (change) => {
    waiting.push(change);
    for (;;) {
      const index = waiting.findIndex((one, index) => !mustWait(one, index));
      if (index < 0) return;
      const [next] = waiting.splice(index, 1);
      if (next!.of === "workload") views.set(next!.after.name, next!.after);
      if (next!.of === "request") requests.add(next!.after.metadata.uid);
      tell(next!);
    }
  };
}

const running: readonly Phase[] = ["Verifying", "Completed"];
const left: readonly Phase[] = ["RolledBack", "Held"];

type WorkloadChange = Extract<Change, { of: "workload" }>;

const isPatched = ({ before, after }: WorkloadChange): boolean =>
  before !== undefined && before.annotations["update-history"] !== after.annotations["update-history"];

/** Of the requests that were applied with this change. */
function newUids({ before, after }: WorkloadChange): string[] {
  const [old, now] = [before, after].map((view) =>
    readHistory(view?.annotations["update-history"]).flatMap(({ updateRequestUid }) => updateRequestUid ?? [])
  );
  return now!.filter((uid) => !old!.includes(uid));
}

/** The same workload's changes, and the same request's, keep their own order. */
function isOfSame(a: Change, b: Change): boolean {
  if (a.of === "workload" && b.of === "workload") return a.after.name === b.after.name;
  return a.of === "request" && b.of === "request" && a.after.metadata.uid === b.after.metadata.uid;
}

import type { Change, WorkloadView } from "./change.ts";

/**
 * Workloads and UpdateRequests are watched apart, so that a Completed may be heard before the patch that it is about.
 * This holds it back until the workload is seen to run the version, so that the story is told as it happened.
 */
export function inOrder(tell: (change: Change) => void): (change: Change) => void {
  const views = new Map<string, WorkloadView>();
  let held: Change[] = [];
  const isEarly = (change: Change) => {
    if (change.of !== "request" || change.after.status?.phase !== "Completed") return false;
    const { targetRef, containerName = "", newImage } = change.after.spec;
    const view = views.get(targetRef.name);
    return view !== undefined && view.images[containerName] !== newImage;
  };
  return (change) => {
    if (change.of === "workload") views.set(change.after.name, change.after);
    if (isEarly(change)) return void held.push(change);
    tell(change);
    const ready = held.filter((one) => !isEarly(one));
    held = held.filter(isEarly);
    for (const one of ready) tell(one);
  };
}

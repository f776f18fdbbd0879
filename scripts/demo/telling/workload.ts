import { type HistoryEntry, lastEntry } from "../../../core/updates/history.ts";
import type { WorkloadView } from "../change.ts";
import type { Line } from "../telling.ts";
import { shortened, versionOf } from "../version.ts";

/** The lines that tell of a workload that is not as it was: its images, and its rollout. Pure. */
export function linesOfWorkload(before: WorkloadView, after: WorkloadView): Line[] {
  const lines: Line[] = [];
  const tell = (step: string, text: string) => lines.push({ workload: after.name, step, text });
  for (const [container, image] of Object.entries(after.images)) {
    const old = before.images[container];
    if (old === undefined || old === image) continue;
    const moved = `container ${container} of ${after.kind} ${after.name}: ${short(old)} → ${short(image)}`;
    const entry = newEntry(before, after, container);
    if (entry?.image !== image) tell("by hand", `somebody changes ${moved}`);
    else tell(entry.rollback ? "rollback" : "patch", moved);
  }
  // each change of an annotation too is one that the controller of a Deployment has yet to see
  const rolled = before.rollout.state === "progressing" && before.rollout.reason !== "NotObserved";
  if (rolled && after.rollout.state === "complete" && after.generation > 1) tell("rollout", after.rollout.message);
  return lines;
}

/** What Headwind has written into the history with this change: a person's change may take annotations back, too. */
function newEntry(before: WorkloadView, after: WorkloadView, container: string): HistoryEntry | undefined {
  const [old, entry] = [before, after].map(({ annotations }) => lastEntry(annotations["update-history"], container));
  return entry && entry.timestamp > (old?.timestamp ?? "") ? entry : undefined;
}

const short = (image: string) => shortened(versionOf(image));

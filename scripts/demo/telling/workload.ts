import { type HistoryEntry, lastEntry } from "../../../core/requests/history.ts";
import type { WorkloadView } from "../change.ts";
import type { Line } from "../telling.ts";
import { shortened, versionOf } from "../version.ts";

/** The lines that tell of a workload that is not as it was: its images, and its rollout, of a release what Flux runs. Pure. */
export function linesOfWorkload(before: WorkloadView, after: WorkloadView): Line[] {
  const lines: Line[] = [];
  const tell = (step: string, text: string) => lines.push({ workload: after.name, step, text });
  for (const [container, image] of Object.entries(after.images)) {
    const old = before.images[container];
    if (old === undefined || old === image) continue;
    const part = after.kind === "HelmRelease" ? container : `container ${container}`;
    const moved = `${part} of ${after.kind} ${after.name}: ${short(old)} → ${short(image)}`;
    const entry = newEntry(before, after, container);
    if (entry?.image !== image) tell("by hand", `somebody changes ${moved}`);
    else tell(entry.rollback ? "rollback" : "patch", moved);
  }
  if (isHelmAtWork(after) && after.generation > 1 && after.rollout.message !== before.rollout.message) {
    tell("flux", after.rollout.message);
  }
  const isDone = wasAtWork(before) && after.rollout.state === "complete" && after.generation > 1;
  if (isDone) tell("rollout", after.rollout.message);
  return lines;
}

/** What Flux says before it runs Helm is its own bookkeeping, which it does for nothing, too. */
const isHelmAtWork = ({ kind, rollout: { state, message } }: WorkloadView): boolean =>
  kind === "HelmRelease" && state === "progressing" && message.startsWith("Running ");

/** Each change of an annotation too is one that the controller of a Deployment has yet to see. */
const wasAtWork = (view: WorkloadView): boolean =>
  view.kind === "HelmRelease"
    ? isHelmAtWork(view)
    : view.rollout.state === "progressing" && view.rollout.reason !== "NotObserved";

/** What Headwind has written into the history with this change: a person's change may take annotations back, too. */
function newEntry(before: WorkloadView, after: WorkloadView, container: string): HistoryEntry | undefined {
  const [old, entry] = [before, after].map(({ annotations }) => lastEntry(annotations["update-history"], container));
  return entry && entry.timestamp > (old?.timestamp ?? "") ? entry : undefined;
}

const short = (image: string) => shortened(versionOf(image));

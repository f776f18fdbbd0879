import type { UpdateRequest } from "../../core/updates/update_request.ts";
import type { Change, WorkloadView } from "./change.ts";
import { shortened, versionOf } from "./version.ts";

/** One line of the story. */
export interface Line {
  workload: string;
  /** What kind of step it is, in a word. */
  step: string;
  text: string;
}

/** The lines that tell of a change, for people. Pure. What was there before anybody looked is not told, but Warnings are. */
export function linesOf(change: Change): Line[] {
  if (change.of === "request") return linesOfRequest(change.before, change.after);
  if (change.of === "workload") return change.before ? linesOfWorkload(change.before, change.after) : [];
  if (change.before) return [];
  const { involvedObject, reason, message } = change.after;
  return [{ workload: involvedObject.name, step: "warning", text: `Event ${reason}: ${message}` }];
}

function linesOfRequest(before: UpdateRequest | undefined, after: UpdateRequest): Line[] {
  const { spec, status, metadata } = after;
  const lines: Line[] = [];
  const tell = (step: string, text: string) => lines.push({ workload: spec.targetRef.name, step, text });
  if (!before) {
    const { sighting } = spec;
    const version = shortened(versionOf(spec.newImage));
    if (sighting?.via === "polling") tell("sighting", `the poller finds ${version} in the registry`);
    else if (sighting) {
      const proof = sighting.trusted ? "and proves itself by the secret" : "and proves nothing: it is looked up";
      tell("sighting", `the registry's notification names ${version}, ${proof}`);
    }
    const why = spec.reason ? shortened(spec.reason) : "written by hand";
    tell("request", `UpdateRequest ${metadata.name} is stored: ${why}`);
  }
  const { decision } = spec;
  if (decision && !before?.spec.decision) {
    const why = decision.reason ? `: ${decision.reason}` : "";
    const via = decision.via === "api" ? "over the approval API" : `by ${decision.via ?? "hand"}`;
    const verb = decision.approved ? "approves" : "rejects";
    tell(decision.approved ? "approval" : "rejection", `${decision.by} ${verb} ${via}${why}`);
  }
  const standing = reasonOf(after);
  if (status?.phase === undefined || (before?.status?.phase === status.phase && reasonOf(before) === standing)) {
    return lines;
  }
  if (status.phase === "Pending") {
    tell("waits", standing === "WaitingForApproval" ? "for a person's approval" : shortened(status.message ?? ""));
  } else if (status.phase === "Approved") {
    if (standing !== "Approved") tell("waits", shortened(status.message ?? ""));
  } else if (status.phase === "Completed" || status.phase === "Rejected") {
    tell("end", `the UpdateRequest is ${status.phase}`);
  } else tell("end", `the UpdateRequest is ${status.phase}: ${shortened(status.message ?? "")}`);
  return lines;
}

const reasonOf = ({ status }: UpdateRequest): string | undefined =>
  status?.conditions?.find(({ type }) => type === "Applied")?.reason;

function linesOfWorkload(before: WorkloadView, after: WorkloadView): Line[] {
  const lines: Line[] = [];
  const tell = (step: string, text: string) => lines.push({ workload: after.name, step, text });
  for (const [container, image] of Object.entries(after.images)) {
    const old = before.images[container];
    if (old === undefined || old === image) continue;
    tell(
      "patch",
      `container ${container} of ${after.kind} ${after.name}: ${shortVersion(old)} → ${shortVersion(image)}`,
    );
  }
  const { rollout } = after;
  if (rollout?.done && !before.rollout?.done && after.generation > 1) {
    tell("rollout", `${rollout.ready} of ${rollout.wanted} pods run it and are ready`);
  }
  return lines;
}

const shortVersion = (image: string) => shortened(versionOf(image));

import type { Change } from "./change.ts";
import { linesOfRequest } from "./telling/request.ts";
import { linesOfWorkload } from "./telling/workload.ts";

/** One line of the story. */
export interface Line {
  workload: string;
  /** What kind of step it is, in a word. */
  step: string;
  text: string;
}

/**
 * The lines that tell of a change, for people. Pure. What was there before anybody looked is not told, but Warnings are:
 * those that do not tell of an update, whose lines say it already.
 */
export function linesOf(change: Change): Line[] {
  if (change.of === "request") return linesOfRequest(change.before, change.after);
  if (change.of === "workload") return change.before ? linesOfWorkload(change.before, change.after) : [];
  const { involvedObject, reason, message } = change.after;
  if (change.before || reason?.startsWith("Update")) return [];
  return [{ workload: involvedObject.name, step: "warning", text: `Event ${reason}: ${message}` }];
}

import { PREFIX } from "./annotations.ts";
import type { Workload } from "./workload.ts";

export const CHECK_REQUESTED = `${PREFIX}check-requested-at`;
export const LAST_CHECK = `${PREFIX}last-check`;

/** What came of a check, as the annotation `headwind.sh/last-check` says. */
export interface CheckOutcome {
  /** What `check-requested-at` said. */
  requested: string;
  /** RFC 3339: when all had been asked. */
  at: string;
  /** Names of the UpdateRequests that there are of what was seen. */
  updateRequests: string[];
  /** What could not be read, and why, a sentence. */
  error?: string;
}

/** Most characters of a sentence about what could not be read. */
const MAX_ERROR = 512;
const MOST_REQUESTS = 10;
/** What waits for longer is asked for by nobody any more. */
const STALE_MS = 3_600_000;

/** Undefined where there is none, or nonsense. */
export function readCheckOutcome(annotation: string | undefined): CheckOutcome | undefined {
  if (annotation === undefined) return undefined;
  try {
    const { requested, at, updateRequests = [], error } = JSON.parse(annotation) as Partial<Record<string, unknown>>;
    if (typeof requested !== "string" || typeof at !== "string" || !Array.isArray(updateRequests)) return undefined;
    return {
      requested,
      at,
      // anybody may write into the annotation
      updateRequests: updateRequests.filter((name) => typeof name === "string").slice(0, MOST_REQUESTS),
      ...(typeof error === "string" ? { error: error.slice(0, MAX_ERROR) } : {}),
    };
  } catch {
    return undefined;
  }
}

/** The annotation, bounded. */
export function writtenCheckOutcome({ requested, at, updateRequests, error }: CheckOutcome): string {
  return JSON.stringify({
    requested,
    at,
    updateRequests: updateRequests.slice(0, MOST_REQUESTS),
    ...(error === undefined ? {} : { error: error.slice(0, MAX_ERROR) }),
  });
}

/** Whether a workload asks to be looked at and has not been yet. A time, but no other text, asks for an hour only. */
export function asksForCheck({ checkRequested, lastCheck }: Workload, now: number): boolean {
  if (checkRequested === undefined) return false;
  const at = /^\d{4}-\d{2}-\d{2}T/.test(checkRequested) ? Date.parse(checkRequested) : NaN;
  return !(now - at > STALE_MS) && readCheckOutcome(lastCheck)?.requested !== checkRequested;
}

import { MAX_WRITTEN_LENGTH } from "../workloads/annotation_bounds.ts";
import { createInterner } from "../lib/interner.ts";

/** One change that Headwind applied, in the annotation `headwind.sh/update-history`. Newest first. */
export interface HistoryEntry {
  container: string;
  image: string;
  /** What the change replaced. */
  previousImage?: string;
  /** RFC 3339. */
  timestamp: string;
  updateRequestName?: string;
  /** A request that is made anew has the name of the old one. */
  updateRequestUid?: string;
  approvedBy?: string;
  /** Whether the workload was healthy on it for the soak time. */
  verified?: boolean;
  /** Set where the change took a version back. */
  rollback?: Rollback;
}

export interface Rollback {
  /** The image that was left. */
  of: string;
  /** `headwind`, or the person. */
  by: string;
  reason: string;
}

const KEPT_PER_CONTAINER = 10;

/** Entries of the annotation; one that was edited into nonsense reads as empty, odd entries are left out. */
export function readHistory(annotation: string | undefined): readonly HistoryEntry[] {
  return annotation === undefined ? none : parsed(annotation, () => readList(annotation, isEntry));
}

/** Annotations as they were read: one pass over a workload's requests asks for the same again and again. */
const parsed = createInterner<readonly HistoryEntry[]>(1_000_000);
const none: readonly HistoryEntry[] = [];

/** The annotation with entries in front, of a container each, and the last 10 of each container kept. */
export function withEntries(annotation: string | undefined, entries: readonly HistoryEntry[]): string {
  const counts = new Map<string, number>();
  const kept = [...entries, ...readHistory(annotation)].filter(({ container }) => {
    const count = (counts.get(container) ?? 0) + 1;
    counts.set(container, count);
    return count <= KEPT_PER_CONTAINER;
  });
  return writtenList(kept, MAX_WRITTEN_LENGTH.history);
}

/** The annotation with the last change of each of these containers marked as verified. */
export function withVerified(annotation: string | undefined, containers: readonly string[]): string {
  const unmarked = new Set(containers);
  const marked = readHistory(annotation).map((entry) =>
    unmarked.delete(entry.container) ? { ...entry, verified: true } : entry
  );
  return writtenList(marked, MAX_WRITTEN_LENGTH.history);
}

/**
 * A list, newest first, as it is written into an annotation of so many characters at most: what is needed least goes
 * before it becomes longer, by default the oldest of what its container has newer ones of.
 */
export function writtenList<T extends { container: string }>(
  entries: readonly T[],
  most: number,
  { isNeedless = () => false, stays = () => false }: {
    isNeedless?: (entry: T) => boolean;
    /** Goes only where nothing else is left. */
    stays?: (entry: T) => boolean;
  } = {},
): string {
  const kept = [...entries];
  for (let text = JSON.stringify(kept);; text = JSON.stringify(kept)) {
    if (text.length <= most || kept.length <= 1) return text;
    const needless = kept.findLastIndex((entry, index) => index > 0 && isNeedless(entry));
    const followed = kept.findLastIndex((entry, index) =>
      !stays(entry) && kept.findIndex((other) => other.container === entry.container) < index
    );
    const last = kept.findLastIndex((entry, index) => index > 0 && !stays(entry));
    kept.splice([needless, followed, last, kept.length - 1].find((at) => at >= 0)!, 1);
  }
}

/** The last change of a container, if there was one. */
export function lastEntry(annotation: string | undefined, container: string): HistoryEntry | undefined {
  return readHistory(annotation).find((entry) => entry.container === container);
}

/** The items of a JSON list in an annotation that are of the wanted shape; none where it is no list. */
export function readList<T>(annotation: string | undefined, isItem: (value: unknown) => value is T): T[] {
  if (annotation === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(annotation);
    return Array.isArray(parsed) ? parsed.filter(isItem) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== "object" || value === null) return false;
  const { container, image, timestamp, previousImage, rollback } = value as Record<string, unknown>;
  return typeof container === "string" && typeof image === "string" && typeof timestamp === "string" &&
    !Number.isNaN(Date.parse(timestamp)) && (previousImage === undefined || typeof previousImage === "string") &&
    (rollback === undefined || isRollback(rollback));
}

function isRollback(value: unknown): value is Rollback {
  if (typeof value !== "object" || value === null) return false;
  const { of, by, reason } = value as Record<string, unknown>;
  return typeof of === "string" && typeof by === "string" && typeof reason === "string";
}

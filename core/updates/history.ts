/** One change that Headwind applied, in the annotation `headwind.sh/update-history`. Newest first. */
export interface HistoryEntry {
  container: string;
  image: string;
  /** What the change replaced. */
  previousImage?: string;
  /** RFC 3339. */
  timestamp: string;
  updateRequestName?: string;
  approvedBy?: string;
}

const keptPerContainer = 10;

/** Entries of the annotation; one that was edited into nonsense reads as empty, odd entries are left out. */
export function readHistory(annotation: string | undefined): HistoryEntry[] {
  if (annotation === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(annotation);
    return Array.isArray(parsed) ? parsed.filter(isEntry) : [];
  } catch {
    return [];
  }
}

/** The annotation with `entry` in front, and the last 10 of each container kept. */
export function withEntry(annotation: string | undefined, entry: HistoryEntry): string {
  const counts = new Map<string, number>();
  const kept = [entry, ...readHistory(annotation)].filter(({ container }) => {
    const count = (counts.get(container) ?? 0) + 1;
    counts.set(container, count);
    return count <= keptPerContainer;
  });
  return JSON.stringify(kept);
}

/** The last change of a container, if there was one. */
export function lastEntry(annotation: string | undefined, container: string): HistoryEntry | undefined {
  return readHistory(annotation).find((entry) => entry.container === container);
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== "object" || value === null) return false;
  const { container, image, timestamp } = value as Record<string, unknown>;
  return typeof container === "string" && typeof image === "string" && typeof timestamp === "string";
}

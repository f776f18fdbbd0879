import { type Phase, PHASES } from "../requests/phases.ts";
import { updateOrder } from "./sort_updates.ts";
import type { UpdateRow } from "./update_row.ts";
import { type Wait, waitOf } from "./update_wait.ts";
import type { Workload } from "../workloads/workload.ts";

/** A line, and why it goes no further now. */
export interface WaitingRow {
  row: UpdateRow;
  wait: Wait;
}

/** The first lines of a part of the overview, and how many there are. */
export interface Part<Row> {
  rows: readonly Row[];
  total: number;
}

/** What is to be seen first. */
export interface Overview {
  /** What waits for an approval that this person may give, the oldest first. */
  forYou: Part<WaitingRow>;
  /** What waits for an approval by others, and for everything else, the oldest first. */
  forOthers: Part<WaitingRow>;
  /** What was brought in and is being verified. */
  running: Part<WaitingRow>;
  /** What failed, or was taken back, within a day, the newest first. */
  failed: Part<UpdateRow>;
  counts: { phase: Phase; count: number }[];
  /** What ended within so many days, the oldest first. */
  ended: readonly UpdateRow[];
}

export interface OverviewInput {
  rows: readonly UpdateRow[];
  mayApprove(row: UpdateRow): boolean;
  /** By its key in the index. */
  workloadOf(key: string): Workload | undefined;
  /** Milliseconds since 1970. */
  now: number;
  /** Lines of each part. */
  most: number;
  /** Of what ended. */
  days: number;
}

const DAY_MS = 86_400_000;

/** Pure. */
export function overview({ rows, mayApprove, workloadOf, now, most, days }: OverviewInput): Overview {
  const forYou: UpdateRow[] = [];
  const forOthers: UpdateRow[] = [];
  const running: UpdateRow[] = [];
  const failed: UpdateRow[] = [];
  const counts = new Map<Phase, number>();
  for (const row of updateOrder.sorted(rows, "seen")) {
    counts.set(row.phase, (counts.get(row.phase) ?? 0) + 1);
    if (row.stage === "running") running.push(row);
    else if (row.stage === "waiting") (row.waitsFor === "approval" && mayApprove(row) ? forYou : forOthers).push(row);
    else if (isFailure(row) && now - (row.since ?? 0) < DAY_MS) failed.push(row);
  }
  const part = <Row>(all: readonly UpdateRow[], make: (row: UpdateRow) => Row): Part<Row> => ({
    rows: all.slice(0, most).map(make),
    total: all.length,
  });
  const waiting = (row: UpdateRow): WaitingRow => ({ row, wait: waitOf(row.request, workloadOf(row.workload), now)! });
  return {
    forYou: part(forYou, waiting),
    forOthers: part(forOthers, waiting),
    running: part(running, waiting),
    failed: part(failed.sort((a, b) => b.since! - a.since!), (row) => row),
    counts: (Object.keys(PHASES) as Phase[]).flatMap((phase) => {
      const count = counts.get(phase) ?? 0;
      return count === 0 ? [] : [{ phase, count }];
    }),
    ended: endedAfter(updateOrder.sorted(rows, "since"), now - days * DAY_MS),
  };
}

function endedAfter(oldestFirst: readonly UpdateRow[], since: number): UpdateRow[] {
  const ended: UpdateRow[] = [];
  for (let at = oldestFirst.length - 1; at >= 0 && comesTo(oldestFirst[at]!) > since; at--) {
    if (oldestFirst[at]!.stage === "finished") ended.push(oldestFirst[at]!);
  }
  return ended.reverse();
}

const comesTo = ({ since, seenAt }: UpdateRow): number => since ?? seenAt;

const isFailure = ({ phase }: UpdateRow) => phase === "Failed" || phase === "RolledBack";

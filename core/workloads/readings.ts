import type { KubeEvent } from "../kube/events.ts";
import { repositoryOf } from "../versions/repository_name.ts";
import type { Slot } from "../plugin.ts";

/** What is read for a slot: all versions, the digest of the tag that it follows, or the digest of a version that it is to have. */
export type Reading = "tags" | { followed: string } | "digest";

/** Names a reading, equally for all containers of a workload that it is the same for. */
export function readingName(slot: Slot, reading: Reading): string {
  const repository = repositoryOf(slot) ?? slot.current;
  if (reading === "tags") return `the versions of ${repository}`;
  return reading === "digest" ? `a new version of ${repository}` : `${repository}:${reading.followed}`;
}

/** The annotation of an Event that says which reading failed, or goes well again. */
export const READING = "headwind.sh/reading";

/** Of Events on a workload: that a reading fails, and that it goes well again. */
export const readingReasons = {
  image: { failed: "ImageSourceFailed", read: "ImageSourceRead" },
  chart: { failed: "ChartSourceFailed", read: "ChartSourceRead" },
} as const;

/** What an Event says of a reading. */
export interface ToldReading {
  reading: string;
  failed: boolean;
  message: string;
  /** RFC 3339. */
  at: string;
}

/** What Headwind told last of each reading, by the Events of one workload. Pure. */
export function lastReadings(events: readonly Pick<KubeEvent, "metadata" | "reason" | "message" | "lastTimestamp">[]) {
  const last = new Map<string, ToldReading>();
  for (const { metadata, reason, message, lastTimestamp: at } of events) {
    const reading = metadata.annotations?.[READING];
    const way = Object.values(readingReasons).find(({ failed, read }) => reason === failed || reason === read);
    if (reading === undefined || !way) continue;
    const told = { reading, failed: reason === way.failed, message, at };
    const known = last.get(reading);
    // of the same second, the end is the later one
    if (!known || known.at < at || (known.at === at && !told.failed)) last.set(reading, told);
  }
  return last;
}

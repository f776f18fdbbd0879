import type { KubeEvent } from "../kube/events.ts";
import { keyOf } from "./workload_index.ts";
import type { Log, Slot } from "../plugin.ts";
import type { Workload } from "./workload.ts";
import { workloadEvent } from "./workload_events.ts";
import { repositoryOf } from "../versions/slot_reference.ts";

export interface SourceEventRecorderOptions {
  record(event: KubeEvent): void;
  /** This replica's name. */
  identity: string;
  now(): Date;
  /** Milliseconds of a clock that never steps back. */
  elapsed?: () => number;
  log: Pick<Log, "warn" | "info">;
  /**
   * Outages that are looked after.
   *
   * @default 20,000
   */
  most?: number;
}

/** What keeps a workload's versions from being read. */
export interface ReadFailure {
  /** In CamelCase, of the Event on the workload. */
  reason: string;
  /** Of which there is one Event, however its message changes. */
  cause: string;
  /** A sentence without a full stop. */
  message: string;
}

/** Tells of an outage when it begins and when it ends, and of none again in between. */
export interface SourceEventRecorder {
  /** `what` cannot be read for a workload. */
  failed(workload: Workload, what: string, outage: ReadFailure): void;
  /** `what` was read; `reason` is that of the Event. */
  recovered(workload: Workload, what: string, reason: string): void;
  /** Whether there is one that could end: most polls go well, for thousands of workloads. */
  hasFailures(): boolean;
}

interface Outages {
  /** When each cause of the one that is under way was told last; empty where it was not, or where none is under way. */
  told: Map<string, number>;
  /** When those of the last hour that were told began; the last one is the one under way. */
  began: number[];
  /** The name of the last one. */
  id: string;
  seen: number;
}

/** Kubernetes forgets Events after an hour: one that lasts longer is told again under its old name, which there is but once. */
const HOUR_MS = 3_600_000;
/** Of what fails and heals with each poll not each is told. */
const MAX_PER_HOUR = 5;

export function createSourceEventRecorder(options: SourceEventRecorderOptions): SourceEventRecorder {
  const { record, identity, now, log, elapsed = () => performance.now(), most = 20_000 } = options;
  /** Those seen last stand last. */
  const kept = new Map<string, Outages>();
  const name = (workload: Workload, what: string) => `${keyOf(workload)} ${workload.uid} ${what}`;

  /** Undefined where there are too many that are looked after. */
  function outagesOf(key: string): Outages | undefined {
    const time = elapsed();
    const known = kept.get(key);
    if (known) kept.delete(key);
    else if (kept.size >= most) {
      const [[oldest, { seen }]] = kept as unknown as [[string, Outages]];
      if (time - seen < HOUR_MS) return undefined;
      kept.delete(oldest);
    }
    const outages = known ?? { told: new Map(), began: [], id: "", seen: time };
    outages.seen = time;
    outages.began = outages.began.filter((began, at, { length }) =>
      time - began < HOUR_MS || (outages.told.size > 0 && at === length - 1)
    );
    kept.set(key, outages);
    return outages;
  }

  const say = (
    workload: Workload,
    what: string,
    event: { type: "Normal" | "Warning"; reason: string; message: string; id: string },
  ) =>
    record(
      workloadEvent(workload, {
        ...event,
        now: now(),
        instance: identity,
        annotations: { [READING_ANNOTATION]: what },
      }),
    );

  return {
    hasFailures: () => kept.size > 0,
    failed(workload, what, { reason, cause, message }) {
      const outages = outagesOf(name(workload, what));
      if (!outages) return;
      const { told, began } = outages;
      const time = elapsed();
      if (time - (told.get(cause) ?? -Infinity) < HOUR_MS) return;
      if (told.size === 0) {
        if (began.length >= MAX_PER_HOUR) return;
        began.push(time);
        outages.id = now().toISOString();
      }
      if (!told.has(cause)) log.warn("about a workload", { workload: keyOf(workload), reason, message });
      told.set(cause, time);
      say(workload, what, { type: "Warning", reason, message, id: `${what} ${cause} ${outages.id}` });
    },
    recovered(workload, what, reason) {
      const key = name(workload, what);
      const outages = kept.get(key);
      if (!outages) return;
      if (outages.told.size > 0) {
        outages.told.clear();
        log.info("read again", { workload: keyOf(workload), what });
        const message = `${what} can be read again`;
        say(workload, what, { type: "Normal", reason, message, id: `${what} ${outages.id}` });
      }
      const last = outages.began.at(-1);
      if (last === undefined || elapsed() - last >= HOUR_MS) kept.delete(key);
    },
  };
}

/** What is read for a slot: all versions, the digest of the tag that it follows, or the digest of a version that it is to have. */
export type VersionQuery = "tags" | { followed: string } | "digest";

/** Names a reading, equally for all containers of a workload that it is the same for. */
export function describeQuery(slot: Slot, reading: VersionQuery): string {
  const repository = repositoryOf(slot) ?? slot.current;
  if (reading === "tags") return `the versions of ${repository}`;
  return reading === "digest" ? `a new version of ${repository}` : `${repository}:${reading.followed}`;
}

/** The annotation of an Event that says which reading failed, or goes well again. */
const READING_ANNOTATION = "headwind.sh/reading";

/** Of Events on a workload: that a reading fails, and that it goes well again. */
export const SOURCE_EVENT_REASONS = {
  image: { failed: "ImageSourceFailed", read: "ImageSourceRead" },
  chart: { failed: "ChartSourceFailed", read: "ChartSourceRead" },
} as const;

/** What an Event says of a reading. */
export interface LastReading {
  reading: string;
  failed: boolean;
  message: string;
  /** RFC 3339. */
  at: string;
}

/** What Headwind told last of each reading, by the Events of one workload. Pure. */
export function lastReadings(events: readonly Pick<KubeEvent, "metadata" | "reason" | "message" | "lastTimestamp">[]) {
  const last = new Map<string, LastReading>();
  for (const { metadata, reason, message, lastTimestamp: at } of events) {
    const reading = metadata.annotations?.[READING_ANNOTATION];
    const way = Object.values(SOURCE_EVENT_REASONS).find(({ failed, read }) => reason === failed || reason === read);
    if (reading === undefined || !way) continue;
    const told = { reading, failed: reason === way.failed, message, at };
    const known = last.get(reading);
    // of the same second, the end is the later one
    if (!known || known.at < at || (known.at === at && !told.failed)) last.set(reading, told);
  }
  return last;
}

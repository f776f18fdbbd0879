import type { KubeClient } from "../../core/kube/client.ts";
import { callsBetween, quiet, readApiCalls } from "./api_calls.ts";
import { idle } from "./idle.ts";
import type { ImageEvent, Subject } from "./subject.ts";
import { processUsage } from "./usage_of_process.ts";
import type { View } from "./view.ts";

/** What one subject did, in one go. */
export interface Phases {
  /** Milliseconds from the hand-over of an event to the patched workload, one event after the other. */
  latencies: number[];
  burst: Burst;
  /** Of all events but those of the warm-up. */
  events: number;
  cpuMs: number;
  /** What the API server was asked in that time, by anyone. */
  calls: Record<string, number>;
  rssAfterBurst: number;
  /** When all is quiet again. */
  rssAfter: number;
  peakRss: number;
}

export interface Burst {
  events: number;
  /** Events that the subject took on. */
  acknowledged: number;
  /** Of those: not patched, or with an UpdateRequest that is not completed. */
  lost: number;
  /** From the first hand-over until all are patched and their statuses written. */
  ms: number;
}

export interface PhasesOptions {
  subject: Subject;
  view: View;
  admin: KubeClient;
  next(count: number): ImageEvent[];
  samples: number;
  burst: number;
}

export const warmUp = 20;
/** In the burst, for the floor's writes and for the operator's webhooks alike. */
const atOnce = 16;
const patienceMs = 60_000;

/**
 * Warms up, hands over events one by one, then many at once.
 *
 * What makes floor and operator comparable: both start at the moment when this process hands the event over (to the
 * floor by a pipe, which is cheaper than the operator's HTTP), and end when this process's own watch tells of it; both
 * have the same bodies, account and connection; each event waits until the one before is over, its status included.
 */
export async function runPhases({ subject, view, admin, next, samples, burst }: PhasesOptions): Promise<Phases> {
  await one(subject, view, next(warmUp), "warm-up");
  await quiet(admin);
  await idle();
  const callsBefore = await readApiCalls(admin);
  const before = await processUsage(subject.pid);
  const latencies = await one(subject, view, next(samples), "sequential");
  const together = await many(subject, view, next(burst));
  const afterBurst = await processUsage(subject.pid);
  await quiet(admin);
  const after = await processUsage(subject.pid);
  return {
    latencies,
    burst: together,
    events: samples + together.acknowledged,
    cpuMs: after.cpuMs - before.cpuMs,
    calls: callsBetween(callsBefore, await readApiCalls(admin)),
    rssAfterBurst: afterBurst.rssBytes,
    rssAfter: after.rssBytes,
    peakRss: after.peakRssBytes,
  };
}

async function one(subject: Subject, view: View, events: ImageEvent[], what: string): Promise<number[]> {
  const latencies: number[] = [];
  for (const event of events) {
    const change = view.follow(event.name, `${event.repository}:${event.tag}`);
    const started = performance.now();
    const [taken] = await Promise.all([subject.send([event], 1), patient(change.over, view)]);
    if (taken.length === 0) throw new Error(`${what}: the event of ${event.name} was not taken on`);
    if (change.patchedAt === undefined || change.phase !== "Completed") {
      const state = `patched: ${change.patchedAt !== undefined}, UpdateRequest: ${change.phase ?? "unfinished"}`;
      throw new Error(`${what}: ${event.name} did not get ${event.tag} (${state})`);
    }
    latencies.push(change.patchedAt - started);
  }
  return latencies;
}

async function many(subject: Subject, view: View, events: ImageEvent[]): Promise<Burst> {
  const changes = new Map(events.map((event) => [event, view.follow(event.name, `${event.repository}:${event.tag}`)]));
  const started = performance.now();
  const taken = await subject.send(events, atOnce);
  await patient(Promise.all(taken.map((event) => changes.get(event)!.over)), view);
  const there = taken.map((event) => changes.get(event)!);
  const done = there.filter(({ patchedAt, phase }) => patchedAt !== undefined && phase === "Completed");
  const last = Math.max(...done.map(({ patchedAt = 0, finishedAt = 0 }) => Math.max(patchedAt, finishedAt)));
  return {
    events: events.length,
    acknowledged: taken.length,
    lost: taken.length - done.length,
    ms: last - started,
  };
}

/** Waits, but not for ever: what is missing then is told by who asked. */
async function patient(over: Promise<unknown>, view: View): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => timer = setTimeout(resolve, patienceMs));
  await Promise.race([over, enough, view.broken]).finally(() => clearTimeout(timer));
}

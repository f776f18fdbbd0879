import { readFile } from "node:fs/promises";

/** A machine that does more than this share of what it can is busy with what came before. */
const idleBelow = 0.2;
const longestMs = 20_000;

/**
 * Waits until the machine has been idle for two seconds, so that what is measured next does not share its cores with what a
 * control plane still does for what was before: its writes are over long before its work is. Goes on after 20 s.
 */
export async function idle(): Promise<void> {
  const started = performance.now();
  for (let still = 0; still < 2 && performance.now() - started < longestMs;) {
    const before = parseTimes(await readFile("/proc/stat", "utf8"));
    await new Promise((done) => setTimeout(done, 1000));
    still = busyShare(before, parseTimes(await readFile("/proc/stat", "utf8"))) < idleBelow ? still + 1 : 0;
  }
}

/** Time of all processors together, in clock ticks. */
export interface Times {
  idle: number;
  all: number;
}

/** Reads the text of `/proc/stat`: man 5 proc. */
export function parseTimes(stat: string): Times {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    /^cpu +(.*)$/m.exec(stat)?.[1]?.split(" ").map(Number) ?? [];
  return { idle: idle + iowait, all: user + nice + system + idle + iowait + irq + softirq + steal };
}

/** Between 0 and 1. */
export function busyShare(before: Times, after: Times): number {
  const all = after.all - before.all;
  return all === 0 ? 0 : 1 - (after.idle - before.idle) / all;
}

import { readFile } from "node:fs/promises";

/** What a process has used so far, from Linux's /proc. */
export interface ProcessUsage {
  /** User and system time of all its threads. */
  cpuMs: number;
  rssBytes: number;
  /** The most that it ever had. */
  peakRssBytes: number;
}

/** Clock ticks of /proc are hundredths of a second to every program: man 5 proc, USER_HZ. */
const tickMs = 10;

/** Rejects when there is no such process. */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8"),
    readFile(`/proc/${pid}/status`, "utf8"),
  ]);
  return parseUsage(stat, status);
}

/** Reads the texts of `/proc/PID/stat` and `/proc/PID/status`. */
export function parseUsage(stat: string, status: string): ProcessUsage {
  // The second field, the name in parentheses, may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? NaN);
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
    rssBytes: kilobytes("VmRSS") * 1024,
    peakRssBytes: kilobytes("VmHWM") * 1024,
  };
}

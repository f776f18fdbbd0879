/** What one run of a file came to. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Why it failed, where its own output does not say so. */
  note?: string;
}

/**
 * Counts what a process printed by uvu. A process that ended otherwise than well, or that ran no test, has at least one failure:
 * `ended` is its status or signal, `timedOut` says that it was ended after so many seconds.
 */
export function countsOf(output: string, ended: string, timedOut?: number): Counts {
  const last = [...output.matchAll(/^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/gm)].at(-1);
  const [total, passed, skipped] = last ? last.slice(1).map(Number) as [number, number, number] : [0, 0, 0];
  const failed = total - passed;
  const bad = (note: string): Counts => ({ passed, failed: Math.max(failed, 1), skipped, note });
  if (timedOut !== undefined) return bad(`no end in ${timedOut} s`);
  if (!last) return bad(`ended with ${ended} before its tests did`);
  if (total + skipped === 0) return bad("has no tests");
  if (failed > 0 && ended === "status 0") return bad("a hook failed, of which uvu says nothing");
  if (failed === 0 && ended !== "status 0") return bad(`ended with ${ended} after its tests had passed`);
  return { passed, failed, skipped };
}

/** The closing line. In CI nothing may be skipped: there, each skipped test is a failure. */
export function closingLine(all: Counts[], ci: boolean): { line: string; failed: number } {
  const sum = (key: "passed" | "failed" | "skipped") => all.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum("skipped");
  const failed = sum("failed") + (ci ? skipped : 0);
  const line = `${sum("passed")} passed, ${failed} failed${skipped > 0 && !ci ? `, ${skipped} skipped` : ""}`;
  return { line, failed };
}

/** Work that may have a lane: of those in one lane only one runs at a time, or as many as the lane is wide. */
export interface Job {
  lane?: string | undefined;
  run(): Promise<void>;
}

/**
 * Runs all, at most `limit` at a time, in order as far as the lanes let it. Rejects with the first failure, when all have ended.
 *
 * @param widths How many of a lane run at a time. Default 1.
 */
export async function schedule(jobs: Job[], limit: number, widths: Record<string, number> = {}): Promise<void> {
  const waiting = [...jobs];
  const busy = new Map<string, number>();
  const mayRun = (lane: string) => (busy.get(lane) ?? 0) < (widths[lane] ?? 1);
  const add = (lane: string | undefined, by: number) =>
    lane !== undefined && busy.set(lane, (busy.get(lane) ?? 0) + by);
  const failures: unknown[] = [];
  await new Promise<void>((resolve) => {
    let running = 0;
    const next = () => {
      while (running < limit) {
        const index = waiting.findIndex(({ lane }) => lane === undefined || mayRun(lane));
        if (index === -1) break;
        const [job] = waiting.splice(index, 1) as [Job];
        running++;
        add(job.lane, 1);
        job.run().catch((error) => failures.push(error)).finally(() => {
          running--;
          add(job.lane, -1);
          next();
        });
      }
      if (running === 0 && waiting.length === 0) resolve();
    };
    next();
  });
  if (failures.length > 0) throw failures[0];
}

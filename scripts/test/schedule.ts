/** Work that may have a lane: of those in one lane only one runs at a time. */
export interface Job {
  lane?: string | undefined;
  run(): Promise<void>;
}

/** Runs all, at most `limit` at a time, in order as far as the lanes let it. Rejects with the first failure, when all have ended. */
export async function schedule(jobs: Job[], limit: number): Promise<void> {
  const waiting = [...jobs];
  const busy = new Set<string>();
  const failures: unknown[] = [];
  await new Promise<void>((resolve) => {
    let running = 0;
    const next = () => {
      while (running < limit) {
        const index = waiting.findIndex(({ lane }) => lane === undefined || !busy.has(lane));
        if (index === -1) break;
        const [job] = waiting.splice(index, 1) as [Job];
        running++;
        if (job.lane !== undefined) busy.add(job.lane);
        job.run().catch((error) => failures.push(error)).finally(() => {
          running--;
          if (job.lane !== undefined) busy.delete(job.lane);
          next();
        });
      }
      if (running === 0 && waiting.length === 0) resolve();
    };
    next();
  });
  if (failures.length > 0) throw failures[0];
}

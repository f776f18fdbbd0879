/** Work that may have a lane: of those in one lane only one runs at a time, or as many as the lane is wide. */
export interface Job {
  lane?: string | undefined;
  /** It runs without others of its lane, however wide that is, and leaves one place of all empty. */
  alone?: boolean;
  /** It does not start before this has settled, and holds up no other. */
  after?: Promise<unknown> | undefined;
  run(): Promise<void>;
}

/**
 * Runs all, at most `limit` at a time, in order as far as the lanes let it. Rejects with the first failure, when all have ended.
 *
 * @param widths How many of a lane run at a time. Default 1.
 */
export async function schedule(jobs: Job[], limit: number, widths: Record<string, number> = {}): Promise<void> {
  const waiting = [...jobs];
  const running = new Set<Job>();
  const early = new Set(jobs.filter(({ after }) => after !== undefined));
  const failures: unknown[] = [];
  const places = ({ alone }: Job) => alone ? Math.min(2, limit) : 1;
  const taken = () => [...running].reduce((sum, job) => sum + places(job), 0);
  const mayRun = (job: Job) => {
    if (early.has(job)) return false;
    const beside = [...running].filter(({ lane }) => lane !== undefined && lane === job.lane);
    if (job.alone || beside.some(({ alone }) => alone)) return beside.length === 0;
    return job.lane === undefined || beside.length < (widths[job.lane] ?? 1);
  };
  await new Promise<void>((resolve) => {
    const next = () => {
      for (;;) {
        const job = waiting.find(mayRun);
        // one that takes two places waits for both: were the next let in, there would never be two
        if (job === undefined || taken() + places(job) > limit) break;
        waiting.splice(waiting.indexOf(job), 1);
        running.add(job);
        job.run().catch((error) => failures.push(error)).finally(() => {
          running.delete(job);
          next();
        });
      }
      if (running.size === 0 && waiting.length === 0) resolve();
    };
    for (const job of early) {
      const begin = () => void (early.delete(job), next());
      job.after!.then(begin, begin);
    }
    next();
  });
  if (failures.length > 0) throw failures[0];
}

/** A number of tasks that may run at once, shared fairly between lanes. */
export interface Budget {
  /** Runs the task once there is room. Lanes take turns, however much one of them has waiting; within a lane, first come, first served. */
  run<T>(lane: string, task: () => Promise<T>): Promise<T>;
}

export function createBudget(limit: number): Budget {
  /** Lanes with something waiting, the next one to be served first. */
  const lanes = new Map<string, (() => void)[]>();
  let free = Math.max(1, limit);

  function enter(lane: string): Promise<void> {
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((start) => {
      const waiting = lanes.get(lane);
      if (waiting) waiting.push(start);
      else lanes.set(lane, [start]);
    });
  }

  function leave(): void {
    const [next] = lanes;
    if (!next) {
      free++;
      return;
    }
    const [lane, waiting] = next;
    lanes.delete(lane);
    const start = waiting.shift();
    if (waiting.length > 0) lanes.set(lane, waiting);
    start?.();
  }

  return {
    async run(lane, task) {
      await enter(lane);
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}

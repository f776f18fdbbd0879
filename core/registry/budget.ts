/** A number of tasks that may run at once, shared fairly between lanes. */
export interface Budget {
  /**
   * Runs the task once there is room. Lanes take turns, however much one of them has waiting; within a lane, first come, first served.
   * While it waits, the signal ends that, with its reason.
   */
  run<T>(lane: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Lane {
  running: number;
  waiting: (() => void)[];
}

/** `perLane`: the most that one lane may run at once. */
export function createBudget(limit: number, perLane: number = limit): Budget {
  /** Those with something running or waiting, the next one to be served first. */
  const lanes = new Map<string, Lane>();
  let free = Math.max(1, limit);
  const most = Math.max(1, perLane);

  function enter(name: string, signal: AbortSignal | undefined): Promise<void> {
    const lane = lanes.get(name) ?? { running: 0, waiting: [] };
    lanes.set(name, lane);
    if (free > 0 && lane.running < most) {
      free--;
      lane.running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        lane.waiting.splice(lane.waiting.indexOf(start), 1);
        forgetIdle(name, lane);
        reject(signal!.reason);
      };
      lane.waiting.push(start);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  function leave(name: string): void {
    const left = lanes.get(name)!;
    left.running--;
    free++;
    for (const [next, lane] of lanes) {
      if (lane.waiting.length === 0 || lane.running >= most) continue;
      lanes.delete(next);
      lanes.set(next, lane);
      free--;
      lane.running++;
      lane.waiting.shift()!();
      break;
    }
    forgetIdle(name, left);
  }

  function forgetIdle(name: string, { running, waiting }: Lane): void {
    if (running === 0 && waiting.length === 0) lanes.delete(name);
  }

  return {
    async run(lane, task, signal) {
      signal?.throwIfAborted();
      await enter(lane, signal);
      try {
        return await task();
      } finally {
        leave(lane);
      }
    },
  };
}

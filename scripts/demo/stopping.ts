import process from "node:process";

export interface Stopping {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. A second one, a second later, ends the process at once. */
  signal: AbortSignal;
  /** The exit status of a process that was stopped; undefined while it was not. */
  status(): number | undefined;
  /** The work's outcome; throws as soon as it is to stop. */
  unlessStopped<T>(work: Promise<T>): Promise<T>;
  /** Resolves when it is to stop; throws as soon as `broken` gives a reason. */
  untilStopped(broken: () => string | undefined): Promise<void>;
}

const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** One Ctrl-C comes from the terminal, from npm and from the script that started this one. */
const sameMs = 1000;

export function listenForStop(): Stopping {
  const controller = new AbortController();
  const { signal } = controller;
  let status: number | undefined;
  let first = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (signal.aborted && performance.now() - first > sameMs) process.exit(statuses[name]);
      if (signal.aborted) return;
      first = performance.now();
      status = statuses[name];
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  return {
    signal,
    status: () => status,
    unlessStopped: (work) =>
      new Promise((resolve, reject) => {
        work.then(resolve, reject);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
    untilStopped: (broken) =>
      new Promise((resolve, reject) => {
        const looking = setInterval(() => {
          const why = broken();
          if (why === undefined && !signal.aborted) return;
          clearInterval(looking);
          if (signal.aborted) resolve();
          else reject(new Error(why));
        }, 100);
      }),
  };
}

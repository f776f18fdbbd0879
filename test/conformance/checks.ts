/** One thing that a plugin has to do; it throws where the plugin does not. */
export interface Check {
  name: string;
  run(): void | Promise<void>;
}

export interface Checks {
  checks: Check[];
  /** Ends what the checks share. */
  end?(): Promise<void>;
}

/** The names of those checks that a plugin fails. */
export async function failedChecks({ checks, end }: Checks): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of checks) {
    await new Promise<void>((done) => done(run())).catch(() => void failed.push(name));
  }
  await end?.();
  return failed;
}

/** Whether a promise is settled, either way, within so many milliseconds. */
export async function settles(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), ms));
  const settled = promise.then(() => true, () => true);
  return await Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

/** Something is still not done. */
export class StillWaits extends Error {
  override name = "StillWaits";
}

/** What a promise gives. Throws `StillWaits` when that takes longer than so many seconds. */
export async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  if (!await settles(promise, seconds * 1000)) throw new StillWaits(`after ${seconds} s it still waits`);
  return await promise;
}

/** Asks again until the answer is yes. Throws when so many seconds have passed. */
export async function eventually(what: string, yes: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  for (const deadline = performance.now() + seconds * 1000; !(await yes());) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await pause(20);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

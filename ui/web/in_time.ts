import { Unavailable, withDeadline } from "../../core/web.ts";

/** How long a page may take until it is answered. */
export const DEADLINE_MS = 10_000;

/**
 * What comes of some work, if that is soon: what it waits for, as the API server's word on a right, may take longer than a reader waits.
 *
 * @throws {Unavailable} where it is not
 */
export function inTime<T>(work: Promise<T> | T, ms: number): Promise<T> {
  const late = () => new Unavailable(`what the page is made of did not come within ${ms / 1000} s`, 5);
  return withDeadline({ ms, late }, async () => await work);
}

/** Runs a task that has to be done in time, whether it listens to its signal or not. */
export function within<T>(ms: number, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = () => new Error(`it took longer than ${ms / 1000} s`);
  return withDeadline({ ms, late }, ({ signal }) => task(signal));
}

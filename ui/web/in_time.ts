import { Unavailable } from "../../core/web.ts";

/** How long a page may take until it is answered. */
export const DEADLINE_MS = 10_000;

/**
 * What comes of some work, if that is soon: what it waits for, as the API server's word on a right, may take longer than a reader waits.
 *
 * @throws {Unavailable} where it is not
 */
export async function inTime<T>(work: Promise<T> | T, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = () => new Unavailable(`what the page is made of did not come within ${ms / 1000} s`, 5);
    timer = setTimeout(() => reject(error()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

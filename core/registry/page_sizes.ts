import { RegistryError } from "./errors.ts";
import { createLru } from "../lib/lru.ts";

/** How many tags lists are asked for at a time. */
export interface PageSizes {
  /**
   * Reads a list whole, with this query behind its address. Where the registry refuses that many tags at once it is read anew with less,
   * in the end with as many as the registry likes; what it took is known the next time.
   */
  inPages<T>(list: string, read: (query: string) => Promise<T>): Promise<T>;
}

const SMALLER = 100;
const REMEMBERED = 1_000;

/**
 * What registries answer to a page that is too large for them: 400 with PAGINATION_NUMBER_INVALID (distribution), 405 (Amazon), 413, 422.
 * Their words for it differ, so that the status alone counts.
 *
 * Source: https://distribution.github.io/distribution/spec/api/#errors-2
 */
const TOO_LARGE = new Set<number | undefined>([400, 405, 413, 416, 422]);

export function createPageSizes(most: number): PageSizes {
  const queries = [most, ...(most > SMALLER ? [SMALLER] : [])].map((size) => `?n=${size}`).concat("");
  const known = createLru<number>(REMEMBERED);
  return {
    async inPages(list, read) {
      for (let at = known.get(list) ?? 0;; at++) {
        try {
          const whole = await read(queries[at]!);
          if (at > 0) known.set(list, at);
          return whole;
        } catch (error) {
          if (at === queries.length - 1 || !isTooLarge(error)) throw error;
        }
      }
    },
  };
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof RegistryError && error.kind === "garbage" && TOO_LARGE.has(error.status);

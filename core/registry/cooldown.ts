import { createLru } from "../lib/lru.ts";
import { RegistryError } from "./registry_error.ts";

const MIN_MS = 1_000;
const MAX_MS = 3_600_000;

/**
 * Milliseconds to wait by a `Retry-After` header (seconds or an HTTP date), between a second and an hour; undefined when there is
 * none that can be read.
 *
 * Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (text === "") return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(MAX_MS, Math.max(MIN_MS, ms));
}

/**
 * The pauses that one host asks for: by 503 of all, by 429 of one login, since registries count by login, and one tenant's that has used
 * up what it may is no reason for others to wait. `who` is as `identityOf` has it.
 */
export interface Cooldown {
  /** Waits while the host asked for a pause; throws `rate-limited` at once if that lasts for more than 30 s. */
  ready(who: string, signal?: AbortSignal): Promise<void>;
  /** Whether the host asked for a pause that is not over. Who waits for it is not to keep others from asking meanwhile. */
  isPaused(who: string): boolean;
  /** Takes note of an answer: begins a pause if it asks for one, by 429 or by 503 with `Retry-After`, and throws `rate-limited` then. */
  observe(answer: { status: number; headers: Headers }, who: string): void;
}

/** A wait that a caller may be left in; a longer one is told as an error. */
export const LONGEST_WAIT_MS = 30_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** Logins whose pauses are remembered. */
const REMEMBERED = 1_000;

interface Limited {
  until: number;
  /** 429 in a row. */
  refusals: number;
}

/** By the clock of who answers, where that says it: its pauses are dates of that clock. */
function timeOf(headers: Headers): number {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? Date.now() : date;
}

export function createCooldown(
  host: string,
  now: () => number,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
): Cooldown {
  let pausedUntil = 0;
  const limits = createLru<Limited>(REMEMBERED);
  const leftOf = (who: string) => Math.max(pausedUntil, limits.get(who)?.until ?? 0) - now();
  const seconds = (ms: number) => Math.ceil(ms / 1000);

  return {
    isPaused: (who) => leftOf(who) > 0,
    async ready(who, signal) {
      for (let left = leftOf(who); left > 0; left = leftOf(who)) {
        if (left > LONGEST_WAIT_MS) {
          const message = `${host} wants no requests for ${seconds(left)} s.`;
          throw new RegistryError("rate-limited", host, message, { retryAfterSeconds: seconds(left) });
        }
        await sleep(left, signal);
      }
    },
    observe({ status, headers }, who) {
      const asked = retryAfterMs(headers.get("retry-after"), timeOf(headers));
      const limited = status === 429;
      const before = limits.get(who) ?? { until: 0, refusals: 0 };
      if (!limited) {
        if (status < 500 && before.refusals > 0) limits.set(who, { ...before, refusals: 0 });
        if (status !== 503 || asked === undefined) return;
      }
      const pause = asked ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** before.refusals);
      const until = now() + pause;
      if (limited) limits.set(who, { until: Math.max(before.until, until), refusals: before.refusals + 1 });
      else pausedUntil = Math.max(pausedUntil, until);
      const message = `${host} answered ${status} and wants no requests for ${seconds(pause)} s.`;
      throw new RegistryError("rate-limited", host, message, { status, retryAfterSeconds: seconds(pause) });
    },
  };
}

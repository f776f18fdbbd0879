import { type Budget, createBudget } from "./budget.ts";
import { RegistryError } from "./errors.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { apiHost } from "./repository_ref.ts";
import { retryAfterMs } from "./retry_after.ts";

/** What is known of one registry while the operator runs. */
export interface RegistryHost {
  registry: string;
  budget: Budget;
  /** Whether plain http is allowed for it. */
  plain: boolean;
  /** `https://` or, where allowed and needed, `http://` with the API's host. */
  origin(): Promise<string>;
  /** Lets `origin` find out again. */
  forgetOrigin(): void;
  /** Waits while the registry asked for a pause; throws `rate-limited` at once if that lasts for more than 30 s. */
  ready(): Promise<void>;
  /** Takes note of an answer: begins a pause if it asks for one and throws then, `rate-limited` or `unreachable`. */
  heed(answer: Answer): void;
}

export interface HostOptions {
  registry: string;
  plain: boolean;
  concurrency: number;
  exchange: Exchange;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

/** A wait that a caller may be left in; a longer one is told as an error. */
export const LONGEST_WAIT_MS = 30_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
const PROBE_MS = 5_000;

export function createHost({ registry, plain, concurrency, exchange, now, sleep }: HostOptions): RegistryHost {
  const host = apiHost(registry);
  let origin: Promise<string> | undefined;
  let pausedUntil = 0;
  /** 429 in a row. */
  let refusals = 0;

  /**
   * Where plain http is allowed, https is tried first, without a login; only if nothing there speaks the API over it, plain http it
   * is, as Docker and containerd do for such registries.
   */
  async function probe(): Promise<string> {
    const url = `https://${host}/v2/`;
    const question = { kind: "probe", registry, method: "GET", url, headers: {}, limit: 65_536 } as const;
    const answer = await exchange({ ...question, timeoutMs: PROBE_MS }).catch((error) => {
      if (error instanceof RegistryError) return undefined;
      throw error;
    });
    return answer && answer.status !== 404 ? `https://${host}` : `http://${host}`;
  }

  const seconds = (ms: number) => Math.ceil(ms / 1000);

  return {
    registry,
    plain,
    budget: createBudget(concurrency),
    origin() {
      if (!plain) return Promise.resolve(`https://${host}`);
      if (!origin) {
        origin = probe();
        origin.catch(() => origin = undefined);
      }
      return origin;
    },
    forgetOrigin: () => void (origin = undefined),
    async ready() {
      for (let left = pausedUntil - now(); left > 0; left = pausedUntil - now()) {
        if (left > LONGEST_WAIT_MS) {
          const message = `${registry} wants no requests for ${seconds(left)} s.`;
          throw new RegistryError("rate-limited", registry, message, { retryAfterSeconds: seconds(left) });
        }
        await sleep(left);
      }
    },
    heed({ status, headers }) {
      const asked = retryAfterMs(headers.get("retry-after"), now());
      const limited = status === 429;
      if (!limited) {
        if (status < 500) refusals = 0;
        if (status !== 503 || asked === undefined) return;
      }
      const pause = asked ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** refusals);
      if (limited) refusals++;
      pausedUntil = Math.max(pausedUntil, now() + pause);
      const message = `${registry} answered ${status} and wants no requests for ${seconds(pause)} s.`;
      throw new RegistryError(limited ? "rate-limited" : "unreachable", registry, message, {
        status,
        retryAfterSeconds: seconds(pause),
      });
    },
  };
}

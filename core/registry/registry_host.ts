import { type Budget, createBudget } from "./budget.ts";
import { RegistryError } from "./registry_error.ts";
import type { Send } from "./send.ts";
import { type Cooldown, createCooldown } from "./cooldown.ts";
import { apiHost } from "../versions/docker_hub.ts";

/** What is known of one registry while the operator runs. */
export interface RegistryHost extends Cooldown {
  /** All requests under way to it. */
  budget: Budget;
  /** Those of them whose answers may wait for memory: never all, so that these keep no HEAD waiting. */
  bodies: Budget;
  /** `https://` or, where allowed and needed, `http://` with the API's host. */
  origin(): Promise<string>;
  /** Lets `origin` find out again. */
  forgetOrigin(): void;
}

export interface HostOptions {
  registry: string;
  /** Whether plain http is allowed for it. */
  plain: boolean;
  concurrency: number;
  send: Send;
  now: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const PROBE_MS = 5_000;

export function createRegistryHost({ registry, plain, concurrency, send, now, sleep }: HostOptions): RegistryHost {
  const host = apiHost(registry);
  let origin: Promise<string> | undefined;

  /**
   * Where plain http is allowed, https is tried first, without a login; only if nothing there speaks the API over it, plain http it
   * is, as Docker and containerd do for such registries.
   */
  async function probe(): Promise<string> {
    const url = `https://${host}/v2/`;
    const request = { kind: "probe", registry, who: "", method: "GET", url, headers: {}, limit: 65_536 } as const;
    const answer = await send({ ...request, timeoutMs: PROBE_MS }).catch((error) => {
      if (error instanceof RegistryError) return undefined;
      throw error;
    });
    return answer && answer.status !== 404 ? `https://${host}` : `http://${host}`;
  }

  return {
    ...createCooldown(registry, now, sleep),
    budget: createBudget(concurrency),
    bodies: createBudget(concurrency - 1),
    origin() {
      if (!plain) return Promise.resolve(`https://${host}`);
      if (!origin) {
        origin = probe();
        origin.catch(() => origin = undefined);
      }
      return origin;
    },
    forgetOrigin: () => void (origin = undefined),
  };
}

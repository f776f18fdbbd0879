import type { AddressGuard } from "../../runtime/egress_guard.ts";
import { createFetch, type Fetch, type Fetcher } from "../../runtime/fetch.ts";
import type { TlsIdentity } from "./tls.ts";

/** A `fetch` for each TLS identity, with its own connections. */
export interface Fetchers {
  /** Calls with the `fetch` of this identity, of which `key` is the name. It stays open until the call is over. */
  use<T>(tls: { key: string; identity?: TlsIdentity }, call: (fetch: Fetch) => Promise<T>): Promise<T>;
  close(): void;
}

interface Open {
  fetcher: Fetcher;
  users: number;
  usedAt: number;
}

const IDLE_MS = 600_000;
/** Each takes about 0.3 MB. */
const MOST_IDLE = 32;

/**
 * Trusts the well-known authorities and those of `ca` (PEM) too. What was not used for ten minutes is closed at the next call, and
 * beyond 32 of them that which was not used for longest.
 */
export function createFetchers(ca: readonly string[], now: () => number, guard?: AddressGuard): Fetchers {
  const all = new Map<string, Open>();

  function closeIdle(): void {
    let idle = [...all.values()].filter(({ users }) => users === 0).length;
    for (const [key, { fetcher, users, usedAt }] of all) {
      if (users > 0 || (idle <= MOST_IDLE && now() - usedAt < IDLE_MS)) continue;
      idle--;
      all.delete(key);
      fetcher.close();
    }
  }

  function open(identity: TlsIdentity = {}): Open {
    const authorities = identity.ca === undefined ? [...ca] : [...ca, identity.ca];
    const options = {
      ...(authorities.length > 0 ? { ca: authorities } : {}),
      ...identity.client,
      ...(guard ? { guard } : {}),
    };
    return { fetcher: createFetch(options), users: 0, usedAt: now() };
  }

  return {
    async use({ key, identity }, call) {
      closeIdle();
      const one = all.get(key) ?? open(identity);
      all.set(key, one);
      one.users++;
      try {
        return await call(one.fetcher.fetch);
      } finally {
        one.users--;
        one.usedAt = now();
        if (all.delete(key)) all.set(key, one);
      }
    },
    close() {
      for (const { fetcher } of all.values()) fetcher.close();
      all.clear();
    },
  };
}

import type { KubeClient } from "./client.ts";
import { isNotFound, KubeError } from "./kube_error.ts";
import {
  areNamesakes,
  heldSpec,
  type Lease,
  mayTake,
  type Observation,
  observe,
  releasedSpec,
} from "./lease_record.ts";
import { resourcePath } from "./paths.ts";
import { delay } from "../lib/delay.ts";

export interface LeaseOptions {
  client: KubeClient;
  namespace: string;
  name: string;
  /** Different for each process, as by `leaseIdentity`. */
  identity: string;
  /**
   * After so long without renewal another may take it.
   *
   * @default 15
   */
  durationSeconds?: number;
  /**
   * Between two renewals.
   *
   * @default 5
   */
  renewSeconds?: number;
  /** A holder that could not renew for so long gives up. Less than the duration; default two thirds of it. */
  renewDeadlineSeconds?: number;
  /**
   * Between two looks at another's Lease, or after a failed renewal.
   *
   * @default 2
   */
  retrySeconds?: number;
  onAcquired(): void;
  /** It was lost, or may be lost soon: what only the holder does must end now. Not called by `release`. */
  onLost(reason: string): void;
  /** What went wrong in between; it goes on by itself. */
  onError?(error: Error): void;
  /** Another process that says the same name holds it, and lives: it renewed. Told once of each. */
  onNamesake?(holder: string): void;
}

export interface LeaseHandle {
  isHolder(): boolean;
  /** Ends it all; a held Lease is let go, so that the next one has it at once. Call it when the holder's work has ended. */
  release(): Promise<void>;
  /** Who holds it, as last seen. */
  holder(): string | undefined;
}

/** So long a write that is under way when all ends may take to be answered. */
const LONGEST_END_MS = 1_000;

/**
 * Tries to hold a Lease for ever, by the rules of client-go's leader election. It keeps two replicas from doing the same work, but
 * fences no writer: a request sent by a holder may arrive after another has taken over. Every write must be safe by itself.
 */
export function startLease(options: LeaseOptions): LeaseHandle {
  const { client, namespace, name, identity, durationSeconds = 15, renewSeconds = 5, retrySeconds = 2 } = options;
  const deadlineMs = (options.renewDeadlineSeconds ?? durationSeconds * 2 / 3) * 1000;
  const collection = resourcePath({ group: "coordination.k8s.io", version: "v1", plural: "leases" }, namespace);
  const path = `${collection}/${name}`;
  const stopping = new AbortController();
  /** Of a write that is under way at the end: cut, it might be done all the same, and nobody would know. */
  const cutting = new AbortController();
  let last: Lease | undefined;
  let observed: Observation | undefined;
  /** Start of the last renewal that went well. */
  let renewedAt = -Infinity;
  let holding = false;
  /** What was asked for may be there, whatever was answered. */
  let hasWritten = false;
  let namesake: string | undefined;
  let deadline: ReturnType<typeof setTimeout> | undefined;

  const guarded = (action: () => void) => {
    try {
      action();
    } catch (error) {
      report(error);
    }
  };
  const report = (error: unknown) => {
    try {
      options.onError?.(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // nobody left to tell
    }
  };
  const holder = () => last?.spec?.holderIdentity || undefined;
  const lose = (reason: string) => {
    clearTimeout(deadline);
    if (!holding) return;
    holding = false;
    guarded(() => options.onLost(reason));
  };
  const held = (start: number) => {
    renewedAt = start;
    clearTimeout(deadline);
    const late = () => lose(`not renewed for ${deadlineMs / 1000} s`);
    deadline = setTimeout(late, Math.max(0, start + deadlineMs - performance.now()));
    if (holding) return;
    holding = true;
    guarded(options.onAcquired);
  };
  const note = (lease: Lease | undefined) => {
    const [before, of] = [observed, holder()];
    last = lease;
    if (!lease) return;
    observed = observe(observed, lease, performance.now());
    const now = holder();
    if (now === undefined || now !== of || now === namesake || observed === before) return;
    if (!areNamesakes(identity, now)) return;
    namesake = now;
    guarded(() => options.onNamesake?.(now));
  };

  /** One try to take or renew. Whether it is held afterwards. */
  async function attempt(start: number): Promise<boolean> {
    const settings = { signal: stopping.signal, timeoutMs: deadlineMs / 2, retry: false };
    if (!last || !holding) note(await read(settings));
    if (!last) {
      await write(
        "POST",
        collection,
        lease({ name, namespace }, heldSpec(undefined, identity, durationSeconds, new Date())),
      );
      return true;
    }
    if (!mayTake(last, identity, observed!, performance.now(), durationSeconds)) return false;
    await write("PUT", path, lease(last.metadata, heldSpec(last.spec, identity, durationSeconds, new Date())));
    return performance.now() - start < deadlineMs;
  }

  async function write(method: "POST" | "PUT", to: string, body: Lease): Promise<void> {
    hasWritten = true;
    note(
      await client.request<Lease>(method, to, {
        signal: cutting.signal,
        timeoutMs: deadlineMs / 2,
        retry: false,
        body,
      }),
    );
  }

  async function read(settings: { signal: AbortSignal; timeoutMs: number; retry: boolean }) {
    try {
      return await client.request<Lease>("GET", path, settings);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async function run(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      const start = performance.now();
      let seconds = retrySeconds;
      try {
        const has = await attempt(start);
        if (signal.aborted) return;
        if (has) {
          held(start);
          seconds = renewSeconds;
        } else lose(holder() === identity ? "the renewal took too long" : `held by ${holder()}`);
      } catch (error) {
        if (signal.aborted) return;
        report(error);
        // changed or deleted by someone: read it again, and believe what it says
        const changed = error instanceof KubeError && (error.status === 409 || error.status === 404);
        if (changed) seconds = Math.min(retrySeconds, await reread());
      }
      await delay(seconds * 1000 * (1 + 0.1 * Math.random()), signal);
    }
  }

  /** After a conflict: seconds until the next try. */
  async function reread(): Promise<number> {
    try {
      note(await read({ signal: stopping.signal, timeoutMs: deadlineMs / 2, retry: false }));
    } catch (error) {
      if (!stopping.signal.aborted) report(error);
      return retrySeconds;
    }
    const now = holder();
    if (now === identity) return 0;
    if (now === undefined) return 0.1;
    lose(`held by ${now}`);
    return retrySeconds;
  }

  const running = run().catch((error) => {
    if (!stopping.signal.aborted) report(error);
  });
  const isHolder = () => holding && performance.now() - renewedAt < deadlineMs;
  return {
    isHolder,
    holder,
    async release() {
      const released = new DOMException("released", "AbortError");
      stopping.abort(released);
      const cut = setTimeout(() => cutting.abort(released), LONGEST_END_MS);
      await running;
      clearTimeout(cut);
      clearTimeout(deadline);
      holding = false;
      if (!hasWritten) return;
      try {
        // a renewal cut in its middle may have changed it: read first
        const current = await read({ signal: new AbortController().signal, timeoutMs: 5_000, retry: true });
        if (current?.spec?.holderIdentity !== identity) return;
        const body = lease(current.metadata, releasedSpec(current.spec, new Date()));
        note(await client.request<Lease>("PUT", path, { body, timeoutMs: 5_000 }));
      } catch (error) {
        report(error);
      }
    },
  };
}

const lease = (metadata: Lease["metadata"], spec: Lease["spec"]): Lease => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata,
  ...(spec ? { spec } : {}),
});

import type { KubeClient, Query } from "./client.ts";
import { isForbidden, isNotFound, isRefusal, isUnusableVersion } from "./kube_error.ts";
import { isServerBefore, type KubeObject, listPages } from "./list.ts";
import { objectKey } from "./paths.ts";
import { delay } from "../lib/delay.ts";
import { createWatchedKeys } from "./watched_keys.ts";
import { watchStream } from "./watch_stream.ts";

export interface ListWatchOptions<T> {
  client: KubeClient;
  /** Of the collection, as by `resourcePath`. */
  path: string;
  /** Such as `labelSelector`. */
  query?: Query;
  /** What is kept of an object; undefined when it is not of interest, which then counts as absent. */
  project(object: KubeObject): T | undefined;
  /**
   * Key is `namespace/name`. Called again with equal values after a new list. With `isTruth` it is so whatever is known of later
   * versions: a list says it, and nothing of the object was `answered` since that began. After a restore of etcd they are lower.
   */
  onUpsert(key: string, value: T, isTruth: boolean): void;
  onDelete(key: string): void;
  /** After each full list, once what is gone has been deleted. */
  onSynced?(): void;
  /** A watch was opened: what went wrong before does not any more. */
  onOpen?(): void;
  /** Whatever goes wrong, a throw in one of these functions included. It goes on by itself. */
  onError?(error: Error): void;
  /** A kind that the API server does not serve (404) has no objects: it is asked for again after `absentMs`. */
  absentIsEmpty?: boolean;
  /** The kind is not served, and it was or nobody had asked yet. */
  onAbsent?(): void;
  /** Default 60 000. */
  absentMs?: number;
  /**
   * A collection that may not be read (403) for so long counts as listed, with what is known of it, and is asked for again
   * as before. For one of several namespaces: who takes a right away in theirs keeps the others from nothing.
   */
  skipForbiddenAfterMs?: number | undefined;
  /** Objects per page of a list. */
  pageSize?: number;
  /** A watch without a byte for so long is cut; bookmarks come about each minute. Default 90 000. */
  idleMs?: number;
  /** Waits after failures, doubling from `minMs` to `maxMs`; `minMs` is also the least time between two connections. */
  backoff?: { minMs: number; maxMs: number };
  /** Between 0 and 1, for jitter. */
  random?: () => number;
}

export interface ListWatch {
  /** The first full list is there, or it is skipped. Never rejects. */
  synced: Promise<void>;
  isSynced(): boolean;
  /** Synced, and connected or heard of within the last 30 s, or not served, or skipped. */
  healthy(): boolean;
  /** Whether a watch is open, or there is nothing to watch: what is known is what there is. */
  isLive(): boolean;
  /** The API server has answered with a state of this object: what a list says that is under way may be older. */
  answered(key: string): void;
  /** It may not be read, and `skipForbiddenAfterMs` has passed. */
  isSkipped(): boolean;
  /** Why it is not connected; undefined when it is. */
  readonly lastError: string | undefined;
  stop(): Promise<void>;
}

/** Objects per page of a list: with 500, 10 000 Deployments take no less time and 25 MB more. */
export const PAGE_SIZE = 200;
const GRACE_MS = 30_000;
const FORBIDDEN_MS = 10_000;
/** What ends before it has lasted for so long was not at its end. */
const SHORTEST_MS = 240_000;
/** Refused watches in a row after which the list is made anew: the resourceVersion may be of another past. */
const REFUSALS_BEFORE_LIST = 3;

/**
 * Lists a collection, then watches it, for ever: what is seen is projected at once and not kept. A watch goes on from the last
 * resourceVersion that list, bookmark or event gave; 410 leads to a new list. Only the keys of what is kept stay here.
 */
export function listWatch<T>(options: ListWatchOptions<T>): ListWatch {
  const { client, path, query = {}, idleMs = 90_000, absentMs = 60_000 } = options;
  const { random = Math.random } = options;
  const { minMs, maxMs } = options.backoff ?? { minMs: 800, maxMs: 30_000 };
  const stopping = new AbortController();
  const { signal } = stopping;
  let markSynced = () => {};
  const synced = new Promise<void>((resolve) => markSynced = resolve);
  let isSynced = false;
  let isAbsent = false;
  let connected = false;
  let openedAt = Infinity;
  let lastSuccess = -Infinity;
  let lastError: string | undefined;
  let forbiddenSince = Infinity;

  const report = (error: unknown) => {
    try {
      options.onError?.(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // nobody left to tell
    }
  };
  const guarded = (action: () => void) => {
    try {
      action();
    } catch (error) {
      report(error);
    }
  };
  const keys = createWatchedKeys({ ...options, guarded });

  /** Undefined where the kind is not served. */
  async function list(): Promise<string | undefined> {
    const comparison = keys.beginList();
    const resourceVersion = await listPages(client, path, {
      query,
      pageSize: options.pageSize ?? PAGE_SIZE,
      signal,
      onRestart: comparison.restart,
      onPage: () => void (lastSuccess = performance.now()),
      onItem: comparison.see,
    }).catch((error) => {
      if (options.absentIsEmpty && isNotFound(error)) return undefined;
      throw error;
    }).finally(comparison.end);
    if (resourceVersion === undefined && !isAbsent) guarded(() => options.onAbsent?.());
    isAbsent = resourceVersion === undefined;
    comparison.dropAbsent();
    lastSuccess = performance.now();
    lastError = undefined;
    forbiddenSince = Infinity;
    isSynced = true;
    guarded(() => options.onSynced?.());
    markSynced();
    return resourceVersion;
  }

  async function watch(from: string, onProgress: (version: string) => void): Promise<void> {
    try {
      await watchStream(client, path, {
        query,
        resourceVersion: from,
        seconds: Math.round(SHORTEST_MS / 1000 + 1 + 50 * random()),
        idleMs,
        signal,
        onOpen() {
          connected = true;
          openedAt = performance.now();
          lastError = undefined;
          forbiddenSince = Infinity;
          guarded(() => options.onOpen?.());
        },
        onEvent(type, object) {
          if (type === "DELETED") keys.drop(objectKey(object.metadata));
          else if (type !== "BOOKMARK") keys.see(object);
          if (object.metadata.resourceVersion) onProgress(object.metadata.resourceVersion);
        },
      });
    } finally {
      if (connected) lastSuccess = performance.now();
      connected = false;
    }
  }

  async function run(): Promise<void> {
    let version: string | undefined;
    let wasCut = false;
    let failures = 0;
    let refusals = 0;
    while (!signal.aborted) {
      const started = performance.now();
      openedAt = Infinity;
      try {
        if (version !== undefined && wasCut && await isServerBefore(version, client, path, { query, signal })) {
          version = undefined;
        }
        wasCut = true;
        version ??= await list();
        if (version === undefined) {
          failures = 0;
          await delay(absentMs * (0.75 + 0.5 * random()), signal);
          continue;
        }
        await watch(version, (next) => {
          version = next;
          failures = 0;
          refusals = 0;
        });
        wasCut = performance.now() - openedAt < SHORTEST_MS;
        failures = 0;
        refusals = 0;
      } catch (error) {
        if (signal.aborted) return;
        lastError = (error as Error).message;
        forbiddenSince = isForbidden(error) ? Math.min(forbiddenSince, performance.now()) : Infinity;
        if (isSkipped()) {
          isSynced = true;
          markSynced();
        }
        if (isUnusableVersion(error)) version = undefined;
        else if (isRefusal(error) && ++refusals >= REFUSALS_BEFORE_LIST) {
          version = undefined;
          refusals = 0;
        }
        if (performance.now() - openedAt > maxMs) failures = 0;
        failures++;
        report(error);
      }
      const wait = failures === 0
        ? minMs - (performance.now() - started)
        : Math.min(maxMs, minMs * 2 ** (failures - 1)) * (0.75 + 0.5 * random());
      if (wait > 0) await delay(wait, signal);
    }
  }

  function isLive(): boolean {
    return connected || (isAbsent && lastError === undefined);
  }

  function isSkipped(): boolean {
    return performance.now() - forbiddenSince >= (options.skipForbiddenAfterMs ?? Infinity);
  }

  const running = run().catch((error) => {
    if (!signal.aborted) report(error);
  });
  return {
    synced,
    isSynced: () => isSynced,
    healthy: () => isSynced && (isLive() || isSkipped() || performance.now() - lastSuccess < GRACE_MS),
    isLive,
    answered: keys.answered,
    isSkipped,
    get lastError() {
      return lastError;
    },
    async stop() {
      stopping.abort(new DOMException("stopped", "AbortError"));
      await running;
    },
  };
}

/**
 * After how many milliseconds a namespace that may not be read is skipped: where it is one of several. Undefined where it is
 * the only one, or all are served at once: then nothing is left to serve without it.
 */
export const skipAfterMs = (namespaces: readonly string[]): number | undefined =>
  namespaces.length > 1 ? FORBIDDEN_MS : undefined;

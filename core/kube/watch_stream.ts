import type { KubeClient, Query } from "./client.ts";
import { connectionFailed, KubeError, type Status, statusError } from "./kube_error.ts";
import type { KubeObject } from "./list.ts";
import { parseObjects } from "./parse_objects.ts";
import { concatBytes } from "../lib/bytes.ts";

export type WatchEvent =
  | { type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK"; object: KubeObject }
  | { type: "ERROR"; object: Status };

export interface WatchOptions {
  query?: Query;
  resourceVersion: string;
  /** How long the server keeps it open. */
  seconds: number;
  /** Without a byte for so long, the connection counts as dead. */
  idleMs: number;
  signal: AbortSignal;
  onOpen(): void;
  /** Every event but ERROR, which is thrown as a `KubeError`. */
  onEvent(type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK", object: KubeObject): void;
}

/** One watch, from its opening to the server's end of it. Rejects when it is cut, silent or refused; resolves when it ran out. */
export async function watchStream(client: KubeClient, path: string, options: WatchOptions): Promise<void> {
  const own = new AbortController();
  const follow = () => own.abort(options.signal.reason);
  if (options.signal.aborted) follow();
  else options.signal.addEventListener("abort", follow, { once: true });
  let heardAt = Infinity;
  // a timer begun anew with each event would cost more than the event
  const timer = setInterval(() => {
    if (performance.now() - heardAt < options.idleMs) return;
    own.abort(new KubeError(0, "Timeout", `watch of ${path}: silent for ${options.idleMs / 1000} s`));
  }, options.idleMs / 8);
  try {
    const answer = await client.stream(path, {
      query: {
        ...options.query,
        watch: "true",
        allowWatchBookmarks: "true",
        resourceVersion: options.resourceVersion,
        timeoutSeconds: String(options.seconds),
      },
      signal: own.signal,
    });
    options.onOpen();
    heardAt = performance.now();
    const split = lineSplitter();
    for (let piece = await answer.read(); piece; piece = await answer.read()) {
      heardAt = performance.now();
      for (const line of split(piece)) hand(path, parseObjects(line) as WatchEvent, options);
    }
  } catch (error) {
    if (own.signal.aborted) throw own.signal.reason;
    if (error instanceof KubeError) throw error;
    throw connectionFailed(`watch of ${path}`, error);
  } finally {
    clearInterval(timer);
    options.signal.removeEventListener("abort", follow);
    own.abort();
  }
}

function hand(path: string, event: WatchEvent, options: WatchOptions): void {
  if (event.type === "ERROR") throw statusError(event.object.code ?? 500, `watch of ${path}`, event.object);
  options.onEvent(event.type, event.object);
}

/**
 * Splits a stream of bytes into lines. Each call takes the next chunk and gives the lines that it ends, without their line
 * feed and without empty ones. It works on bytes, so a character cut by a chunk's border stays whole.
 */
export function lineSplitter(): (chunk: Uint8Array) => string[] {
  const decoder = new TextDecoder();
  let pending: Uint8Array[] = [];
  const take = (last: Uint8Array): string => {
    if (pending.length === 0) return decoder.decode(last);
    const whole = concatBytes([...pending, last]);
    pending = [];
    return decoder.decode(whole);
  };
  return (chunk) => {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = take(chunk.subarray(start, end));
      if (line !== "") lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.slice(start));
    return lines;
  };
}

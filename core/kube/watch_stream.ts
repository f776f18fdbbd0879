import { KubeError, type Status, statusError } from "./errors.ts";
import type { KubeClient, Query } from "./client.ts";
import { lineSplitter } from "./lines.ts";
import type { KubeObject } from "./list.ts";

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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => own.abort(new KubeError(0, "Timeout", `watch of ${path}: silent for ${options.idleMs / 1000} s`)),
      options.idleMs,
    );
  };
  try {
    const response = await client.stream(path, {
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
    alive();
    const split = lineSplitter();
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      for (const line of split(value)) hand(path, JSON.parse(line) as WatchEvent, options);
    }
  } catch (error) {
    if (own.signal.aborted) throw own.signal.reason;
    if (error instanceof KubeError) throw error;
    throw new KubeError(0, "ConnectionFailed", `watch of ${path}: ${(error as Error).message}`, { cause: error });
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", follow);
    own.abort();
  }
}

function hand(path: string, event: WatchEvent, options: WatchOptions): void {
  if (event.type === "ERROR") throw statusError(event.object.code ?? 500, `watch of ${path}`, event.object);
  options.onEvent(event.type, event.object);
}

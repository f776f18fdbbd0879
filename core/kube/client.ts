import { unlessAborted } from "../aborted.ts";
import { createDeadlines } from "../runtime/deadlines.ts";
import type { Fetch } from "../runtime/fetch.ts";
import { connectionFailed, KubeError, type Status, statusError } from "./errors.ts";
import { resourceOf } from "./paths.ts";
import { parseObjects } from "./parse_objects.ts";
import { pause } from "./pause.ts";

export * from "./errors.ts";

/** A way to one API server. */
export interface KubeConnection {
  /** `https://host:port`, with a path where the API stands behind one; no slash at its end. */
  server: string;
  /** The namespace of the pod or of the kubeconfig's context. */
  namespace: string;
  /** Whether it is that of a pod, by its service account. */
  inCluster?: boolean;
  fetch: Fetch;
  /** As `fetch`, without the client certificate that would say who asks. */
  fetchAsNobody: Fetch;
  /** The headers that say who asks; may read a file or run a login command. */
  authorization(): Promise<Record<string, string>>;
  /** Where this leads and how it was found, for a log line. */
  describe: string;
  close(): void;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Record<string, string | undefined>;

export interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** What the body of a PATCH is. Default `merge`. */
  patch?: "json" | "merge" | "apply";
  query?: Query;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** For each try. Default 30 000. */
  timeoutMs?: number;
  /** Whether a GET is asked again when there was no answer, or 429 or 503 with Retry-After. Default true. */
  retry?: boolean;
}

export interface KubeClient {
  /**
   * One JSON request; objects come without `metadata.managedFields`. Throws a `KubeError` for every answer but 2xx, and the
   * signal's reason when that is aborted. Only a GET is asked again by itself: whoever writes knows whether it may be written
   * again. Still every write must bear to arrive twice, since Deno's own fetch sends a request again when the server closes the
   * connection without an answer.
   */
  request<T = unknown>(method: Method, path: string, options?: RequestOptions): Promise<T>;
  /** The raw answer, for a watch: its body must be read or cancelled. Throws like `request`; the time limit is that of the headers. */
  stream(path: string, options: { query?: Query; signal?: AbortSignal; timeoutMs?: number }): Promise<Response>;
}

export interface RequestRecord {
  method: Method;
  /** Such as `apps/deployments`. */
  resource: string;
  /** 0 when there was no answer. */
  status: number;
  /** The answer's `Date`, by the API server's own clock. */
  date: string | null;
  seconds: number;
}

export interface KubeClientHooks {
  /** Called for each request sent, a watch's included (once its headers are there). */
  onRequest?(record: RequestRecord): void;
}

const patchTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  apply: "application/apply-patch+yaml",
};
const tries = 4;
const longestRetryAfterSeconds = 10;
const deadlines = createDeadlines();

/** A client over one connection, whose keep-alive sockets it shares. */
export function createKubeClient(connection: KubeConnection, hooks: KubeClientHooks = {}): KubeClient {
  async function send(method: Method, path: string, options: RequestOptions, read?: Read): Promise<unknown> {
    const url = connection.server + path + queryString(options.query);
    const limit = deadline(options.timeoutMs ?? 30_000, options.signal);
    const started = performance.now();
    let status = 0;
    let date: string | null = null;
    let streaming = false;
    try {
      // a login command may hang
      const login = await unlessAborted(connection.authorization(), limit.signal);
      const headers: Record<string, string> = { accept: "application/json", ...login };
      const init: RequestInit = { method, headers, signal: limit.signal, redirect: "manual" };
      if (options.body !== undefined) {
        headers["content-type"] = method === "PATCH" ? patchTypes[options.patch ?? "merge"] : "application/json";
        init.body = JSON.stringify(options.body);
      }
      Object.assign(headers, options.headers);
      const response = await connection.fetch(url, init);
      status = response.status;
      date = response.headers.get("date");
      if (status < 200 || status > 299) throw await refusal(method, path, response);
      streaming = read === undefined;
      return streaming ? response : await read!(response);
    } catch (error) {
      throw limit.explain(error, `${method} ${path}`);
    } finally {
      limit.clear(streaming);
      const seconds = (performance.now() - started) / 1000;
      hooks.onRequest?.({ method, resource: resourceOf(path), status, date, seconds });
    }
  }

  return {
    async request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
      for (let attempt = 1;; attempt++) {
        try {
          return await send(method, path, options, json) as T;
        } catch (error) {
          const wait = method === "GET" && options.retry !== false ? secondsToRetry(error, attempt) : undefined;
          if (wait === undefined) throw error;
          await pause(wait * 1000, options.signal);
        }
      }
    },
    stream: (path, options) => send("GET", path, options) as Promise<Response>,
  };
}

type Read = (response: Response) => unknown;

async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === "" ? undefined : parseObjects(text);
}

function queryString(query: Query | undefined): string {
  let text = "";
  for (const name in query) {
    const value = query[name];
    if (value !== undefined) text += `${text === "" ? "?" : "&"}${name}=${encodeURIComponent(value)}`;
  }
  return text;
}

async function refusal(method: Method, path: string, response: Response): Promise<KubeError> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  let body: Status | string = text;
  if (isJson) {
    try {
      body = JSON.parse(text) as Status;
    } catch {
      // a cut body: its text is told as it is
    }
  }
  return statusError(response.status, `${method} ${path}`, body, response.headers.get("retry-after"));
}

/** Undefined: not again. A stale keep-alive connection is worth one more try; the server's own wish a few. */
function secondsToRetry(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof KubeError)) return undefined;
  if (error.status === 0) return attempt === 1 && error.reason === "ConnectionFailed" ? 0.05 : undefined;
  if ((error.status !== 429 && error.status !== 503) || attempt >= tries) return undefined;
  if (error.retryAfterSeconds === undefined || error.retryAfterSeconds > longestRetryAfterSeconds) return undefined;
  return error.retryAfterSeconds;
}

/** A signal for time and caller together, cheaper than `AbortSignal.any`, and the error that it leads to. */
function deadline(ms: number, outer: AbortSignal | undefined) {
  const inner = new AbortController();
  const follow = () => inner.abort();
  let late = false;
  const end = deadlines(ms, () => {
    late = true;
    inner.abort();
  });
  if (outer?.aborted) inner.abort();
  else outer?.addEventListener("abort", follow, { once: true });
  return {
    signal: inner.signal,
    /** Ends the time limit; a body that is still to come keeps following the caller's signal. */
    clear(streaming: boolean) {
      end();
      if (!streaming) outer?.removeEventListener("abort", follow);
    },
    explain(error: unknown, what: string): unknown {
      if (outer?.aborted) return outer.reason;
      if (late) return new KubeError(0, "Timeout", `${what}: no answer in ${ms / 1000} s`, { cause: error });
      if (error instanceof KubeError) return error;
      return connectionFailed(what, error);
    },
  };
}

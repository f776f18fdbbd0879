import { connectionFailed, KubeError, type Status, statusError } from "./kube_error.ts";
import { parseObjects } from "./parse_objects.ts";
import { resourceOf } from "./paths.ts";
import { createSharedTimer } from "../lib/deadline.ts";
import { delay } from "../lib/delay.ts";
import type { HttpResponse, Send, SentRequest } from "../runtime/http_request.ts";

export * from "./kube_error.ts";

/** A way to one API server. */
export interface KubeConnection {
  /** `https://host:port`, with a path where the API stands behind one; no slash at its end. */
  server: string;
  /** The namespace of the pod or of the kubeconfig's context. */
  namespace: string;
  /** Whether it is that of a pod, by its service account. */
  inCluster?: boolean;
  send: Send;
  /** As `send`, without the client certificate that would say who asks. */
  sendAsNobody: Send;
  /** The headers that say who asks; may read a file or run a login command. */
  authorization(): Record<string, string> | Promise<Record<string, string>>;
  /** Where this leads and how it was found, for a log line. */
  describe: string;
  close(): void;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Record<string, string | undefined>;

/** Of a JSON patch: RFC 6902. */
export type PatchOperation = { op: "test" | "add" | "replace"; path: string; value: unknown };

export interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  /**
   * What the body of a PATCH is.
   *
   * @default merge
   */
  patch?: "json" | "merge" | "apply";
  query?: Query;
  headers?: Record<string, string>;
  /** Nobody looks at what is answered: it is not parsed, and the request gives undefined. */
  unread?: boolean;
  signal?: AbortSignal;
  /**
   * For each try.
   *
   * @default 30_000
   */
  timeoutMs?: number;
  /**
   * Whether a GET is asked again when there was no answer, or 429 or 503 with Retry-After.
   *
   * @default true
   */
  retry?: boolean;
}

export interface KubeClient {
  /**
   * One JSON request; objects come without `metadata.managedFields`. Throws a `KubeError` for every response but 2xx, and the
   * signal's reason when that is aborted. Only a GET is asked again by itself: whoever writes knows whether it may be written
   * again. Still every write must bear to arrive twice, since a request is sent again when the server closes a kept connection
   * without an answer.
   */
  request<T = unknown>(method: Method, path: string, options?: RequestOptions): Promise<T>;
  /**
   * The raw answer, for a watch: its body must be read or cancelled.
   *
   * @throws like `request`; the time limit is that of the headers
   */
  stream(path: string, options: { query?: Query; signal?: AbortSignal; timeoutMs?: number }): Promise<HttpResponse>;
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

const PATCH_TYPES = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  apply: "application/apply-patch+yaml",
};
const TRIES = 4;
const LONGEST_RETRY_AFTER_SECONDS = 10;
const deadlines = createSharedTimer();

/** A client over one connection, whose keep-alive sockets it shares. */
export function createKubeClient(connection: KubeConnection, hooks: KubeClientHooks = {}): KubeClient {
  async function send(method: Method, path: string, options: RequestOptions, read?: Read): Promise<unknown> {
    const url = connection.server + path + queryString(options.query);
    const limit = limited(options.timeoutMs ?? 30_000, options.signal);
    const started = performance.now();
    let status = 0;
    let date: string | null = null;
    let streaming = false;
    try {
      const login = connection.authorization();
      // a login command may hang
      const loggedIn = login instanceof Promise ? await limit.within(login) : login;
      const headers: Record<string, string> = { accept: "application/json", ...loggedIn };
      let body: string | undefined;
      if (options.body !== undefined) {
        headers["content-type"] = method === "PATCH" ? PATCH_TYPES[options.patch ?? "merge"] : "application/json";
        body = JSON.stringify(options.body);
      }
      Object.assign(headers, options.headers);
      const request = { method, url, headers };
      const response = await limit.of(connection.send(body === undefined ? request : { ...request, body }));
      status = response.status;
      date = response.header("date") ?? null;
      if (status < 200 || status > 299) throw await refusal(method, path, response);
      streaming = read === undefined;
      return streaming ? response : await read!(response);
    } catch (error) {
      limit.end();
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
          return await send(method, path, options, options.unread ? unread : json) as T;
        } catch (error) {
          const wait = method === "GET" && options.retry !== false ? secondsToRetry(error, attempt) : undefined;
          if (wait === undefined) throw error;
          await delay(wait * 1000, options.signal);
        }
      }
    },
    stream: (path, options) => send("GET", path, options) as Promise<HttpResponse>,
  };
}

type Read = (response: HttpResponse) => unknown;

const unread = async (response: HttpResponse): Promise<undefined> => void await response.text();

async function json(response: HttpResponse): Promise<unknown> {
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

async function refusal(method: Method, path: string, response: HttpResponse): Promise<KubeError> {
  const text = await response.text();
  const isJson = response.header("content-type")?.startsWith("application/json");
  let body: Status | string = text;
  if (isJson) {
    try {
      body = JSON.parse(text) as Status;
    } catch {
      // a cut body: its text is told as it is
    }
  }
  return statusError(response.status, `${method} ${path}`, body, response.header("retry-after"));
}

/** Undefined: not again. A stale keep-alive connection is worth one more try; the server's own wish a few. */
function secondsToRetry(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof KubeError)) return undefined;
  if (error.status === 0) return attempt === 1 && error.reason === "ConnectionFailed" ? 0.05 : undefined;
  if ((error.status !== 429 && error.status !== 503) || attempt >= TRIES) return undefined;
  if (error.retryAfterSeconds === undefined || error.retryAfterSeconds > LONGEST_RETRY_AFTER_SECONDS) return undefined;
  return error.retryAfterSeconds;
}

/** What ends a request, its time or its caller, and the error that it ends with: cheaper than a signal for each request. */
function limited(ms: number, outer: AbortSignal | undefined) {
  let asked: SentRequest | undefined;
  let isLate = false;
  let giveUp: (() => void) | undefined;
  const end = () => {
    asked?.cut();
    giveUp?.();
  };
  const forget = deadlines(ms, () => {
    isLate = true;
    end();
  });
  outer?.addEventListener("abort", end, { once: true });
  return {
    within: <T>(work: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        giveUp = () => reject(new Error("given up"));
        if (outer?.aborted) giveUp();
        work.then(resolve, reject);
      }),
    of(one: SentRequest): Promise<HttpResponse> {
      asked = one;
      if (isLate || outer?.aborted) one.cut();
      return one.response;
    },
    end,
    /** Ends the time limit; a body that is still to come keeps following the caller's signal. */
    clear(streaming: boolean) {
      forget();
      if (!streaming) outer?.removeEventListener("abort", end);
    },
    explain(error: unknown, what: string): unknown {
      if (outer?.aborted) return outer.reason;
      if (isLate) return new KubeError(0, "Timeout", `${what}: no answer in ${ms / 1000} s`, { cause: error });
      if (error instanceof KubeError) return error;
      return connectionFailed(what, error);
    },
  };
}

/**
 * The same API server, asked by whoever holds `token`. Nothing of the connection's own login goes with it: not its headers,
 * and not its client certificate, which the API server would believe before the token.
 */
export function withToken(connection: KubeConnection, token: string): KubeConnection {
  return {
    ...connection,
    send: connection.sendAsNobody,
    authorization: () => Promise.resolve({ authorization: `Bearer ${token}` }),
    describe: `${connection.server}, by another's token`,
    close: () => {},
  };
}

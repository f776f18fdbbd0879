import type { Fetch } from "./fetch.ts";

/** One request: its body is text. */
export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** What was answered. Its body is read by `text` or by `read`, or left by `cancel`. */
export interface HttpResponse {
  status: number;
  header(name: string): string | undefined;
  /** All of the body, as UTF-8. */
  text(): Promise<string>;
  /** The next piece of the body, good until the one after it is asked for; undefined at its end. */
  read(): Promise<Uint8Array | undefined>;
  /** Nothing more of the body is wanted. */
  cancel(): void;
}

export interface SentRequest {
  /** Rejects where nothing is answered. A redirect is given as it is. */
  response: Promise<HttpResponse>;
  /** Ends it, wherever it stands: what waits for the answer, or for its body, rejects. */
  cut(): void;
}

/** The part of HTTP that a client of an API needs: a request and its end cost no more than that. */
export type Send = (request: HttpRequest) => SentRequest;

const CHUNK_BYTES = 16 * 1024;

/** Sends by a `fetch`. */
export function sendByFetch(fetch: Fetch): Send {
  return ({ method, url, headers, body }) => {
    const ending = new AbortController();
    const init: RequestInit = { method, headers, signal: ending.signal, redirect: "manual" };
    if (body !== undefined) init.body = body;
    return { response: fetch(url, init).then(responseOf), cut: () => ending.abort() };
  };
}

/** What a `fetch` gave, as a response. */
export function responseOf(response: Response): HttpResponse {
  let reader: ReadableStreamBYOBReader | undefined;
  // one buffer for all pieces: a runtime's own would be a new one of 64 KiB for each event
  let buffer = new ArrayBuffer(CHUNK_BYTES);
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    text: () => response.text(),
    async read() {
      reader ??= response.body?.getReader({ mode: "byob" });
      const { done, value } = await reader?.read(new Uint8Array(buffer)) ?? { done: true };
      if (done || !value) return undefined;
      buffer = value.buffer;
      return value;
    },
    cancel() {
      const over = reader ? reader.cancel() : response.body?.cancel();
      over?.catch(() => {});
    },
  };
}

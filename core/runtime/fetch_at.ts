import type { Agent, IncomingMessage } from "node:http";
import type { Address } from "./outside/guard.ts";

/** Asks by plain http at the addresses that are given, whatever the name in the URL is by now. A redirect is given as it is. */
export interface FetchAt {
  fetch(url: URL, init: RequestInit, addresses: readonly Address[]): Promise<Response>;
  close(): void;
}

/** Statuses without a body. */
const BARE = new Set([204, 205, 304]);

/** `fetch` itself cannot be told where to connect to, on either runtime. Keeps connections, by name, for so many milliseconds. */
export function createFetchAt(idleMs: number): FetchAt {
  let agent: Agent | undefined;

  return {
    async fetch(url, init, addresses) {
      const [http, { Readable }] = await Promise.all([import("node:http"), import("node:stream")]);
      agent ??= new http.Agent({ keepAlive: true, timeout: idleMs, maxFreeSockets: 32 });
      const { method = "GET", signal } = init;
      signal?.throwIfAborted();
      const body = bodyOf(init);
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = http.request(url, {
          agent,
          method,
          headers: Object.fromEntries(body.headers),
          ...(signal ? { signal } : {}),
          lookup: (_name, _options, found) => found(null, addresses.map((one) => ({ ...one }))),
        }, resolve);
        request.on("error", (error) => reject(signal?.aborted ? signal.reason : error));
        request.end(body.text);
      });
      const status = message.statusCode ?? 0;
      const headers = new Headers();
      for (const [name, value] of Object.entries(message.headers)) {
        for (const one of [value ?? []].flat()) headers.append(name, one);
      }
      const bare = BARE.has(status) || method === "HEAD";
      if (bare) message.resume();
      return new Response(bare ? null : Readable.toWeb(message) as unknown as ReadableStream<Uint8Array>, {
        status,
        headers,
      });
    },
    close: () => agent?.destroy(),
  };
}

function bodyOf({ headers: given, body }: RequestInit): { headers: Headers; text?: string } {
  const headers = new Headers(given);
  if (body === undefined || body === null) return { headers };
  if (typeof body !== "string" && !(body instanceof URLSearchParams)) throw new TypeError("a body of text is wanted");
  const type = typeof body === "string"
    ? "text/plain;charset=UTF-8"
    : "application/x-www-form-urlencoded;charset=UTF-8";
  if (!headers.has("content-type")) headers.set("content-type", type);
  return { headers, text: body.toString() };
}

import { type Begin, beginOf } from "./direct_body.ts";
import type { Bodies, BodyShare } from "./serve_limits.ts";
import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Stands for the server in a request's URL: what a caller writes into `Host` moves no path. */
const ORIGIN = "http://localhost";

/** What requests were made of, for what the Web's do not tell. */
const madeOf = new WeakMap<Request, IncomingMessage>();

/** How many times a header was sent: `Headers` joins them. */
export function timesSent(request: Request, header: string): number {
  const name = header.toLowerCase();
  const raw = madeOf.get(request)?.rawHeaders;
  if (!raw) return request.headers.has(name) ? 1 : 0;
  return raw.filter((text, at) => at % 2 === 0 && text.toLowerCase() === name).length;
}

export interface Exchange {
  incoming: IncomingMessage;
  /** Its end gives the body's room back. */
  outgoing: ServerResponse;
}

/**
 * A request of node:http as one of the Web; undefined where its target is no path. Its body is read from the socket as it is asked
 * for, and errs with `BodyRefused` where there is no room or time for it.
 */
export async function webRequest(exchange: Exchange, bodies: Bodies): Promise<Request | undefined> {
  const whole = await wholeBody(exchange.incoming, bodies);
  const request = requestOf(exchange, bodies, whole);
  if (request) madeOf.set(request, exchange.incoming);
  return request;
}

/** A small body that came together with its head. */
async function wholeBody(incoming: IncomingMessage, bodies: Bodies): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const size = Number(incoming.headers["content-length"] ?? 0);
  if (size === 0 || size > bodies.free) return undefined;
  // what was read from the socket with the head is handed over before the next microtask
  await undefined;
  if (!incoming.complete || incoming.readableLength !== size) return undefined;
  const body: Uint8Array | null = incoming.read();
  incoming.resume();
  return body === null ? undefined : new Uint8Array(body);
}

function requestOf(exchange: Exchange, bodies: Bodies, whole?: Uint8Array<ArrayBuffer>): Request | undefined {
  const { incoming } = exchange;
  const path = pathOf(incoming.url ?? "");
  if (path === undefined) return undefined;
  const url = ORIGIN + path;
  const { method = "GET", rawHeaders } = incoming;
  const headers: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) headers.push([rawHeaders[at]!, rawHeaders[at + 1]!]);
  if (method === "GET" || method === "HEAD" || !hasBody(incoming)) return new Request(url, { method, headers });
  if (whole) return new Request(url, { method, headers, body: whole });
  // `duplex` is wanted of bodies that are streams, and TypeScript's library does not know it
  return new Request(url, { method, headers, body: streamOf(exchange, bodies), duplex: "half" } as RequestInit);
}

/** RFC 9112, section 3.2: a path, or a whole URL as proxies are asked. */
function pathOf(target: string): string | undefined {
  if (target.startsWith("/")) return target;
  const url = /^https?:/i.test(target) ? URL.parse(target) : null;
  return url ? url.pathname + url.search : undefined;
}

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

function streamOf({ incoming, outgoing }: Exchange, bodies: Bodies): ReadableStream<Uint8Array> {
  let share: BodyShare | undefined;
  let begin: () => BodyShare;
  let over = false;
  const end = (act: () => void) => {
    if (over) return;
    over = true;
    act();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const fail = (error: Error) => end(() => controller.error(error));
      begin = () => {
        outgoing.once("close", () => share?.close());
        return bodies.open(fail);
      };
      incoming.pause();
      incoming.on("data", (chunk: Uint8Array) => {
        if (over) return;
        incoming.pause();
        try {
          share!.take(chunk.byteLength);
        } catch (error) {
          return fail(error as Error);
        }
        controller.enqueue(new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength));
      });
      incoming.on("end", () => {
        share?.whole();
        end(() => controller.close());
      });
      incoming.on("error", fail);
      incoming.on("close", () => fail(new Error("the connection is closed")));
    },
    pull() {
      share ??= begin();
      incoming.resume();
    },
    cancel: () => void (over = true),
  }, { highWaterMark: 0 });
}

/** Texts, but for streams of events. */
const TEXT = /^(?:application\/json|text\/(?!event-stream))/i;

/**
 * Writes a response of the Web as one of node:http: a text in one piece with its head, anything else part by part as its body gives
 * them, and in one piece where that is there whole. Does not wait for the end of a direct body.
 */
export async function writeResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers: string[] = [];
  for (const [name, value] of response.headers) headers.push(name, value);
  if (!response.body) return void outgoing.writeHead(response.status, headers).end();
  const begin = beginOf(response.body);
  if (begin) {
    outgoing.writeHead(response.status, headers);
    return writeDirectly(begin, outgoing);
  }
  if (TEXT.test(response.headers.get("content-type") ?? "") && !response.headers.has("content-encoding")) {
    const text = await response.text();
    writeLength(Buffer.byteLength(text));
    return void outgoing.end(text);
  }
  const reader = response.body.getReader();
  const leave = () => void reader.cancel().catch(() => {});
  outgoing.once("close", leave);
  try {
    let part = await reader.read();
    while (!part.done) {
      const next = reader.read();
      if (await endsNow(next)) {
        if (!outgoing.headersSent) writeLength(part.value.length);
        return void outgoing.end(part.value);
      }
      if (!outgoing.headersSent) outgoing.writeHead(response.status, headers);
      if (!outgoing.write(part.value)) await drained(outgoing);
      part = await next;
    }
    if (!outgoing.headersSent) writeLength(0);
    outgoing.end();
  } finally {
    outgoing.off("close", leave);
  }

  function writeLength(bytes: number): void {
    if (!response.headers.has("content-length")) headers.push("content-length", String(bytes));
    outgoing.writeHead(response.status, headers);
  }
}

function writeDirectly(begin: Begin, outgoing: ServerResponse): void {
  let over = false;
  let headSent = false;
  const closed = begin({
    write(bytes) {
      if (over) return;
      headSent = true;
      outgoing.write(bytes);
    },
    waiting: () => outgoing.writableLength,
    end() {
      if (over) return;
      over = true;
      outgoing.end();
    },
    destroy: () => outgoing.destroy(),
  });
  if (!headSent && !over) outgoing.flushHeaders();
  outgoing.once("close", () => {
    over = true;
    closed();
  });
}

/** Whether a body that is there already ends with this. */
function endsNow(next: Promise<ReadableStreamReadResult<Uint8Array>>): Promise<boolean> {
  return Promise.race([
    next.then(({ done }) => done, () => false),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ]);
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off("drain", go);
      outgoing.off("close", go);
      resolve();
    };
    outgoing.once("drain", go);
    outgoing.once("close", go);
  });
}

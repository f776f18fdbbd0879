import { Buffer } from "node:buffer";
import { clearTimeout, setTimeout } from "node:timers";
import { createResponseReader, type ResponseReader, type Source } from "./http_response.ts";
import type { HttpRequest, HttpResponse, Send } from "./http_request.ts";

/** A connection of bytes. */
export interface Socket extends Source {
  /** Gives the number of bytes that were taken. */
  write(bytes: Uint8Array): Promise<number>;
  /** What waits for bytes rejects then. */
  close(): void;
}

export interface HttpClientOptions {
  connect(): Promise<Socket>;
  /** `host:port`, for the header of that name. */
  host: string;
  /** How long a connection that nobody uses is kept. */
  idleMs: number;
  /** Connections that are kept at most. */
  mostIdle: number;
}

export interface HttpClient {
  send: Send;
  /** Lets the connections go that nobody uses. */
  close(): void;
}

interface Kept {
  socket: Socket;
  answers: ResponseReader;
  idleSince: number;
}

const encoder = new TextEncoder();
const cut = () => new DOMException("it was given up", "AbortError");

/**
 * Asks one server by HTTP/1.1 over connections that are kept, one request at a time on each. A request on a kept connection
 * that the server closes without any answer is asked again on a new one, once, as Deno's own fetch does: so every write must bear
 * to arrive twice. Costs a third of that fetch, in time and in garbage.
 */
export function createHttpClient({ connect, host, idleMs, mostIdle }: HttpClientOptions): HttpClient {
  const idle: Kept[] = [];
  let closed = false;
  let sweeper: ReturnType<typeof setTimeout> | undefined;

  function keep(kept: Kept): void {
    if (closed || idle.length >= mostIdle) return kept.socket.close();
    kept.idleSince = performance.now();
    idle.push(kept);
    if (!sweeper) sweepIn(idleMs);
  }
  function sweepIn(ms: number): void {
    // which keeps no process from its end
    sweeper = setTimeout(sweep, ms).unref();
  }
  /** The oldest stand first. */
  function sweep(): void {
    const from = performance.now() - idleMs;
    while (idle[0] && idle[0].idleSince <= from) idle.shift()!.socket.close();
    sweeper = undefined;
    if (idle[0]) sweepIn(idle[0].idleSince - from);
  }

  const dropIdle = () => {
    for (const { socket } of idle.splice(0)) socket.close();
  };

  return {
    send(request) {
      let current: Socket | undefined;
      let isCut = false;
      let isAnswered = false;
      let giveUp: ((error: Error) => void) | undefined;
      const use = (kept: Kept): Kept => {
        current = kept.socket;
        return kept;
      };
      /** A connection that comes when the request was given up is kept for another. */
      const open = () =>
        new Promise<Kept>((resolve, reject) => {
          giveUp = reject;
          connect().then((socket) => {
            const kept = { socket, answers: createResponseReader(socket), idleSince: 0 };
            if (isCut) keep(kept);
            else resolve(use(kept));
          }, reject);
        });
      const on = async (kept: Kept, bytes: Uint8Array): Promise<HttpResponse | undefined> => {
        const { socket, answers } = kept;
        let over = false;
        if (!await writeAll(socket, bytes)) return undefined;
        const response = await answers.next((stays) => {
          over = true;
          current = undefined;
          if (stays) keep(kept);
          else socket.close();
        });
        isAnswered = response !== undefined;
        const leave = () => {
          if (!over) socket.close();
        };
        return response && { ...response, cancel: leave };
      };
      const run = async (): Promise<HttpResponse> => {
        const bytes = encoder.encode(textOf(request, host));
        try {
          const known = idle.pop();
          if (known) {
            const response = await on(use(known), bytes);
            if (response) return response;
            known.socket.close();
            if (isCut) throw cut();
          }
          const response = await on(await open(), bytes);
          if (!response) throw new Error("the connection was closed without an answer");
          return response;
        } catch (error) {
          current?.close();
          throw isCut ? cut() : error;
        }
      };
      return {
        response: run(),
        cut() {
          isCut = true;
          // where one got no answer the others lead to what is away too, such as a machine that lost its power
          if (!isAnswered) dropIdle();
          current?.close();
          giveUp?.(cut());
        },
      };
    },
    close() {
      closed = true;
      clearTimeout(sweeper);
      sweeper = undefined;
      dropIdle();
    },
  };
}

/** False where the connection is closed. */
async function writeAll(socket: Socket, bytes: Uint8Array): Promise<boolean> {
  try {
    for (let sent = await socket.write(bytes); sent < bytes.length;) sent += await socket.write(bytes.subarray(sent));
    return true;
  } catch {
    return false;
  }
}

/**
 * RFC 9112, section 3 and 5.
 *
 * @throws where a part has a line break of its own
 */
function textOf({ method, url, headers, body }: HttpRequest, host: string): string {
  const path = url.slice(url.indexOf("/", url.indexOf("://") + 3));
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  let lines = 2;
  for (const name in headers) {
    head += `${name}: ${headers[name]}\r\n`;
    lines++;
  }
  if (head.split(/[\r\n]/).length !== 2 * lines + 1) throw new TypeError("a line break in the head of a request");
  if (body === undefined) return head + (method === "GET" ? "\r\n" : "content-length: 0\r\n\r\n");
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

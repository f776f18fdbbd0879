import {
  type Bodies,
  type ConnectionLimits,
  createBodies,
  createConnections,
  type ExceededLimit,
} from "./serve_limits.ts";
import { createSharedTimer } from "../lib/deadline.ts";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Exchange, hasBody, webRequest, writeResponse } from "./web_messages.ts";

export interface ServeOptions {
  /** @default all addresses, IPv6 and IPv4 */
  hostname?: string;
  /** 0 takes a free one. */
  port: number;
  fetch(request: Request, from: Peer): Response | Promise<Response>;
  /**
   * How long `stop` waits for the requests in hand.
   *
   * @default 10_000
   */
  graceMs?: number;
  limits?: Partial<ServeLimits>;
  /** Servers that share it have their bodies limited together. */
  bodies?: Bodies;
  /** Told of each connection that is refused or closed for a limit. */
  onRefused?(why: Refusal): void;
}

export interface ServeLimits extends ConnectionLimits {
  /** How long the head of a request may take, from the connection or the answer before it. */
  headMs: number;
  /** How long a request may take to come whole, with its body. */
  requestMs: number;
  /** How long a connection is kept that asks for nothing more. */
  idleMs: number;
  /** How long an answer that is whole may take until the other side has taken it. */
  takeMs: number;
}

/** `late`: the head, or the whole request, did not come in time, or the answer was not taken in time. */
export type Refusal = ExceededLimit | "late";

/** Whom a request is from. */
export interface Peer {
  /** Of the connection: a proxy's, where there is one. */
  address?: string;
}

export interface HttpServer {
  /** The port that it listens on. */
  port: number;
  /** Takes no new requests, waits for those in hand, and cuts what is left after `graceMs`. */
  stop(): Promise<void>;
}

const STANDARD_LIMITS: ServeLimits = {
  connections: 512,
  perAddress: 256,
  headMs: 10_000,
  requestMs: 15_000,
  idleMs: 75_000,
  takeMs: 300_000,
};
/** How long what is sent on after an answer is still taken, so that the answer is not lost with it. */
const LINGER_MS = 500;
const CROWDED_HEAD =
  "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const LATE_HEAD = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const BAD_HEAD = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const LONG_HEAD = "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/**
 * Serves HTTP, by node:http on both runtimes: `Deno.serve` limits neither connections nor how long a head or a body takes.
 * Rejects with a sentence when the port is taken or not allowed.
 */
export async function serve(options: ServeOptions): Promise<HttpServer> {
  const hosts = options.hostname === undefined ? ["::", "0.0.0.0"] : [options.hostname];
  for (const [index, hostname] of hosts.entries()) {
    try {
      return await start(hostname, options);
    } catch (error) {
      const taken = (error as { code?: string }).code === "EADDRINUSE";
      if (!taken && index < hosts.length - 1) continue;
      throw new Error(sentence(options, taken, error), { cause: error });
    }
  }
  throw new Error("no address to listen on");
}

function sentence({ hostname, port }: ServeOptions, taken: boolean, error: unknown): string {
  const place = hostname === undefined ? `port ${port}` : `${hostname}, port ${port}`;
  return taken
    ? `${place} is taken by another process`
    : `cannot listen on ${place}: ${error instanceof Error ? error.message : String(error)}`;
}

async function start(hostname: string, options: ServeOptions): Promise<HttpServer> {
  const { port, fetch, graceMs = 10_000, bodies = createBodies(), onRefused = () => {} } = options;
  const limits = { ...STANDARD_LIMITS, ...options.limits };
  const connections = createConnections<Socket>(limits, onRefused);
  const taken = createSharedTimer();
  let stopping = false;

  const server = createServer({
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(1000, limits.headMs / 2),
  });
  server.on("connection", (socket: Socket) => {
    const crowded = connections.open(socket);
    if (crowded) {
      onRefused(crowded);
      return socket.end(CROWDED_HEAD, () => socket.destroy());
    }
    socket.once("close", () => connections.closed(socket));
  });
  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { socket } = incoming;
    connections.begin(socket);
    if (hasBody(incoming)) incoming.once("end", () => connections.whole(socket));
    else connections.whole(socket);
    let untimed = () => {};
    let isClosed = false;
    outgoing.once("prefinish", () => {
      // an answer to whom left meanwhile is finished after it is closed
      if (isClosed) return;
      untimed = taken(limits.takeMs, () => {
        onRefused("late");
        socket.destroy();
      });
    });
    outgoing.once("close", () => {
      isClosed = true;
      untimed();
      connections.end(socket);
      if (!incoming.complete) setTimeout(() => socket.destroy(), LINGER_MS);
      else if (stopping && !connections.isBusy(socket)) socket.destroy();
    });
    void respond({ incoming, outgoing }, bodies, fetch).catch(() => socket.destroy());
  });
  server.on("clientError", (error: Error & { code?: string }, socket: Socket) => {
    const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    if (late) onRefused("late");
    if (connections.isBusy(socket) || !socket.writable) return socket.destroy();
    const head = late ? LATE_HEAD : error.code === "HPE_HEADER_OVERFLOW" ? LONG_HEAD : BAD_HEAD;
    socket.end(head, () => socket.destroy());
  });
  await listening(server, port, hostname);
  const address = server.address();

  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    async stop() {
      stopping = true;
      const closed = new Promise<void>((done) => void server.close(() => done()));
      connections.closeWaiting();
      const late = setTimeout(connections.closeAll, graceMs);
      await closed;
      clearTimeout(late);
    },
  };
}

function listening(server: Server, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function respond({ incoming, outgoing }: Exchange, bodies: Bodies, fetch: ServeOptions["fetch"]): Promise<void> {
  const request = await webRequest({ incoming, outgoing }, bodies);
  const address = incoming.socket.remoteAddress;
  const response = request
    ? await fetch(request, address === undefined ? {} : { address })
    : new Response(null, { status: 400 });
  if (outgoing.destroyed) return void response.body?.cancel().catch(() => {});
  // what is left of its body is not waited for, and where there was no room or time for it not taken in either
  if (!incoming.complete) {
    outgoing.setHeader("connection", "close");
    if (response.status < 500 && response.status !== 408) incoming.resume();
  }
  await writeResponse(response, outgoing);
}

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { freePort } from "./ports.ts";

/**
 * How a server hangs: `silent` accepts and says nothing; `half head` stops within its headers; `head` says its headers and no
 * body; `half body` stops within its body; `trickle` sends a byte of its body a second; `open` sends all and never ends; `closes`
 * ends at once; `refuses` does not even accept.
 */
export const hangs = ["silent", "half head", "head", "half body", "trickle", "open", "closes", "refuses"] as const;
export type Hang = typeof hangs[number];

/** A server that hangs, in place of a registry, a token service, a Helm repository, a receiver, or whatever is asked. */
export interface Hanging {
  /** `127.0.0.1:port` */
  host: string;
  url: string;
  /** How many connections came. */
  connections(): number;
  /** How many of them are open now. */
  open(): number;
  stop(): Promise<void>;
}

export interface HangingOptions {
  /** What it would answer, if it did not hang. Default: a token, and tags 1.0.0 and 1.1.0. */
  body?: string;
  contentType?: string;
}

const standardBody = JSON.stringify({ token: "a-token", name: "web", tags: ["1.0.0", "1.1.0"] });

/** Listens on a free port of 127.0.0.1, and hangs there in its way until it is stopped. */
export async function startHanging(hang: Hang, options: HangingOptions = {}): Promise<Hanging> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let server: Server | undefined;
  let port: number;
  if (hang === "refuses") port = await freePort();
  else {
    server = createServer((socket) => {
      connections++;
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => {});
      answer(hang, socket, options);
    });
    await new Promise<void>((done) => server!.listen(0, "127.0.0.1", done));
    port = (server.address() as AddressInfo).port;
  }
  const host = `127.0.0.1:${port}`;
  return {
    host,
    url: `http://${host}`,
    connections: () => connections,
    open: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server ? server.close(() => done()) : done());
    },
  };
}

function answer(hang: Hang, socket: Socket, { body = standardBody, contentType = "application/json" }: HangingOptions) {
  if (hang === "closes") return void socket.destroy();
  // what is asked is taken in, so that the one who asks waits for the answer alone
  socket.resume();
  if (hang === "silent") return;
  const length = hang === "open" ? "" : `content-length: ${body.length}\r\n`;
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\n${length}\r\n`;
  if (hang === "half head") return void socket.write(head.slice(0, 25));
  socket.write(head);
  if (hang === "half body") socket.write(body.slice(0, body.length / 2));
  if (hang === "open") socket.write(body);
  if (hang !== "trickle") return;
  let sent = 0;
  const timer = setInterval(() => {
    // the last one never comes
    if (sent < body.length - 1) socket.write(body[sent++]!);
  }, 1_000);
  socket.on("close", () => clearInterval(timer));
}

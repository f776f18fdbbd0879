import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Received {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A status, or a connection that is cut, or left open without an answer. */
export type Answer = number | { status: number; headers: Record<string, string> } | "cut" | "hang";

/** A real http server on a free port of 127.0.0.1. */
export interface Receiver {
  /** Its last part is a secret of this receiver alone. */
  url: string;
  secret: string;
  received: Received[];
  stop(): Promise<void>;
}

/** Answers each request with `answer`, or by what that says of the request and of how many were before it. */
export async function startReceiver(
  answer: Answer | ((request: Received, before: number) => Answer) = 200,
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (part: string) => body += part);
    incoming.on("end", () => {
      const request = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
      received.push(request);
      const said = typeof answer === "function" ? answer(request, received.length - 1) : answer;
      if (said === "cut") incoming.socket.destroy();
      else if (typeof said === "number") outgoing.writeHead(said).end("an answer");
      else if (said !== "hang") outgoing.writeHead(said.status, said.headers).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const secret = crypto.randomUUID();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/${secret}`,
    secret,
    received,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

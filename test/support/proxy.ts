import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { readKubeconfig } from "../../scripts/testbed/kubeconfig.ts";
import { bodyOf, endToEnd, leadingTo, send } from "./forward.ts";

/** One request to the API server, as the proxy saw it. */
export interface Call {
  method: string;
  /** With its query. */
  path: string;
  watch: boolean;
  /** POST, PUT, PATCH and DELETE, but not of the Lease, which is renewed at any time, nor of Events that come later by themselves. */
  write: boolean;
  /** Undefined while there is no answer. */
  status?: number;
  /** Whether a watch has ended. */
  closed?: boolean;
}

/** An answer that the proxy gives in the API server's place. */
export interface CannedAnswer {
  match(method: string, path: string): boolean;
  status: number;
  /** Default: until `recover`. */
  times?: number;
  headers?: Record<string, string>;
  /** Sent to the API server all the same, and only its answer replaced. */
  forward?: boolean;
}

export interface CrashPoint {
  /** Counted from 1, from now on. */
  write: number;
  /** Before it is sent to the API server, or after that has answered and before the operator hears of it. */
  when: "before" | "after";
  /** Has to kill at once: what it is called for, and all that is under way, is then cut. */
  kill(): void;
}

/** A plain HTTP way to a real API server, which can be made to fail. Everything passes until it is told otherwise. */
export interface Proxy {
  url: string;
  /** Path of a kubeconfig that leads through the proxy. */
  kubeconfig: string;
  /** All requests so far, oldest first. */
  calls: readonly Call[];
  /** How many writes were asked for so far. */
  writes(): number;
  /** When the last write was asked for or answered, by `performance.now()`. */
  lastWrite(): number;
  /** Ends all watches in their middle; gives their number. */
  cutWatches(): number;
  /** Writes an ERROR event with code 410 into all watches; gives their number. */
  expireWatches(): number;
  answer(canned: CannedAnswer): void;
  /** Waits so long before each request is sent on. */
  delay(ms: number): void;
  /** As if the API server were away: connections are cut, and new ones too. */
  refuseConnections(on: boolean): void;
  /** Half open: connections stay, and nothing comes through them. */
  silence(on: boolean): void;
  killAt(point: CrashPoint): { reached(): boolean };
  /** Ends all faults; a crash point not reached is forgotten. */
  recover(): void;
  stop(): Promise<void>;
}

interface Faults {
  answers: (CannedAnswer & { left: number })[];
  delay: number;
  refuse: boolean;
  silent: boolean;
}

const none = (): Faults => ({ answers: [], delay: 0, refuse: false, silent: false });
const writing = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Starts a proxy on a free port, with the rights of the kubeconfig's user. `path` is where the operator's kubeconfig is written. */
export async function startProxy(
  target: { url: string; ca: string; cert: string; key: string; path: string },
): Promise<Proxy> {
  const { ca, cert, key } = target;
  const agent = new Agent({ ca, cert, key, keepAlive: true });
  const calls: Call[] = [];
  const sockets = new Set<Socket>();
  const watches = new Set<ServerResponse>();
  let faults = none();
  let writes = 0;
  let lastWrite = performance.now();
  let point: (CrashPoint & { at: number; reached: boolean }) | undefined;

  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    watches.clear();
  };
  /** Whether the operator was killed by this. */
  const crash = (number: number, when: CrashPoint["when"]): boolean => {
    if (!point || point.reached || number !== point.at || when !== point.when) return false;
    point.reached = true;
    point.kill();
    cut();
    return true;
  };

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = incoming;
    const watch = /[?&]watch=(true|1)/.test(path);
    const write = writing.has(method) && !path.includes("/leases") && !path.includes("fieldManager=headwind-later");
    const call: Call = { method, path, watch, write };
    calls.push(call);
    const body = await bodyOf(incoming);
    const number = write ? ++writes : 0;
    if (write) lastWrite = performance.now();
    if (faults.silent || (write && crash(number, "before"))) return;
    if (faults.delay > 0) await new Promise((done) => setTimeout(done, faults.delay));
    const canned = faults.answers.find(({ match, left }) => left > 0 && match(method, path));
    if (canned) canned.left--;
    if (canned && !canned.forward) return answerWith(outgoing, call, canned);
    const upstream = await send(new URL(path, target.url), method, incoming.headers, body, agent, outgoing);
    if (canned) {
      await bodyOf(upstream);
      return answerWith(outgoing, call, canned);
    }
    call.status = upstream.statusCode ?? 0;
    if (watch && call.status === 200) return stream(upstream, outgoing, call);
    const answer = await bodyOf(upstream);
    if (write) lastWrite = performance.now();
    if (faults.silent || (write && crash(number, "after"))) return;
    outgoing.writeHead(call.status, { ...endToEnd(upstream.headers), "content-length": answer.length });
    outgoing.end(answer);
  }

  function stream(upstream: IncomingMessage, outgoing: ServerResponse, call: Call): void {
    watches.add(outgoing);
    outgoing.writeHead(200, endToEnd(upstream.headers));
    outgoing.flushHeaders();
    outgoing.on("close", () => {
      call.closed = true;
      watches.delete(outgoing);
      upstream.destroy();
    });
    upstream.on("data", (part) => faults.silent || outgoing.destroyed || outgoing.write(part));
    upstream.on("end", () => outgoing.end());
    upstream.on("error", () => outgoing.destroy());
  }

  const server = createServer((incoming, outgoing) => {
    outgoing.on("error", () => {});
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.on("connection", (socket: Socket) => {
    if (faults.refuse) return socket.destroy();
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(target.path, leadingTo(url));

  return {
    url,
    kubeconfig: target.path,
    calls,
    writes: () => writes,
    lastWrite: () => lastWrite,
    cutWatches() {
      const { size } = watches;
      for (const watch of watches) watch.destroy();
      return size;
    },
    expireWatches() {
      const status = {
        kind: "Status",
        apiVersion: "v1",
        status: "Failure",
        reason: "Expired",
        code: 410,
        message: "too old",
      };
      for (const watch of watches) watch.end(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
      return watches.size;
    },
    answer: (canned) => void faults.answers.push({ ...canned, left: canned.times ?? Infinity }),
    delay: (ms) => void (faults.delay = ms),
    refuseConnections(on) {
      faults.refuse = on;
      if (on) cut();
    },
    silence: (on) => void (faults.silent = on),
    killAt(at) {
      const mine = point = { ...at, at: writes + at.write, reached: false };
      return { reached: () => mine.reached };
    },
    recover() {
      faults = none();
      point = undefined;
    },
    async stop() {
      cut();
      agent.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** A proxy before the API server of a kubeconfig with client certificates inside. */
export async function proxyBefore(kubeconfig: string, path: string): Promise<Proxy> {
  const { url, ca, client } = readKubeconfig(await readFile(kubeconfig, "utf8"));
  return await startProxy({ url, ca, ...client, path });
}

function answerWith(outgoing: ServerResponse, call: Call, { status, headers = {} }: CannedAnswer): void {
  call.status = status;
  const reason = { 410: "Expired", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable" }[status];
  const body = {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code: status,
    reason,
    message: "answered by the proxy",
  };
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(JSON.stringify(body));
}

import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { Buffer } from "node:buffer";

/** What the proxy does instead of asking the API server; undefined: it asks. */
export type Rule = (method: string, url: URL) => Instead | undefined;
export type Instead = "cut" | { status: number; headers?: Record<string, string>; body?: unknown };

/** A proxy in front of the real API server, as which it answers nothing but what a test tells it to. */
export interface Proxy {
  url: string;
  /** A kubeconfig, as text, that leads through it. */
  kubeconfig: string;
  rule: Rule | undefined;
  /** Path and query of all that was asked, the newest last. */
  asked: string[];
  /** Open watches. */
  watches(): number;
  /** Ends all watches in the middle. */
  cutWatches(): void;
  /** From now on the open watches get no byte more, and no end. */
  silenceWatches(): void;
  /** Sends a line to all open watches. */
  tellWatches(event: unknown): void;
  close(): void;
}

/** Starts one that asks the control plane of this kubeconfig, with its rights. */
export async function startProxy(kubeconfig: string): Promise<Proxy> {
  const { clusters, users } = JSON.parse(await readFile(kubeconfig, "utf8"));
  const decode = (text: string) => Buffer.from(text, "base64");
  const agent = new Agent({
    keepAlive: true,
    ca: decode(clusters[0].cluster["certificate-authority-data"]),
    cert: decode(users[0].user["client-certificate-data"]),
    key: decode(users[0].user["client-key-data"]),
  });
  const target = clusters[0].cluster.server as string;
  const watches = new Set<{ answer: ServerResponse; silent: boolean }>();

  function forward(incoming: IncomingMessage, answer: ServerResponse, isWatch: boolean): void {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const url = new URL(incoming.url!, target);
    const watch = { answer, silent: false };
    answer.on("close", () => {
      watches.delete(watch);
      asked.destroy();
    });
    const asked = request(url, { method: incoming.method!, headers, agent }, (response) => {
      if (answer.destroyed) return;
      answer.writeHead(response.statusCode!, response.headers);
      answer.flushHeaders();
      if (isWatch && response.statusCode === 200) watches.add(watch);
      response.on("data", (chunk) => watch.silent || answer.write(chunk));
      response.on("end", () => watch.silent || answer.end());
      response.on("error", () => answer.destroy());
    });
    asked.on("error", () => answer.destroy());
    incoming.pipe(asked);
  }

  const server = createServer((incoming, answer) => {
    const url = new URL(incoming.url!, proxy.url);
    proxy.asked.push(`${url.pathname}${url.search}`);
    const instead = proxy.rule?.(incoming.method!, url);
    if (instead === "cut") incoming.socket.destroy();
    else if (instead) {
      answer.writeHead(instead.status, { "content-type": "application/json", ...instead.headers });
      answer.end(JSON.stringify(instead.body ?? { kind: "Status", code: instead.status, message: "by the proxy" }));
    } else forward(incoming, answer, url.searchParams.has("watch"));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const name = "proxy";
  const proxy: Proxy = {
    url: address,
    kubeconfig: JSON.stringify({
      clusters: [{ name, cluster: { server: address } }],
      users: [{ name, user: {} }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    }),
    rule: undefined,
    asked: [],
    watches: () => watches.size,
    cutWatches() {
      for (const { answer } of watches) answer.destroy();
    },
    silenceWatches() {
      for (const watch of watches) watch.silent = true;
    },
    tellWatches(event) {
      for (const { answer } of watches) answer.write(`${JSON.stringify(event)}\n`);
    },
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
  return proxy;
}

/** Waits until it is so; throws after 20 s. */
export async function until(what: string, yes: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await yes())) {
    if (Date.now() > end) throw new Error(`waited 20 s in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

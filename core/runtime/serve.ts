export interface ServeOptions {
  /** Default: all addresses, IPv6 and IPv4. */
  hostname?: string;
  /** 0 takes a free one. */
  port: number;
  fetch(request: Request): Response | Promise<Response>;
  /** How long `stop` waits for the requests in hand. Default 10 000. */
  graceMs?: number;
}

export interface HttpServer {
  /** The port that it listens on. */
  port: number;
  /** Takes no new requests and waits for those in hand; after `graceMs` Node cuts what is left, Deno leaves it to the process's end. */
  stop(): Promise<void>;
}

/** Serves HTTP. Rejects with a sentence when the port is taken or not allowed. */
export async function serve(options: ServeOptions): Promise<HttpServer> {
  const hosts = options.hostname === undefined ? ["::", "0.0.0.0"] : [options.hostname];
  const start = "Deno" in globalThis ? denoServe : nodeServe;
  for (const [index, hostname] of hosts.entries()) {
    try {
      return await start(hostname, options);
    } catch (error) {
      const taken = isTaken(error);
      if (!taken && index < hosts.length - 1) continue;
      throw new Error(sentence(options, taken, error), { cause: error });
    }
  }
  throw new Error("no address to listen on");
}

function isTaken(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === "AddrInUse" || code === "EADDRINUSE";
}

function sentence({ hostname, port }: ServeOptions, taken: boolean, error: unknown): string {
  const place = hostname === undefined ? `port ${port}` : `${hostname}, port ${port}`;
  return taken
    ? `${place} is taken by another process`
    : `cannot listen on ${place}: ${error instanceof Error ? error.message : String(error)}`;
}

async function denoServe(hostname: string, { port, fetch, graceMs = 10_000 }: ServeOptions): Promise<HttpServer> {
  const server = Deno.serve({ hostname, port, onListen: () => {} }, (request) => fetch(request));
  // a server that is shutting down cannot be aborted any more: that would throw BadResource
  return { port: server.addr.port, stop: () => within(graceMs, server.shutdown(), () => {}) };
}

async function nodeServe(hostname: string, { port, fetch, graceMs = 10_000 }: ServeOptions): Promise<HttpServer> {
  const { createAdaptorServer } = await import("@hono/node-server");
  const { Server } = await import("node:http");
  const server = createAdaptorServer({ fetch });
  if (!(server instanceof Server)) throw new Error("the HTTP server is of an unknown kind");
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const address = server.address();
  const closed = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeIdleConnections();
    });
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    stop: () => within(graceMs, closed(), () => server.closeAllConnections()),
  };
}

function within(ms: number, finished: Promise<void>, cut: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      cut();
      resolve();
    }, ms);
    finished.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

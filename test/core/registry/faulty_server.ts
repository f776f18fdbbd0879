import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createRegistryClient,
  type RegistryClient,
  RegistryError,
  type RegistryOptions,
} from "../../../core/registry/registry_client.ts";
import { createFetch } from "../../../core/runtime/fetch.ts";

export interface ReceivedRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string | undefined>;
  body?: string | object;
  /** Cuts the connection in the middle of the body. */
  cut?: boolean;
  /** Sends the body and then nothing, without an end. */
  stall?: boolean;
}

export interface FaultyServer {
  /** `127.0.0.1:port`. */
  host: string;
  asked: ReceivedRequest[];
  stop(): Promise<void>;
}

/** A server on loopback that answers as a test wants it to: for what a sound registry never does. */
export async function faultyServer(
  reply: (asked: ReceivedRequest, before: number) => Reply | Promise<Reply>,
): Promise<FaultyServer> {
  const asked: ReceivedRequest[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await new Response(request as unknown as ReadableStream).text();
    const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    asked.push(one);
    const { status = 200, headers = {}, body: content = "", cut, stall } = await reply(one, asked.length - 1);
    const text = typeof content === "string" ? content : JSON.stringify(content);
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
    if (cut) response.setHeader("content-length", text.length + 10);
    response.writeHead(status);
    if (stall) return void response.write(text);
    if (!cut) return void response.end(text);
    response.write(text, () => setTimeout(() => response.destroy(), 20));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A repository of a server. */
export const at = ({ host }: FaultyServer, repository = "app") => ({ registry: host, repository });

/** A refusal that says which login is wanted. */
export const challenge = (how = `Basic realm="x"`): Reply => ({ status: 401, headers: { "www-authenticate": how } });

/** A page of a list of tags, with a link to the next one if there is to be one. */
export const page = (tags: unknown, link?: string): Reply => ({
  body: { name: "app", tags },
  headers: { "content-type": "application/json", ...(link ? { link: `<${link}>; rel="next"` } : {}) },
});

export interface TestClient extends RegistryClient {
  clock: { now: number; slept: number[] };
  close(): void;
}

/** A client whose time passes only by its own waiting. */
export function testClient(options: Partial<RegistryOptions> & { ca?: string[] } = {}): TestClient {
  const { ca, ...rest } = options;
  const fetcher = createFetch(ca ? { ca } : {});
  const clock = { now: Date.parse("2026-01-01T00:00:00Z"), slept: [] as number[] };
  const client = createRegistryClient({
    fetch: fetcher.fetch,
    insecure: [],
    now: () => clock.now,
    sleep(ms) {
      clock.slept.push(ms);
      clock.now += ms;
      return Promise.resolve();
    },
    ...rest,
  });
  return { ...client, clock, close: fetcher.close };
}

/** The `RegistryError` that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<RegistryError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof RegistryError) return error;
  throw new Error(`it was to reject with a RegistryError, not to give ${String(error)}`);
}

/** Servers of one test, and what asks them, made by `make`; `stop` ends them all. */
export function fixturesWith<O, T extends { close(): void }>(make: (options?: O) => T) {
  const stops: (() => unknown)[] = [];
  return {
    async serve(...[reply]: Parameters<typeof faultyServer>): Promise<FaultyServer> {
      const server = await faultyServer(reply);
      stops.push(server.stop);
      return server;
    },
    made(options?: O): T {
      const made = make(options);
      stops.push(made.close);
      return made;
    },
    async stop(): Promise<void> {
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
}

/** Servers and clients of one test. */
export function fixtures() {
  const { made: client, ...rest } = fixturesWith(testClient);
  return { ...rest, client };
}

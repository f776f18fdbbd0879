import type { Address, AddressGuard } from "./egress_guard.ts";
import type { Agent, IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { rootCertificates } from "node:tls";

/** The part of the standard `fetch` that is the same on every runtime. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface FetchOptions {
  /** PEM certificates of authorities to trust, in addition to the well-known ones. */
  ca?: string[];
  /**
   * Trust only `ca`. On Deno that works where `DENO_TLS_CA_STORE` is set to nothing, as in the image: its clients add to the process's own
   * authorities, and cannot do without them.
   */
  onlyCa?: boolean;
  /** PEM client certificate and its key (PKCS #1, PKCS #8 or SEC 1). */
  cert?: string;
  key?: string;
  /** Accepts any server certificate. Deno knows this for the whole process only, so there it is refused. */
  insecureSkipVerify?: boolean;
  /**
   * Asked before each call where its URL may lead. What it refuses is not asked; plain http, and on Node https, then goes to the very
   * addresses that it has looked at. On Deno https goes to the name, whose certificate has to be right before anything is sent. Redirects
   * are given as they are, so that whoever follows them asks again.
   */
  guard?: AddressGuard;
}

export interface Fetcher {
  fetch: Fetch;
  /** Lets the idle connections go. */
  close(): void;
}

/** Below the 90 s after which kube-apiserver closes an idle connection, so that it is not met half closed. */
const IDLE_MS = 60_000;
const IDLE_PER_HOST = 32;

/**
 * A `fetch` with its own pool of keep-alive HTTP/1.1 connections. HTTP/1.1 because a small request costs a quarter less CPU with
 * it than with HTTP/2 on Deno, and a watch or a long list never stands in front of it.
 */
export function createFetch(options: FetchOptions = {}): Fetcher {
  const fetcher = "Deno" in globalThis ? denoFetch(options) : nodeFetch(options);
  return options.guard ? guarded(fetcher, options.guard) : fetcher;
}

function guarded({ fetch, close }: Fetcher, guard: AddressGuard): Fetcher {
  const plain = createFetchAt(IDLE_MS);
  return {
    async fetch(text, given = {}) {
      const init: RequestInit = { ...given, redirect: "manual" };
      const url = new URL(text);
      const { addresses, named } = await guard.check(url, init.signal ?? undefined);
      return url.protocol === "http:" && named ? await plain.fetch(url, init, addresses) : await fetch(url.href, init);
    },
    close() {
      close();
      plain.close();
    },
  };
}

function denoFetch(options: FetchOptions): Fetcher {
  if (options.insecureSkipVerify) {
    throw new Error(
      "a server's certificate cannot be left unverified on Deno: name its certificate authority instead, or run on Node",
    );
  }
  const caCerts = denoAuthorities(options);
  const client = Deno.createHttpClient({
    ...(caCerts ? { caCerts } : {}),
    ...(options.cert && options.key ? { cert: options.cert, key: options.key } : {}),
    http2: false,
    poolIdleTimeout: IDLE_MS,
    poolMaxIdlePerHost: IDLE_PER_HOST,
  });
  return { fetch: (url, init) => fetch(url, { ...init, client } as RequestInit), close: () => client.close() };
}

/** For the sockets of Node: only what the guard lets through is connected to. */
function lookupBy(guard: AddressGuard): LookupFunction {
  return (name, { all }, found) => {
    guard.resolve(name).then((addresses) => {
      const [first] = addresses;
      if (!first) found(new Error(`${name} has no address`), "", 0);
      else if (all) found(null, addresses.map((one) => ({ ...one })));
      else found(null, first.address, first.family);
    }, (error) => found(error, "", 0));
  };
}

/** What Deno has to be given besides its own authorities, which are none where its store is. */
function denoAuthorities({ ca, onlyCa }: FetchOptions): string[] | undefined {
  if (!isStoreEmpty() || (ca && onlyCa)) return ca;
  return [...rootCertificates, ...(ca ?? [])];
}

function isStoreEmpty(): boolean {
  try {
    return Deno.env.get("DENO_TLS_CA_STORE") === "";
  } catch {
    // without the permission to read it
    return false;
  }
}

function nodeFetch(options: FetchOptions): Fetcher {
  const { guard } = options;
  const ca = options.ca && (options.onlyCa ? options.ca : [...rootCertificates, ...options.ca]);
  const load = async () => {
    const undici = await import("undici");
    const dispatcher = new undici.Agent({
      allowH2: false,
      bodyTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      connect: {
        ...(ca ? { ca } : {}),
        ...(options.cert && options.key ? { cert: options.cert, key: options.key } : {}),
        ...(options.insecureSkipVerify ? { rejectUnauthorized: false } : {}),
        ...(guard ? { lookup: lookupBy(guard) } : {}),
        // TCP keep-alive on the socket: without it a silent watch is never found dead
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
      },
    });
    return { fetch: undici.fetch as unknown as typeof fetch, dispatcher };
  };
  let loading: ReturnType<typeof load> | undefined;
  return {
    async fetch(url, init) {
      const { fetch, dispatcher } = await (loading ??= load());
      return await fetch(url, { ...init, dispatcher } as RequestInit);
    },
    close: () => void loading?.then(({ dispatcher }) => dispatcher.close()).catch(() => {}),
  };
}

/** Asks by plain http at the addresses that are given, whatever the name in the URL is by now. A redirect is given as it is. */
interface FetchAt {
  fetch(url: URL, init: RequestInit, addresses: readonly Address[]): Promise<Response>;
  close(): void;
}

/** Statuses without a body. */
const BARE = new Set([204, 205, 304]);

/** `fetch` itself cannot be told where to connect to, on either runtime. Keeps connections, by name, for so many milliseconds. */
function createFetchAt(idleMs: number): FetchAt {
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

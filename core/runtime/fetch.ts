import { rootCertificates } from "node:tls";

/** The part of the standard `fetch` that is the same on every runtime. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface FetchOptions {
  /** PEM certificates of authorities to trust, in addition to the well-known ones. */
  ca?: string[];
  /** On Node, trust only `ca`. Deno cannot: there the well-known authorities stay trusted. */
  onlyCa?: boolean;
  /** PEM client certificate and its key (PKCS #1, PKCS #8 or SEC 1). */
  cert?: string;
  key?: string;
  /** Accepts any server certificate. Deno knows this for the whole process only, so there it is refused. */
  insecureSkipVerify?: boolean;
}

export interface Fetcher {
  fetch: Fetch;
  /** Lets the idle connections go. */
  close(): void;
}

/** Below the 90 s after which kube-apiserver closes an idle connection, so that it is not met half closed. */
const idleMs = 60_000;
const idlePerHost = 32;

/**
 * A `fetch` with its own pool of keep-alive HTTP/1.1 connections. HTTP/1.1 because a small request costs a quarter less CPU with
 * it than with HTTP/2 on Deno, and a watch or a long list never stands in front of it.
 */
export function createFetch(options: FetchOptions = {}): Fetcher {
  return "Deno" in globalThis ? denoFetch(options) : nodeFetch(options);
}

function denoFetch(options: FetchOptions): Fetcher {
  if (options.insecureSkipVerify) {
    throw new Error(
      "a server's certificate cannot be left unverified on Deno: name its certificate authority instead, or run on Node",
    );
  }
  const client = Deno.createHttpClient({
    ...(options.ca ? { caCerts: options.ca } : {}),
    ...(options.cert && options.key ? { cert: options.cert, key: options.key } : {}),
    http2: false,
    poolIdleTimeout: idleMs,
    poolMaxIdlePerHost: idlePerHost,
  });
  return { fetch: (url, init) => fetch(url, { ...init, client } as RequestInit), close: () => client.close() };
}

function nodeFetch(options: FetchOptions): Fetcher {
  const ca = options.ca && (options.onlyCa ? options.ca : [...rootCertificates, ...options.ca]);
  const load = async () => {
    const undici = await import("undici");
    const dispatcher = new undici.Agent({
      allowH2: false,
      bodyTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: idleMs,
      connect: {
        ...(ca ? { ca } : {}),
        ...(options.cert && options.key ? { cert: options.cert, key: options.key } : {}),
        ...(options.insecureSkipVerify ? { rejectUnauthorized: false } : {}),
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

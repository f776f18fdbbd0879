import type { Fetch } from "../runtime/fetch.ts";
import { RegistryError } from "./errors.ts";
import type { MayBePlain } from "./plain_http.ts";

export interface Question {
  /** What it is asked for. */
  kind: "tags" | "manifest" | "token" | "probe";
  /** The registry that this is about, as image references name it. */
  registry: string;
  method: "GET" | "HEAD" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: URLSearchParams;
  /** Bytes that a body of 200 may have. */
  limit: number;
  timeoutMs?: number;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Of a status other than 200, at most the beginning. */
  body: Uint8Array<ArrayBuffer>;
  /** Whether it came from the origin that was asked, and not from one that a redirect led to. */
  sameOrigin: boolean;
}

/**
 * Asks one question and reads its whole answer. Throws `RegistryError` (unreachable, garbage, insecure) when there is none that
 * can be read; a status is never an error here.
 */
export type Exchange = (question: Question) => Promise<Answer>;

export interface ExchangeOptions {
  fetch: Fetch;
  mayBePlain: MayBePlain;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;
const REDIRECTS = 5;
const REDIRECTING = new Set([301, 302, 303, 307, 308]);
const REFUSAL_LIMIT = 64 * 1024;

export function createExchange({ fetch, mayBePlain, signal }: ExchangeOptions): Exchange {
  return async function exchange(question) {
    signal?.throwIfAborted();
    const timeoutMs = question.timeoutMs ?? TIMEOUT_MS;
    const control = new AbortController();
    const stop = () => control.abort(signal?.reason);
    const timer = setTimeout(() => control.abort(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await follow(question, fetch, mayBePlain, control.signal);
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      signal?.throwIfAborted();
      const why = reason(control.signal.aborted ? control.signal.reason : error);
      const { host } = new URL(question.url);
      throw new RegistryError("unreachable", question.registry, `${host} could not be asked: ${why}.`);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  };
}

/** Redirects are followed by hand: a login is for the origin it was meant for, and https never becomes plain http. */
async function follow(question: Question, fetch: Fetch, mayBePlain: MayBePlain, signal: AbortSignal): Promise<Answer> {
  const { registry, method, body } = question;
  const headers = { ...question.headers };
  const start = new URL(question.url);
  let url = start;
  let sameOrigin = true;
  for (let hops = 0;; hops++) {
    const response = await fetch(url.href, {
      method,
      headers,
      redirect: "manual",
      signal,
      ...(body ? { body } : {}),
    });
    const location = response.headers.get("location");
    if (!REDIRECTING.has(response.status) || location === null) {
      return {
        status: response.status,
        headers: response.headers,
        body: await readBody(response, question),
        sameOrigin,
      };
    }
    await response.body?.cancel();
    if (hops === REDIRECTS) throw garbage(registry, `${start.host} redirects more than ${REDIRECTS} times`);
    if (body) throw garbage(registry, `${start.host} redirects a login`);
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (!next || !/^https?:$/.test(next.protocol) || next.username !== "" || next.password !== "") {
      throw garbage(registry, `${url.host} redirects to what is no plain web address`);
    }
    if (next.protocol === "http:" && (url.protocol === "https:" || !mayBePlain(next.host))) {
      throw new RegistryError("insecure", registry, `${url.host} redirects to plain http on ${next.host}.`);
    }
    if (next.origin !== url.origin) {
      delete headers.authorization;
      sameOrigin = false;
    }
    url = next;
  }
}

async function readBody(response: Response, { registry, limit }: Question): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array();
  const wanted = response.status === 200;
  const most = wanted ? limit : REFUSAL_LIMIT;
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      if (wanted) throw garbage(registry, `an answer of ${registry} has more than ${limit} bytes`, response.status);
      return new Uint8Array();
    }
    chunks.push(value);
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

const garbage = (registry: string, what: string, status?: number): RegistryError =>
  new RegistryError("garbage", registry, `${what}.`, status === undefined ? {} : { status });

/** What the innermost cause says, without addresses: a query may hold a signature. */
function reason(error: unknown): string {
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error && cause.cause instanceof Error; depth++) cause = cause.cause;
  if (!(cause instanceof Error)) return "the connection failed";
  const text = cause.message || (cause as { code?: string }).code || cause.name;
  return text.replaceAll(/\S*:\/\/\S*/g, "…").replaceAll(/\s+/g, " ").slice(0, 200).replace(/\.$/, "");
}

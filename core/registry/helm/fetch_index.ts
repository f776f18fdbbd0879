import type { RegistryCall } from "../registry_call.ts";
import { createDeadline, type Deadline } from "../../lib/deadline.ts";
import { RegistryError, type RegistryErrorKind, unreachableError } from "../registry_error.ts";
import { basicAuth } from "../credentials.ts";
import type { MayBePlain } from "../plain_http.ts";
import type { Cooldown } from "../cooldown.ts";
import { followRedirects } from "../redirects.ts";
import type { Fetch } from "../../runtime/fetch.ts";
import { IndexError } from "./index/index_error.ts";
import type { BasicLogin } from "./source_secrets.ts";
import type { ChartVersions } from "./index/chart_versions.ts";

/**
 * Reads an index; throws `IndexError` for what is none, and passes errors of the stream on. `held` is told how many bytes it has in hand,
 * and waited for.
 */
export type ReadIndex = (
  stream: ReadableStream<Uint8Array>,
  wanted: ReadonlySet<string>,
  options: { limit: number; held?: (bytes: number) => Promise<void> },
) => Promise<ChartVersions>;

export interface IndexQuery {
  url: URL;
  wanted: ReadonlySet<string>;
  login?: BasicLogin;
  /** Whether the login goes along to another origin. */
  passLogin: boolean;
  /** `If-None-Match` and `If-Modified-Since`, where an answer is known. */
  conditions: Record<string, string>;
}

export interface IndexFetching {
  fetch: Fetch;
  read: ReadIndex;
  cooldown: Cooldown;
  /** With whose login and certificate, as `Access.identity` has it. */
  who: string;
  mayBePlain: MayBePlain;
  /** Bytes of an index. */
  limit: number;
  /** Without anything that comes. */
  timeoutMs: number;
  /** The call that the index is read for. */
  call: RegistryCall;
}

export interface FetchedIndex {
  charts: ChartVersions;
  headers: Headers;
}

/**
 * Asks for an index once, and reads it as it comes.
 *
 * @throws {RegistryError} whose message does not say which index
 */
export async function fetchIndex(query: IndexQuery, fetching: IndexFetching): Promise<FetchedIndex | "unchanged"> {
  const { url, login, passLogin, conditions } = query;
  const { fetch, mayBePlain, cooldown, who, timeoutMs, call } = fetching;
  if (login && url.protocol === "http:" && !mayBePlain(url.host)) throw plainLogin(url.host);
  await cooldown.ready(who, call.signal);
  call.signal.throwIfAborted();
  const deadline = createDeadline({ ms: timeoutMs, signals: [call.signal] });
  try {
    const authorization: Record<string, string> = login
      ? { authorization: basicAuth(login.username, login.password) }
      : {};
    const headers = { accept: "application/yaml, application/json, */*", ...conditions, ...authorization };
    const { response } = await followRedirects({ registry: url.host, method: "GET", url: url.href, headers }, {
      fetch,
      mayBePlain: (host, carriesLogin) => !carriesLogin || mayBePlain(host),
      passLogin,
      signal: deadline.signal,
    });
    deadline.stop();
    if (response.status !== 200) await response.body?.cancel();
    cooldown.observe(response, who);
    if (response.status === 200) {
      return { charts: await read(response, query, fetching, deadline), headers: response.headers };
    }
    if (response.status === 304 && Object.keys(conditions).length > 0) return "unchanged";
    throw refused(response.status, url.host, login !== undefined);
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    call.signal.throwIfAborted();
    throw unreachableError(
      url.host,
      `${url.host} could not be asked`,
      deadline.signal.aborted ? deadline.signal.reason : error,
    );
  } finally {
    deadline.end();
  }
}

async function read(
  response: Response,
  { url, wanted }: IndexQuery,
  { read, limit, call }: IndexFetching,
  deadline: Deadline,
): Promise<ChartVersions> {
  const status = { status: response.status };
  const body = timedBody(response.body ?? new Blob([]).stream(), deadline);
  try {
    if (Number(response.headers.get("content-length") ?? 0) > limit) {
      throw new RegistryError("garbage", url.host, `it has more than the ${limit} bytes that are allowed.`, status);
    }
    return await read(body.stream, wanted, { limit, held: heldBy(call) });
  } catch (error) {
    throw error instanceof IndexError ? new RegistryError("garbage", url.host, error.message, status) : error;
  } finally {
    await body.cancel();
  }
}

/** Counts what a reader says that it has in hand now. */
function heldBy(call: RegistryCall): (bytes: number) => Promise<void> {
  let before = 0;
  return async (bytes) => {
    const more = bytes - before;
    before = bytes;
    if (more > 0) await call.grow(more);
    else call.shrink(-more);
  };
}

function refused(status: number, host: string, withLogin: boolean): RegistryError {
  const of = (kind: RegistryErrorKind, what: string) => new RegistryError(kind, host, `${host} ${what}.`, { status });
  if (status === 401 || status === 403) {
    return of(
      "unauthorized",
      `answered ${status}: it cannot be read ${withLogin ? "with this login" : "without a login"}`,
    );
  }
  if (status === 404 || status === 410) return of("not-found", `answered ${status}: there is none`);
  return of(status >= 500 || status === 408 ? "unreachable" : "garbage", `answered ${status}`);
}

function plainLogin(host: string): RegistryError {
  const message =
    `The login is not sent to ${host} over plain http: use https, or name ${host} in HEADWIND_INSECURE_REGISTRIES.`;
  return new RegistryError("insecure", host, message);
}

/** A body on its way to a reader. */
export interface TimedBody {
  stream: ReadableStream<Uint8Array>;
  /** Lets the connection go, whoever reads the stream. */
  cancel(): Promise<void>;
}

/** Passes a body on, with the deadline's whole time for each piece of it and none of it for the reader. */
export function timedBody(body: ReadableStream<Uint8Array>, deadline: Deadline): TimedBody {
  const reader = body.getReader();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      deadline.restart();
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } finally {
        deadline.stop();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return { stream, cancel: () => reader.cancel().catch(() => {}) };
}

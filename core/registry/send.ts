import type { Fetch } from "../runtime/fetch.ts";
import type { RegistryCall } from "./registry_call.ts";
import { createDeadline, type Deadline } from "../lib/deadline.ts";
import { RegistryError, unreachableError } from "./registry_error.ts";
import type { MayBePlain } from "./plain_http.ts";
import { type FetchRequest, type FetchResponse, followRedirects } from "./redirects.ts";
import { apiHost } from "../versions/docker_hub.ts";
import { readUpTo } from "../lib/bytes.ts";

/** A repository with its registry, as `parseReference` gives them. */
export interface RepositoryRef {
  /** `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
  registry: string;
  /** `library/nginx`. */
  repository: string;
  /**
   * Plain http is allowed for this one, as it is for all of a registry that `insecure` names. What is found out about the registry for
   * it (that it answers plain http, a login that it asks for) is kept apart.
   */
  plain?: true;
  /** The namespace that it is asked for: namespaces take turns where a registry or memory is short. By default the repository's own turn. */
  onBehalfOf?: string;
}

/** A request about the registry `registry`, as image references name it. */
export interface RegistryRequest extends FetchRequest {
  /** What it is asked for. */
  kind: "tags" | "manifest" | "blob" | "token" | "probe";
  /** As in `RepositoryRef`. */
  plain?: true;
  /** With whose login, as `identityOf` has it. */
  who: string;
  /** Bytes that a body of 200 may have. */
  limit: number;
  timeoutMs?: number;
  /** The call that it is asked for; the end of that ends it, and what it answers is counted there. */
  call?: RegistryCall;
}

/** A request by its `path` within the registry, or a whole address. */
export type PathRequest = Pick<RegistryRequest, "kind" | "method" | "headers" | "limit"> & { path: string };

export interface RegistryResponse {
  status: number;
  headers: Headers;
  /** Of a status other than 200, at most the beginning. */
  body: Uint8Array<ArrayBuffer>;
  url: FetchResponse["url"];
}

/**
 * Asks one request and reads its whole answer.
 *
 * @throws {RegistryError} (unreachable, garbage, insecure) when there is none that can be read; a status is never an
 * error here
 */
export type Send = (request: RegistryRequest) => Promise<RegistryResponse>;

export interface SendOptions {
  fetch: Fetch;
  mayBePlain: MayBePlain;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;
const REFUSAL_LIMIT = 64 * 1024;

export function createSend({ fetch, mayBePlain, signal }: SendOptions): Send {
  return async function send(request) {
    const throwIfAborted = () => {
      signal?.throwIfAborted();
      request.call?.signal.throwIfAborted();
    };
    throwIfAborted();
    const deadline = createDeadline({
      ms: request.timeoutMs ?? TIMEOUT_MS,
      signals: [signal, request.call?.signal],
    });
    const own = (host: string) => request.plain === true && host === apiHost(request.registry);
    const rules = { fetch, mayBePlain: (host: string) => mayBePlain(host) || own(host), signal: deadline.signal };
    try {
      const { response, url } = await followRedirects(request, rules);
      const { status, headers } = response;
      return { status, headers, body: await readBody(response, request, deadline), url };
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      throwIfAborted();
      const { host } = new URL(request.url);
      const why = deadline.signal.aborted ? deadline.signal.reason : error;
      throw unreachableError(request.registry, `${host} could not be asked`, why);
    } finally {
      deadline.end();
    }
  };
}

async function readBody(
  response: Response,
  { registry, limit, call }: RegistryRequest,
  deadline: Deadline,
): Promise<Uint8Array<ArrayBuffer>> {
  const wanted = response.status === 200;
  const grow = (bytes: number) => deadline.uncounted(async () => await call?.grow(bytes));
  const body = await readUpTo(response.body, wanted ? limit : REFUSAL_LIMIT, grow);
  if (!body && wanted) {
    const message = `an answer of ${registry} has more than ${limit} bytes.`;
    throw new RegistryError("garbage", registry, message, { status: response.status });
  }
  return body ?? new Uint8Array();
}

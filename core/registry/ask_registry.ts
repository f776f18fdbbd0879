import { delay } from "../lib/delay.ts";
import type { Fetch } from "../runtime/fetch.ts";
import { type RegistryCall, runCall, withRetries } from "./registry_call.ts";
import { createLru } from "../lib/lru.ts";
import { createResponseMemory, type ResponseMemory } from "./response_memory.ts";
import { RegistryError } from "./registry_error.ts";
import {
  createSend,
  type PathRequest,
  type RegistryRequest,
  type RegistryResponse,
  type RepositoryRef,
} from "./send.ts";
import { createRegistryHost, type RegistryHost } from "./registry_host.ts";
import { type Credentials, identityOf } from "./credentials.ts";
import { createAuthenticator } from "./authentication.ts";
import { plainHttpHosts } from "./plain_http.ts";
import { createTokens } from "./tokens.ts";

/** One request that was answered, or was not. */
export interface RegistryRequestEvent {
  /** The registry as image references name it, also where its token service was asked. */
  host: string;
  method: string;
  status: number | "error";
  kind: "tags" | "manifest" | "blob" | "token";
  /** With whose login, as `identityOf` has it. */
  who: string;
  /** Absent where there was no answer. */
  headers?: Headers;
}

export interface AskOptions {
  /** With the certificate authorities of the operator in it. */
  fetch: Fetch;
  /**
   * Registries, `host` or `host:port`, that plain http is allowed for; loopback always is. With them https is tried first, and plain
   * http only if nothing there speaks the API over it.
   */
  insecure: readonly string[];
  /** Requests under way to one registry. Default 4; its repositories take turns. */
  concurrency?: number;
  /** Memory for answers, shared with others. Default one of its own. */
  memory?: ResponseMemory;
  /** Milliseconds that one call may take in all, without what it waits for its turn. Default 60 s. */
  callMs?: number;
  onRequest?: (event: RegistryRequestEvent) => void;
  /** Told of each try that failed, and of each call that did, where that is another error. */
  onFailure?: (host: string, who: string, error: RegistryError) => void;
  /** Milliseconds that only grow. */
  now?: () => number;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Ends all that is under way; it rejects with the signal's reason. */
  signal?: AbortSignal;
}

const CALL_MS = 60_000;
const KNOWN_HOSTS = 4096;

/** Asks a registry within one call: in turn, by its login, with its pauses kept, and again what may go well at another time. */
export type AskRegistry = (
  repository: RepositoryRef,
  request: PathRequest,
  credentials: Credentials | undefined,
  call: RegistryCall,
) => Promise<RegistryResponse>;

/** By whom and for how long something is asked. */
export interface CallOptions {
  credentials: Credentials | undefined;
  signal: AbortSignal | undefined;
}

/** The way to registries. */
export interface RegistryWay {
  ask: AskRegistry;
  /** Runs a task, `what` in words, as one call with one deadline. All its errors are `RegistryError`. */
  inOneCall<T>(
    repository: RepositoryRef,
    what: string,
    options: CallOptions,
    task: (call: RegistryCall) => Promise<T>,
  ): Promise<T>;
  /** Where the API of a repository's registry is. */
  originOf(repository: RepositoryRef): Promise<string>;
}

export function createRegistryWay(options: AskOptions): RegistryWay {
  const { fetch, concurrency = 4, onRequest, now = () => performance.now(), sleep = delay, signal } = options;
  const { memory = createResponseMemory(), callMs = CALL_MS, onFailure } = options;
  const mayBePlain = plainHttpHosts(options.insecure);
  const send = createSend({ fetch, mayBePlain, ...(signal ? { signal } : {}) });
  const authenticator = createAuthenticator({ ask: once, tokens: createTokens({ ask: once, now }), mayBePlain });
  const hosts = createLru<RegistryHost>(KNOWN_HOSTS);
  /** Errors of which it is known that they were told. */
  const told = new WeakSet<RegistryError>();

  function hostOf({ registry, plain: mayBePlainHere }: Pick<RepositoryRef, "registry" | "plain">): RegistryHost {
    const apart = mayBePlainHere === true && !mayBePlain(registry);
    const key = apart ? `http://${registry}` : registry;
    let host = hosts.get(key);
    if (!host) {
      const plain = apart || mayBePlain(registry);
      host = createRegistryHost({ registry, plain, concurrency, send, now, sleep });
      hosts.set(key, host);
    }
    return host;
  }

  async function once(request: RegistryRequest): Promise<RegistryResponse> {
    const { registry, method, kind, who } = request;
    const report = (status: number | "error", headers?: Headers) => {
      if (kind !== "probe") {
        onRequest?.({ host: registry, method, status, kind, who, ...(headers ? { headers } : {}) });
      }
    };
    const answer = await send(request).catch((error) => {
      report("error");
      throw error;
    });
    report(answer.status, answer.headers);
    hostOf(request).observe(answer, request.who);
    if (answer.status >= 500 || answer.status === 408) {
      const { host } = new URL(request.url);
      throw new RegistryError("unreachable", registry, `${host} answered ${answer.status}.`, { status: answer.status });
    }
    return answer;
  }

  /** Tries again what may go well at another time. */
  async function ask(
    repository: RepositoryRef,
    pathRequest: PathRequest,
    credentials: Credentials | undefined,
    call: RegistryCall,
  ): Promise<RegistryResponse> {
    const { registry, plain } = repository;
    const host = hostOf(repository);
    const { path, ...rest } = pathRequest;
    const who = await identityOf(credentials);
    const attempt = async () => {
      const home = await host.origin();
      const url = new URL(path, home).href;
      const request = { ...rest, registry, url, call, who, ...(plain ? { plain } : {}) };
      const answer = await authenticator.ask(repository, request, home, credentials);
      if (answer.status === 400 && answer.url.protocol === "http:" && !isOfApi(answer)) {
        // what a TLS server says to plain http
        host.forgetOrigin();
        const message = `${registry} answers neither plain http, nor https with a certificate that is trusted.`;
        throw new RegistryError("unreachable", registry, message, { status: 400 });
      }
      return answer;
    };
    const lane = laneOf(repository);
    const unlessPaused = async () => host.isPaused(who) ? undefined : await call.counted(attempt);
    const inTurn = () => host.budget.run(lane, unlessPaused, call.signal);
    const afterPauses = async () => {
      for (;;) {
        await call.counted(() => host.ready(who, call.signal));
        // those that wait for memory keep their turns: the one that they wait for would never get its next page behind them
        const isApart = pathRequest.method === "HEAD" || call.isLarge();
        const answer = await (isApart ? inTurn() : host.bodies.run(lane, inTurn, call.signal));
        if (answer) return answer;
      }
    };
    return await withRetries(afterPauses, {
      sleep,
      failed(error) {
        const { kind, status } = error;
        if (kind === "unreachable" && status === undefined) host.forgetOrigin();
        told.add(error);
        onFailure?.(registry, who, error);
      },
      signal: call.signal,
    });
  }

  async function inOneCall<T>(
    repository: RepositoryRef,
    what: string,
    { credentials, signal: given }: CallOptions,
    task: (call: RegistryCall) => Promise<T>,
  ): Promise<T> {
    const { registry } = repository;
    const late = () => {
      const message = `${registry} did not tell ${what} of ${repository.repository} within ${callMs / 1000} s.`;
      return new RegistryError("unreachable", registry, message);
    };
    try {
      return await runCall(
        { memory, lane: laneOf(repository), host: registry, ms: callMs, signals: [signal, given], late },
        task,
      );
    } catch (error) {
      if (error instanceof RegistryError && !told.has(error)) {
        onFailure?.(registry, await identityOf(credentials), error);
      }
      throw error;
    }
  }

  return { ask, inOneCall, originOf: (repository) => hostOf(repository).origin() };
}

/** Whether a refusal is one of the registry, and not of a server or proxy that does not know what it was asked. */
function isOfApi({ headers }: RegistryResponse): boolean {
  return headers.has("docker-distribution-api-version") || /\bjson\b/.test(headers.get("content-type") ?? "");
}

const laneOf = ({ registry, repository, onBehalfOf }: RepositoryRef): string =>
  onBehalfOf ?? `${registry}/${repository}`;

import { pause } from "../kube/pause.ts";
import type { Fetch } from "../runtime/fetch.ts";
import { RegistryError } from "./errors.ts";
import { type Answer, createExchange, type Question } from "./exchange.ts";
import { createHost, LONGEST_WAIT_MS, type RegistryHost } from "./host.ts";
import { type Credentials, identityOf } from "./identity.ts";
import { createLogin } from "./login.ts";
import { MANIFEST_TYPES, ownDigest, toldDigest } from "./manifest.ts";
import { plainHttpHosts } from "./plain_http.ts";
import type { RepositoryRef } from "./repository_ref.ts";
import { createTagLists, type TagList } from "./tag_list.ts";
import { createTokens } from "./tokens.ts";

export { RegistryError } from "./errors.ts";
export type { RegistryErrorKind } from "./errors.ts";
export type { Credentials } from "./identity.ts";
export type { RepositoryRef } from "./repository_ref.ts";
export type { TagList } from "./tag_list.ts";

/** One request that was answered, or was not. */
export interface RegistryRequestEvent {
  /** The registry as image references name it, also where its token service was asked. */
  host: string;
  method: string;
  status: number | "error";
  kind: "tags" | "manifest" | "token";
}

export interface RegistryOptions {
  /** With the certificate authorities of the operator in it. */
  fetch: Fetch;
  /**
   * Registries, `host` or `host:port`, that plain http is allowed for; loopback always is. With them https is tried first, and plain
   * http only if nothing there speaks the API over it.
   */
  insecure: readonly string[];
  /** Requests under way to one registry. Default 4; its repositories take turns. */
  concurrency?: number;
  /** Tags to ask for per page. Default 1,000. */
  pageSize?: number;
  onRequest?: (event: RegistryRequestEvent) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Ends all that is under way; it rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Reads registries by the OCI distribution API. All its errors are `RegistryError`. */
export interface RegistryClient {
  /** The whole list of tags, in the registry's order, or an error: never half a list. */
  tags(repository: RepositoryRef, credentials?: Credentials): Promise<TagList>;
  /**
   * The digest that a tag names, that of the index if the image has one; undefined when there is no such tag. By HEAD; the manifest
   * itself is fetched only from registries that do not tell it so.
   */
  digest(repository: RepositoryRef, tag: string, credentials?: Credentials): Promise<string | undefined>;
}

const TRIES = 3;
const FIRST_BACKOFF_MS = 500;
const PAGE_LIMIT = 16 << 20;
const MANIFEST_LIMIT = 4 << 20;

/** Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md */
export function createRegistryClient(options: RegistryOptions): RegistryClient {
  const { fetch, concurrency = 4, pageSize = 1_000, onRequest, now = Date.now, sleep = pause, signal } = options;
  const mayBePlain = plainHttpHosts(options.insecure);
  const exchange = createExchange({ fetch, mayBePlain, ...(signal ? { signal } : {}) });
  const login = createLogin({ ask: once, tokens: createTokens({ ask: once, now }), mayBePlain });
  const listTags = createTagLists();
  const hosts = new Map<string, RegistryHost>();

  function hostOf(registry: string): RegistryHost {
    let host = hosts.get(registry);
    if (!host) {
      const plain = mayBePlain(registry);
      host = createHost({ registry, plain, concurrency, exchange, now, sleep: (ms) => sleep(ms, signal) });
      hosts.set(registry, host);
    }
    return host;
  }

  async function once(question: Question): Promise<Answer> {
    const { registry, method, kind } = question;
    const report = (status: number | "error") => {
      if (kind !== "probe") onRequest?.({ host: registry, method, status, kind });
    };
    const answer = await exchange(question).catch((error) => {
      report("error");
      throw error;
    });
    report(answer.status);
    hostOf(registry).heed(answer);
    if (answer.status >= 500 || answer.status === 408) {
      const { host } = new URL(question.url);
      throw new RegistryError("unreachable", registry, `${host} answered ${answer.status}.`, { status: answer.status });
    }
    return answer;
  }

  /** Tries again what may go well at another time. `path` is one within the registry, or a whole address of it. */
  async function ask(
    repository: RepositoryRef,
    request: Pick<Question, "kind" | "method" | "headers" | "limit"> & { path: string },
    credentials?: Credentials,
  ): Promise<Answer> {
    const { registry } = repository;
    const host = hostOf(registry);
    const { path, ...rest } = request;
    const attempt = async () => {
      await host.ready();
      const url = new URL(path, await host.origin()).href;
      const answer = await login.ask(repository, { ...rest, registry, url }, credentials);
      if (answer.status === 400 && url.startsWith("http:")) {
        // what a TLS server says to plain http
        host.forgetOrigin();
        const message = `${registry} answers neither plain http, nor https with a certificate that is trusted.`;
        throw new RegistryError("unreachable", registry, message, { status: 400 });
      }
      return answer;
    };
    for (let tried = 1;; tried++) {
      try {
        return await host.budget.run(repository.repository, attempt);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        if (error.kind === "unreachable" && error.status === undefined) host.forgetOrigin();
        const wait = (error.retryAfterSeconds ?? 0) * 1000;
        const transient = error.kind === "unreachable" || error.kind === "rate-limited";
        if (!transient || tried === TRIES || wait > LONGEST_WAIT_MS) throw error;
        if (wait === 0) await sleep(FIRST_BACKOFF_MS * 2 ** (tried - 1) * (0.5 + Math.random()), signal);
      }
    }
  }

  return {
    async tags(repository, credentials) {
      const { registry } = repository;
      const name = `${registry}/${repository.repository}`;
      const origin = await hostOf(registry).origin();
      return await listTags({
        registry,
        url: `${origin}/v2/${repository.repository}/tags/list?n=${pageSize}`,
        identity: await identityOf(credentials),
        async ask(path, headers) {
          const request = { kind: "tags", method: "GET", path, limit: PAGE_LIMIT } as const;
          const all = { accept: "application/json", ...headers };
          const answer = await ask(repository, { ...request, headers: all }, credentials);
          if (answer.status !== 200 && answer.status !== 304) throw refused(answer, registry, `the tags of ${name}`);
          return answer;
        },
      });
    },
    async digest(repository, tag, credentials) {
      const { registry } = repository;
      const path = `/v2/${repository.repository}/manifests/${encodeURIComponent(tag)}`;
      const request = { kind: "manifest", path, headers: { accept: MANIFEST_TYPES }, limit: MANIFEST_LIMIT } as const;
      const what = `${registry}/${repository.repository}:${tag}`;
      const head = await ask(repository, { ...request, method: "HEAD" }, credentials);
      if (head.status === 404) return undefined;
      if (head.status !== 200 && head.status !== 405) throw refused(head, registry, what);
      const told = toldDigest(head, registry);
      if (told !== undefined) return told;
      const whole = await ask(repository, { ...request, method: "GET" }, credentials);
      if (whole.status === 404) return undefined;
      if (whole.status !== 200) throw refused(whole, registry, what);
      return await ownDigest(whole, registry);
    },
  };
}

function refused({ status }: Answer, registry: string, what: string): RegistryError {
  if (status === 401 || status === 403) {
    return new RegistryError("unauthorized", registry, `${registry} does not let ${what} be read with this login.`, {
      status,
    });
  }
  if (status === 404) return new RegistryError("not-found", registry, `${registry} does not have ${what}.`, { status });
  return new RegistryError("garbage", registry, `${registry} answered ${status} for ${what}.`, { status });
}

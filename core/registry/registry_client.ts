import { delay } from "../lib/delay.ts";
import type { Fetch } from "../runtime/fetch.ts";
import { type Asked, inCall, withTries } from "./registry_call.ts";
import { createLru } from "../lib/lru.ts";
import { createRoom, type Room } from "./response_memory.ts";
import { refused, RegistryError } from "./registry_error.ts";
import { type Answer, createExchange, type PathQuestion, type Question, type RepositoryRef } from "./send.ts";
import { createHost, type RegistryHost } from "./registry_host.ts";
import { type Credentials, identityOf } from "./credentials.ts";
import { createLogin } from "./authentication.ts";
import { configTypeOf, digestOf } from "./manifests.ts";
import { plainHttpHosts } from "./plain_http.ts";
import { createPageSizes, createTagLists, type TagList } from "./tag_list.ts";
import { createTokens } from "./tokens.ts";
export { RegistryError, type RegistryErrorKind } from "./registry_error.ts";
export type { Credentials } from "./credentials.ts";
export type { RepositoryRef } from "./send.ts";
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
  /** Tags to ask for per page. Default 1,000; less where a registry refuses that. */
  pageSize?: number;
  /** Memory for answers, shared with others. Default one of its own. */
  room?: Room;
  /** Milliseconds that one call may take in all, without what it waits for its turn. Default 60 s. */
  callMs?: number;
  onRequest?: (event: RegistryRequestEvent) => void;
  /** Told how many names that a registry listed are no tags by the grammar of OCI. */
  onTagsLeftOut?: (host: string, count: number) => void;
  /** Milliseconds that only grow. */
  now?: () => number;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Ends all that is under way; it rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Reads registries by the OCI distribution API. All its errors are `RegistryError`; with a `signal` that is aborted a call
 * rejects with its reason. A call has 60 s in all, however many pages and tries it takes.
 */
export interface RegistryClient {
  /** The whole list of tags, in the registry's order, or an error: never half a list. */
  tags(repository: RepositoryRef, credentials?: Credentials, signal?: AbortSignal): Promise<TagList>;
  /**
   * The digest that a tag names, that of the index if the image has one; undefined when there is no such tag. By HEAD; the manifest
   * itself is fetched where that does not tell it: registries, and proxies before them, say 404 or 405 to HEAD of what they have.
   */
  digest(
    repository: RepositoryRef,
    tag: string,
    credentials?: Credentials,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /**
   * The media type of the config of the manifest that a tag or digest names, which says what kind of artifact it is. `""` for an index
   * and for a manifest that tells none; undefined when there is no such manifest.
   */
  configType(
    repository: RepositoryRef,
    reference: string,
    credentials?: Credentials,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

const PAGE_LIMIT = 8 << 20;
const CALL_MS = 60_000;
const KNOWN_HOSTS = 4096;

/** Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md */
export function createRegistryClient(options: RegistryOptions): RegistryClient {
  const { fetch, concurrency = 4, pageSize = 1_000, onRequest, now = () => performance.now(), sleep = delay, signal } =
    options;
  const { room = createRoom(), callMs = CALL_MS, onTagsLeftOut } = options;
  const mayBePlain = plainHttpHosts(options.insecure);
  const exchange = createExchange({ fetch, mayBePlain, ...(signal ? { signal } : {}) });
  const login = createLogin({ ask: once, tokens: createTokens({ ask: once, now }), mayBePlain });
  const listTags = createTagLists();
  const pageSizes = createPageSizes(pageSize);
  const hosts = createLru<RegistryHost>(KNOWN_HOSTS);

  function hostOf({ registry, plain: asked }: Pick<RepositoryRef, "registry" | "plain">): RegistryHost {
    const apart = asked === true && !mayBePlain(registry);
    const key = apart ? `http://${registry}` : registry;
    let host = hosts.get(key);
    if (!host) {
      const plain = apart || mayBePlain(registry);
      host = createHost({ registry, plain, concurrency, exchange, now, sleep });
      hosts.set(key, host);
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
    hostOf(question).heed(answer, question.who);
    if (answer.status >= 500 || answer.status === 408) {
      const { host } = new URL(question.url);
      throw new RegistryError("unreachable", registry, `${host} answered ${answer.status}.`, { status: answer.status });
    }
    return answer;
  }

  /** Tries again what may go well at another time. */
  async function ask(
    repository: RepositoryRef,
    request: PathQuestion,
    credentials: Credentials | undefined,
    asked: Asked,
  ): Promise<Answer> {
    const { registry, plain } = repository;
    const host = hostOf(repository);
    const { path, ...rest } = request;
    const who = await identityOf(credentials);
    const attempt = async () => {
      const home = await host.origin();
      const url = new URL(path, home).href;
      const question = { ...rest, registry, url, asked, who, ...(plain ? { plain } : {}) };
      const answer = await login.ask(repository, question, home, credentials);
      if (answer.status === 400 && answer.url.protocol === "http:" && !isOfApi(answer)) {
        // what a TLS server says to plain http
        host.forgetOrigin();
        const message = `${registry} answers neither plain http, nor https with a certificate that is trusted.`;
        throw new RegistryError("unreachable", registry, message, { status: 400 });
      }
      return answer;
    };
    const lane = laneOf(repository);
    const unlessPaused = async () => host.isPaused(who) ? undefined : await asked.counted(attempt);
    const inTurn = () => host.budget.run(lane, unlessPaused, asked.signal);
    const afterPauses = async () => {
      for (;;) {
        await asked.counted(() => host.ready(who, asked.signal));
        // those that wait for memory keep their turns: the one that they wait for would never get its next page behind them
        const isApart = request.method === "HEAD" || asked.isLarge();
        const answer = await (isApart ? inTurn() : host.bodies.run(lane, inTurn, asked.signal));
        if (answer) return answer;
      }
    };
    return await withTries(afterPauses, {
      sleep,
      failed: ({ kind, status }) => kind === "unreachable" && status === undefined && host.forgetOrigin(),
      signal: asked.signal,
    });
  }

  async function call<T>(
    repository: RepositoryRef,
    what: string,
    given: AbortSignal | undefined,
    task: (asked: Asked) => Promise<T>,
  ): Promise<T> {
    const { registry } = repository;
    const late = () => {
      const message = `${registry} did not tell ${what} of ${repository.repository} within ${callMs / 1000} s.`;
      return new RegistryError("unreachable", registry, message);
    };
    return await inCall(
      { room, lane: laneOf(repository), host: registry, ms: callMs, signals: [signal, given], late },
      task,
    );
  }

  return {
    tags: (repository, credentials, given) =>
      call(repository, "all tags", given, async (asked) => {
        const { registry } = repository;
        const name = `${registry}/${repository.repository}`;
        const identity = await identityOf(credentials);
        return await pageSizes.inPages(name, (query) =>
          listTags({
            registry,
            ...(repository.plain ? { plain: repository.plain } : {}),
            path: `/v2/${repository.repository}/tags/list${query}`,
            origin: () => asked.counted(() => hostOf(repository).origin()),
            identity,
            asked,
            onLeftOut: (count) => onTagsLeftOut?.(registry, count),
            async ask(path, headers) {
              const request = { kind: "tags", method: "GET", path, limit: PAGE_LIMIT } as const;
              const all = { accept: "application/json", ...headers };
              const answer = await ask(repository, { ...request, headers: all }, credentials, asked);
              if (answer.status !== 200 && answer.status !== 304) {
                throw refused(answer, registry, `the tags of ${name}`);
              }
              return answer;
            },
          }));
      }),
    digest: (repository, tag, credentials, given) =>
      call(
        repository,
        "a digest",
        given,
        (asked) => digestOf(repository, tag, (question) => ask(repository, question, credentials, asked)),
      ),
    configType: (repository, reference, credentials, given) =>
      call(
        repository,
        "a manifest",
        given,
        (asked) => configTypeOf(repository, reference, (question) => ask(repository, question, credentials, asked)),
      ),
  };
}

/** Whether a refusal is one of the registry, and not of a server or proxy that does not know what it was asked. */
function isOfApi({ headers }: Answer): boolean {
  return headers.has("docker-distribution-api-version") || /\bjson\b/.test(headers.get("content-type") ?? "");
}

const laneOf = ({ registry, repository, onBehalfOf }: RepositoryRef): string =>
  onBehalfOf ?? `${registry}/${repository}`;

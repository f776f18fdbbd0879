import type { AddressGuard } from "../../runtime/egress_guard.ts";
import { delay } from "../../lib/delay.ts";
import type { ChartSource } from "../../plugin.ts";
import { type RegistryCall, runCall, withRetries } from "../registry_call.ts";
import { createBudget } from "../budget.ts";
import { RegistryError } from "../registry_error.ts";
import { createLru } from "../../lib/lru.ts";
import { plainHttpHosts } from "../plain_http.ts";
import { createResponseMemory, type ResponseMemory } from "../response_memory.ts";
import { type Cooldown, createCooldown } from "../cooldown.ts";
import type { SecretReader } from "../read_secret.ts";
import { type Access, readAccess } from "./source_secrets.ts";
import { createFetchers } from "./fetchers.ts";
import { fetchIndex, type ReadIndex } from "./fetch_index.ts";
import { bareUrl, indexUrl, InvalidChartSource } from "../../versions/chart_repository.ts";
import { createKeptIndexes } from "./kept_indexes.ts";
import { createSharedReads, type ReadCharts } from "./shared_reads.ts";
import { createSingleFlight } from "../../lib/answer_cache.ts";
import type { TryCertificate } from "../../runtime/certificates.ts";
import { createCertificateCheck } from "./tls.ts";
import type { ChartVersion, ChartVersions } from "./index/chart_versions.ts";

/** Reads Helm repositories of type default, those with an `index.yaml`. */
export interface ChartRepositories {
  /**
   * Reads the Secrets of a source.
   *
   * @throws {RegistryError} (`unauthorized` where one of them cannot be used), and what `secrets` throws
   */
  open(source: ChartSource): Promise<ChartRepository>;
  close(): void;
}

/** A repository as it is read by a source, with the login and the certificate that this had when it was opened. */
export interface ChartRepository {
  /**
   * Equal for sources whose index is read from the same address, query included, with the same login and certificate. No secret
   * can be found from it.
   */
  identity: string;
  /**
   * All versions of a chart, in the repository's order; or an error: never half a list.
   *
   * @throws {RegistryError} (`not-found` where the index does not have the chart), and the reason of an aborted
   * `signal`: what nobody waits for any more is no longer read
   */
  versions(chart: string, signal?: AbortSignal): Promise<readonly ChartVersion[]>;
}

/** An index that was asked for, with all tries. */
export interface IndexQueryEvent {
  host: string;
  seconds: number;
  outcome: "read" | "unchanged" | "failed";
  /** With whose login, as `identityOf` has it. */
  who: string;
  /** Why it failed, where nobody ended it. */
  error?: RegistryError;
}

export interface ChartRepositoriesOptions {
  /** Names of the charts of this repository URL that some workload follows now: all are read in one go. */
  wanted(url: string): Iterable<string>;
  secrets: SecretReader;
  /** PEM of the operator's own additional authorities. */
  ca: readonly string[];
  /** Where the addresses of repositories, and their redirects, may lead; anywhere if absent. */
  guard?: AddressGuard;
  /** Hosts, `host` or `host:port`, to which a login may go over plain http; to loopback it always may. */
  insecure: readonly string[];
  /** Bytes of an index. */
  limit: number;
  /** Finds out whether a client certificate can be used; without it, none of a Secret is. */
  tryCertificate?: TryCertificate;
  onQuery?(event: IndexQueryEvent): void;
  /**
   * Indexes that are asked for at once.
   *
   * @default 32, of which a namespace has 4; namespaces take turns
   */
  concurrency?: number;
  /**
   * Memory for indexes, shared with others.
   *
   * @default one of its own
   */
  memory?: ResponseMemory;
  /**
   * Milliseconds that an index may take in all, however steadily it comes and with all tries.
   *
   * @default 120 s
   */
  wholeMs?: number;
  /**
   * How long nothing may come.
   *
   * @default 60 s
   */
  timeoutMs?: number;
  /** In place of `readIndex`. */
  read?: ReadIndex;
  /** Milliseconds that only grow. */
  now?: () => number;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Ends all that is under way; it rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** A repository that is asked. */
interface Target {
  source: ChartSource;
  url: URL;
  /** Without login and query. */
  name: string;
}

const KNOWN_HOSTS = 1024;
const PER_NAMESPACE = 4;

/** Its parsers are loaded with the first index: without Helm repositories they cost no memory. */
const readWhenNeeded: ReadIndex = async (stream, wanted, options) => {
  const { readIndex } = await import("./read_index.ts");
  return await readIndex(stream, wanted, options);
};

/** One fetch and one read of an index serve all calls for the same URL with the same login that come while it is under way. */
export function createChartRepositories(options: ChartRepositoriesOptions): ChartRepositories {
  const { secrets, limit, onQuery, concurrency = 32, timeoutMs = 60_000, read = readWhenNeeded } = options;
  const { memory = createResponseMemory(), wholeMs = 120_000 } = options;
  const { now = () => performance.now(), sleep = delay, signal } = options;
  const mayBePlain = plainHttpHosts(options.insecure);
  const fetchers = createFetchers(options.ca, now, options.guard);
  const budget = createBudget(concurrency, PER_NAMESPACE);
  const cooldowns = createLru<Cooldown>(KNOWN_HOSTS);
  const kept = createKeptIndexes();
  const check = options.tryCertificate && createCertificateCheck(options.tryCertificate);
  const readingSecrets = createSingleFlight<Access | string>();
  const reads = createSharedReads();

  function cooldownOf(host: string): Cooldown {
    const cooldown = cooldowns.get(host) ?? createCooldown(host, now, sleep);
    cooldowns.set(host, cooldown);
    return cooldown;
  }

  async function accessOf({ source, url }: Target): Promise<Access> {
    const { namespace, secret, certSecret } = source;
    const access = await readingSecrets(
      JSON.stringify([namespace, secret, certSecret]),
      () => readAccess(secrets, source, check),
    );
    if (typeof access === "string") throw new RegistryError("unauthorized", url.host, access);
    return access;
  }

  async function query(
    target: Target,
    access: Access,
    key: string,
    wanted: ReadonlySet<string>,
    given: AbortSignal,
  ): Promise<ChartVersions> {
    const { source: { namespace, passCredentials: passLogin = false }, url } = target;
    const { host } = url;
    const { login } = access;
    const known = kept.get(key, wanted);
    const asked = { url, wanted, passLogin, conditions: known?.conditions ?? {}, ...(login ? { login } : {}) };
    const fetching = { read, cooldown: cooldownOf(host), who: access.identity, mayBePlain, limit, timeoutMs };
    const once = (call: RegistryCall) =>
      fetchers.use(access.tls, (fetch) => fetchIndex(asked, { fetch, ...fetching, call }));
    const late = () => {
      const message = `it did not come to its end within ${wholeMs / 1000} s.`;
      return new RegistryError("unreachable", host, message);
    };
    const began = now();
    let outcome: IndexQueryEvent["outcome"] = "failed";
    let failure: RegistryError | undefined;
    try {
      const answer = await runCall(
        { memory, lane: namespace, host, ms: wholeMs, signals: [signal, given], late },
        (call) =>
          withRetries(() => budget.run(namespace, () => call.counted(() => once(call)), call.signal), {
            sleep,
            signal: call.signal,
          }),
      );
      outcome = answer === "unchanged" ? "unchanged" : "read";
      if (answer === "unchanged") return known!.charts;
      const charts = new Map([...wanted].map((chart) => [chart, answer.charts.get(chart) ?? []]));
      kept.keep(key, charts, answer.headers);
      return charts;
    } catch (error) {
      if (error instanceof RegistryError) failure = error;
      throw error;
    } finally {
      const why = failure ? { error: failure } : {};
      onQuery?.({ host, seconds: (now() - began) / 1000, outcome, who: login ? access.identity : "", ...why });
    }
  }

  const named = async <T>(target: Target, ask: Promise<T>): Promise<T> => {
    try {
      return await ask;
    } catch (error) {
      throw error instanceof RegistryError ? about(target, error) : error;
    }
  };

  return {
    async open(source) {
      const target = targetOf(source);
      const { url, name } = target;
      const access = await named(target, accessOf(target));
      const identity = JSON.stringify([url.href, access.identity, source.passCredentials === true]);
      return {
        identity,
        async versions(chart, given) {
          const read: ReadCharts = (wanted, signal) => query(target, access, identity, wanted, signal);
          const reading = reads.read(identity, chart, () => options.wanted(source.url), read, given);
          const charts = await named(target, reading);
          const versions = charts.get(chart) ?? [];
          if (versions.length > 0) return versions;
          const message = `The index of ${name} has no chart ${JSON.stringify(chart)}.`;
          throw new RegistryError("not-found", url.host, message);
        },
      };
    },
    close: fetchers.close,
  };
}

function targetOf(source: ChartSource): Target {
  try {
    return { source, url: indexUrl(source.url), name: bareUrl(source.url) };
  } catch (error) {
    if (!(error instanceof InvalidChartSource)) throw error;
    throw new RegistryError("garbage", URL.canParse(source.url) ? new URL(source.url).host : "", error.message);
  }
}

/** The error with the repository in its message. */
function about({ name }: Target, error: RegistryError): RegistryError {
  const { kind, host, message, status, retryAfterSeconds, cause } = error;
  return new RegistryError(kind, host, `The index of ${name} was not read: ${message}`, {
    ...(status === undefined ? {} : { status }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(cause === undefined ? {} : { cause }),
  });
}

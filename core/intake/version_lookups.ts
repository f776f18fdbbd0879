import { isOci } from "../versions/chart_repository.ts";
import { accessKey } from "./artifact_sources.ts";
import type { Lookup } from "../lifecycle/step.ts";
import { stillToMove } from "../requests/containers.ts";
import { parseReference } from "../versions/reference.ts";
import type { Pool } from "../lib/pool.ts";
import type { Slot } from "../plugin.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";
import { isRetryable } from "../lib/retryable.ts";
import { readReference } from "../versions/compare.ts";
import { RegistryError } from "../registry/registry_error.ts";
import type { VersionLookup } from "./registry_access.ts";
import { redactAddresses } from "../telemetry/redact.ts";
import { delay } from "../lib/delay.ts";
import { withDeadline } from "../lib/deadline.ts";

/** What registries say of versions: asked outside of the workers, so that none of them ever waits for a registry. */
export interface Lookups {
  /**
   * What the registry said: that it has the version is told once and then forgotten, anything else for a while, so that
   * not each event of the workload has it asked again. Until it is there "asked": the first call asks, at most once at
   * a time for each request, and the workload is told of when the answer comes.
   *
   * @throws what is to be tried again, such as an API server that is away
   */
  ask(workloadKey: string, request: UpdateRequest, workload: Workload): Lookup;
  /** Ends and forgets what is asked for other requests of a workload than these, by their uids. */
  keep(workloadKey: string, requests: ReadonlySet<string>): void;
  /** Ends and forgets all. */
  releaseAll(): void;
}

export interface LookupsOptions {
  ask(request: UpdateRequest, workload: Workload, signal: AbortSignal): Promise<Lookup>;
  pool: Pool;
  /** For how many milliseconds an answer counts that is no yes. */
  askAgainAfter(request: UpdateRequest, said: Lookup): number;
  onAnswer(workloadKey: string): void;
}

interface Asked {
  /** Whom, and as whom: if that changes it is asked anew. */
  about: string;
  answer?: { said: Lookup; until: number } | { error: unknown };
  isTold?: true;
  stop: AbortController;
}

export function createLookups({ ask, pool, askAgainAfter, onAnswer }: LookupsOptions): Lookups {
  /** By workload and the request's uid. */
  const asked = new Map<string, Map<string, Asked>>();

  function begin(key: string, about: string, request: UpdateRequest, workload: Workload): Asked {
    const one: Asked = { about, stop: new AbortController() };
    const { signal } = one.stop;
    const [slot] = stillToMove(request, workload);
    const host = slot && hostOf(slot);
    const place = { namespace: request.metadata.namespace, ...(host === undefined ? {} : { host }) };
    const said = (said: Lookup) =>
      answered({ said, until: said === "found" ? -Infinity : performance.now() + askAgainAfter(request, said) });
    const answered = (answer: NonNullable<Asked["answer"]>) => {
      if (signal.aborted) return;
      one.answer = answer;
      onAnswer(key);
    };
    pool.run(place, (signal) => ask(request, workload, signal), signal).then(
      said,
      (error) => isTimeout(error) ? said({ unavailable: error.message }) : answered({ error }),
    );
    return one;
  }

  return {
    ask(key, request, workload) {
      const { uid } = request.metadata;
      const ofWorkload = asked.get(key) ?? new Map<string, Asked>();
      const about = aboutOf(request, workload);
      let one = ofWorkload.get(uid);
      const isOld = one?.answer && "until" in one.answer && one.isTold && one.answer.until <= performance.now();
      if (!one || one.about !== about || isOld) {
        one?.stop.abort();
        ofWorkload.set(uid, one = begin(key, about, request, workload));
        asked.set(key, ofWorkload);
      }
      const { answer } = one;
      if (!answer) return "asked";
      one.isTold = true;
      if ("error" in answer || answer.said === "found") {
        ofWorkload.delete(uid);
        if (ofWorkload.size === 0) asked.delete(key);
      }
      if ("error" in answer) throw answer.error;
      return answer.said;
    },
    keep(key, requests) {
      const ofWorkload = asked.get(key);
      if (!ofWorkload) return;
      for (const [uid, { stop }] of ofWorkload) {
        if (requests.has(uid)) continue;
        stop.abort();
        ofWorkload.delete(uid);
      }
      if (ofWorkload.size === 0) asked.delete(key);
    },
    releaseAll() {
      for (const ofWorkload of asked.values()) for (const { stop } of ofWorkload.values()) stop.abort();
      asked.clear();
    },
  };
}

function aboutOf(request: UpdateRequest, workload: Workload): string {
  const [slot] = stillToMove(request, workload);
  return JSON.stringify([request.spec.newImage, slot?.current, slot && accessKey({ workload, slot })]);
}

/** Who is asked, such as `ghcr.io`; undefined where that cannot be read. */
function hostOf({ type, current, source }: Slot): string | undefined {
  try {
    if (type === "image") return parseReference(current).registry;
    return source && new URL(isOci(source.url) ? source.url.replace(/^oci:/, "https:") : source.url).host;
  } catch {
    return undefined;
  }
}

const isTimeout = (error: unknown): error is DOMException =>
  error instanceof DOMException && error.name === "TimeoutError";

/** Asks the registry whether it has the version that a request names; of a tag with a digest, whether the tag is at that. */
export function requestLookup(
  lookup: VersionLookup,
): (request: UpdateRequest, workload: Workload, signal?: AbortSignal) => Promise<Lookup> {
  return async (request, workload, signal) => {
    const [slot] = stillToMove(request, workload);
    const { tag, digest } = readReference(request.spec.newImage) ?? {};
    if (!slot) return "absent";
    try {
      const ask = () => lookup({ workload, slot }, tag ?? digest ?? "latest", signal);
      const answer = await retryUntilVisible(ask, digest, signal);
      if (answer === undefined) return "absent";
      return digest === undefined || answer === digest ? "found" : { moved: answer };
    } catch (error) {
      if (error instanceof RegistryError) return error.kind === "not-found" ? "absent" : { unavailable: error.message };
      if (isRetryable(error)) throw error;
      return { unavailable: redactAddresses((error as Error).message) };
    }
  };
}

const RETRY_MS = [100, 300, 600, 1000];

/**
 * What the registry says of a version that a webhook told of. Registries tell of a push before they show it
 * (distribution sends its notification, then links the tag), so while the answer is not what was told of, it is asked
 * again, for two seconds; then its word stands. `told` is the digest that the webhook named, if it did.
 */
async function retryUntilVisible(
  ask: () => Promise<string | undefined>,
  told: string | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  let answer = await ask();
  for (const wait of RETRY_MS) {
    if (answer !== undefined && (told === undefined || answer === told)) break;
    await delay(wait, signal);
    answer = await ask();
  }
  return answer;
}

/** A sender waits for its answer, and with distribution all that it has to tell waits behind it. */
const SENDER_PATIENCE_MS = 10_000;

/** `retryUntilVisible`, or `unreachable` where the registry has not answered soon enough for a sender that waits. */
export async function retryForSender(
  ask: () => Promise<string | undefined>,
  told: string | undefined,
  host: string,
  ms = SENDER_PATIENCE_MS,
): Promise<string | undefined> {
  const late = () => new RegistryError("unreachable", host, `${host} gave no answer in ${ms / 1000} s.`);
  return await withDeadline({ ms, late }, () => retryUntilVisible(ask, told));
}

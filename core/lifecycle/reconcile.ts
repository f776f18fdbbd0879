import type { KnownRequests } from "../requests/cache.ts";
import { isConflict } from "../kube/kube_error.ts";
import { consideredRequests, isVerifying, nextSteps } from "./lifecycle.ts";
import type { Lookup, Step, WebhookTrust } from "./step.ts";
import type { HealthReading } from "../plugin/reading.ts";

import { prunable } from "./prune.ts";
import { needsAction } from "./status.ts";
import { isSameVersion } from "../versions/compare.ts";
import { phaseFacts } from "../requests/phases.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { TargetRef, Workload } from "../workloads/workload.ts";
import { patchWorkload, type StepDependencies, writeSamples, writeStatus } from "./do_step.ts";

export interface ReconcileDependencies extends StepDependencies {
  cache: KnownRequests;
  workloads: StepDependencies["workloads"] & {
    /** As last heard of; where nothing was, as the API server says. */
    get(target: TargetRef): Promise<Workload | "missing" | "unknown kind">;
  };
  health: {
    /** As known now; what has to be asked for is begun, and the workload comes again when it is there. */
    read(step: Extract<Step, { type: "read health" }>, key: string): HealthReading;
    /** Nothing of a workload is verified any more. */
    release(key: string): void;
  };
  lookups: {
    /** As known now; what has to be asked for is begun, and the workload comes again when it is there. */
    ask(key: string, request: UpdateRequest, workload: Workload): Lookup;
    /** Nothing is awaited for other requests of the workload, by their uids. */
    keep(key: string, requests: ReadonlySet<string>): void;
  };
  /** Whether this replica still holds the Lease. */
  leads(): boolean;
  /** Whether a finished request still has a notification to be delivered. */
  hasPendingNotifications(request: UpdateRequest): boolean;
  keepFinished: number;
  /** Whom to believe that there is a version. */
  trust: WebhookTrust;
  /** Milliseconds between two readings of a workload that fails, or that has checks. */
  readingInterval: number;
}

/** When to look at the workload again, in milliseconds, if time alone can change something. */
export interface Rest {
  again?: number;
}

const MOST_PASSES = 50;
const ASK_AGAIN_MS = 1000;
const SAMPLES_AGAIN_MS = 600_000;

/**
 * Brings all unfinished requests of one workload as far as they can go now. Each pass asks the pure lifecycle for the
 * next steps, does what is new, and asks again; whatever a kill leaves undone, the next pass on the next replica finds.
 * It waits for the API server alone: what registries and checks have to say is begun, and leads to a pass of its own.
 *
 * @throws where the API server cannot be asked; the caller comes again later
 */
export function createReconciler(dependencies: ReconcileDependencies): (key: string) => Promise<Rest> {
  const { cache, workloads, health, leads, now, readingInterval, trust } = dependencies;
  /** Until when no sample is written alone, in milliseconds since 1970: a CRD that is older than the operator keeps none. */
  let noSamplesUntil = 0;
  return async (key) => {
    const lookups = new Map<string, Lookup>();
    const readings = new Map<string, HealthReading>();
    let fresh: Workload | "missing" | "unknown kind" | undefined;
    /** Uids of the requests that were known before `fresh` was read. */
    let before: ReadonlySet<string> = new Set();
    for (let pass = 0; pass < MOST_PASSES && leads(); pass++) {
      const requests = consideredRequests(cache.ofWorkload(key));
      if (requests.length === 0) {
        health.release(key);
        dependencies.lookups.keep(key, nobody);
        return {};
      }
      const workload = fresh ?? await workloadOf(requests, workloads.get);
      const steps = nextSteps({ requests, workload, now: now().getTime(), lookups, readings, readingInterval, trust });
      const isTime = (step: Step) => step.type !== "write samples" || now().getTime() >= noSamplesUntil;
      const news = steps.filter(isTime).find(needsAction);
      if (!news) {
        if (!steps.some(isVerifying)) health.release(key);
        dependencies.lookups.keep(key, uidsOf(steps.filter(waitsForRegistry)));
        await prune(key, workload, dependencies);
        return rest(steps, now().getTime());
      }
      if (news.type === "look up" || news.type === "read health") {
        // all that is asked for is, since no step waits for another's answer, and each pass looks at all requests
        for (const step of steps) {
          const { uid } = step.request.metadata;
          if (step.type === "look up") {
            lookups.set(uid, dependencies.lookups.ask(key, step.request, workload as Workload));
          } else if (step.type === "read health") readings.set(uid, health.read(step, key));
        }
      } else if (
        news.type === "write status" && phaseFacts(news.statusUpdate.phase).needsFreshWorkload &&
        !before.has(news.request.metadata.uid)
      ) {
        before = new Set(requests.map(({ metadata }) => metadata.uid));
        fresh = await workloadOf(requests, workloads.read);
      } else if (news.type === "hold" && !await areAsKnown(leftBy(news, requests), dependencies)) {
        return { again: ASK_AGAIN_MS };
      } else if (news.type === "write status") {
        await writeStatus(news.request, news.statusUpdate, workload, dependencies);
      } else if (news.type === "write samples") {
        if (!await writeSamples(news, dependencies)) noSamplesUntil = now().getTime() + SAMPLES_AGAIN_MS;
      } else {
        before = new Set(requests.map(({ metadata }) => metadata.uid));
        fresh = await patchWorkload(news, dependencies);
        // marked is an annotation: how the workload was found goes into the status that follows
        if (news.type !== "mark verified") readings.clear();
      }
    }
    return leads() ? { again: ASK_AGAIN_MS } : {};
  };
}

const nobody: ReadonlySet<string> = new Set();
const uidsOf = (steps: readonly Step[]) => new Set(steps.map(({ request }) => request.metadata.uid));

/** What its registry said is still of use. */
const waitsForRegistry = (step: Step) =>
  step.type === "await" ||
  (step.type === "write status" && phaseFacts(step.statusUpdate.phase).isWaiting &&
    ["False", "Unknown"].includes(step.statusUpdate.confirmed ?? ""));

/** The requests that a hold follows from: its own, and those that brought in what it holds. */
const leftBy = ({ request, holds }: Extract<Step, { type: "hold" }>, requests: readonly UpdateRequest[]) =>
  requests.filter((other) =>
    other === request || holds.some(({ image }) => image !== undefined && isSameVersion(image, other.spec.newImage))
  );

/**
 * Whether requests still are what is known of them. After a restore of etcd a version that was never applied there would seem to
 * have been left by a person, and be held, until the list comes.
 */
async function areAsKnown(requests: readonly UpdateRequest[], { store }: ReconcileDependencies): Promise<boolean> {
  const read = await Promise.all(requests.map(({ metadata }) => store.get(metadata.namespace, metadata.name)));
  return requests.every(({ metadata: { uid, resourceVersion } }, index) =>
    read[index]?.metadata.uid === uid && read[index].metadata.resourceVersion === resourceVersion
  );
}

/**
 * The workload of a key's requests, though some of them may name it by an apiVersion that nobody serves. No other
 * namespace's is read for a request that names one.
 */
async function workloadOf(
  requests: readonly UpdateRequest[],
  ask: ReconcileDependencies["workloads"]["get"],
): Promise<Workload | "missing" | "unknown kind"> {
  const own = requests.filter(({ spec, metadata }) => spec.targetRef.namespace === metadata.namespace);
  const targets = new Map(own.map(({ spec: { targetRef } }) => [targetRef.apiVersion, targetRef]));
  for (const target of targets.values()) {
    const found = await ask(target);
    if (found !== "unknown kind") return found;
  }
  return "unknown kind";
}

function rest(steps: readonly Step[], now: number): Rest {
  const times = steps.flatMap((step) => {
    if (step.type !== "write status" && step.type !== "write samples" && step.type !== "await") return [];
    const times = [step.until, Date.parse(step.request.spec.expiresAt ?? "")];
    return times.filter((time) => time !== undefined && time > now).map((time) => time! - now);
  });
  return times.length > 0 ? { again: Math.min(...times) } : {};
}

async function prune(
  key: string,
  workload: Workload | "missing" | "unknown kind",
  dependencies: ReconcileDependencies,
): Promise<void> {
  const { cache, store, keepFinished, hasPendingNotifications } = dependencies;
  const requests = cache.ofWorkload(key);
  if (requests.length <= keepFinished || workload === "missing") return;
  for (
    const request of prunable(
      requests,
      typeof workload === "string" ? undefined : workload,
      keepFinished,
      hasPendingNotifications,
    )
  ) {
    await store.remove(request).catch((error) => {
      if (!isConflict(error)) throw error;
    });
  }
}

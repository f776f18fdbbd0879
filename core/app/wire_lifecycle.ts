import { untilAborted } from "../lib/delay.ts";
import { askAgainAfter } from "../lifecycle/confirmation.ts";
import type { Cluster } from "./wire_cluster.ts";
import { createCheckRounds } from "../health/check_rounds.ts";
import { createHealthReader } from "../health/health_reader.ts";
import { createLookups, requestLookup } from "../intake/version_lookups.ts";
import { createPodWatches } from "../health/pod_watches.ts";
import { createPool } from "../lib/pool.ts";
import { createReconciler } from "../lifecycle/reconcile.ts";
import { createController, sharingOf } from "../lifecycle/controller.ts";
import type { OperatorContext } from "./operator_context.ts";
import { patchOf } from "../lifecycle/patch.ts";
import type { WorkQueue } from "../lib/work_queue.ts";
import { recordEvent } from "../kube/events.ts";
import { createIdleEventQueue } from "../kube/event_queue.ts";
import { span } from "../telemetry/trace.ts";
import { requestEvent, workloadEvent } from "../lifecycle/update_event.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { VersionLookup } from "../intake/registry_access.ts";

const lookupLimits = { most: 64, mostOfNamespace: 4, mostOfHost: 8, timeoutMs: 30_000 };

export interface ReconcilingOptions {
  lookup: VersionLookup;
  leads(): boolean;
  hasNotifiers: boolean;
  /** Whether a finished request still has a notification to be delivered. */
  hasPendingNotifications(request: UpdateRequest): boolean;
}

/** The loop that brings each workload's requests as far as they can go. */
export interface LifecycleLoop {
  queue: WorkQueue;
  /** The duty of the one that holds the Lease. With `left` aborted, nothing more comes of it. */
  run(signal: AbortSignal, left: AbortSignal): Promise<void>;
}

export function wireLifecycle(context: OperatorContext, cluster: Cluster, options: ReconcilingOptions): LifecycleLoop {
  const { config, log, metrics, bus, client, identity, ending, now } = context;
  const readingInterval = config.HEADWIND_HEALTH_CHECK_INTERVAL * 1000;
  const comeAgain = (key: string) => controller.queue.add(key);
  const { cache, store, source, checks } = cluster;
  const health = createHealthReader({
    pods: createPodWatches({
      client,
      onChange: comeAgain,
      onError: (error, namespace) => cluster.problems.failed({ resource: "pods", namespace }, error),
      onOpen: (namespace) => cluster.problems.went({ resource: "pods", namespace }),
    }),
    checks: createCheckRounds({
      read: checks.read,
      interval: readingInterval,
      now: () => performance.now(),
      onRead: comeAgain,
    }),
    onReading: (reading) => bus.emit("read", reading),
  });
  const lookups = createLookups({
    ask: requestLookup(options.lookup),
    pool: createPool({ ...lookupLimits, signal: ending.signal }),
    askAgainAfter: (request, said) => askAgainAfter(request, said, now().getTime()),
    onAnswer: comeAgain,
  });
  const own = createIdleEventQueue({
    write: (event) => recordEvent(client, event, log, "headwind-later"),
    signal: ending.signal,
  });
  const reconcile = createReconciler({
    cache,
    store,
    workloads: {
      get: source.get,
      read: source.read,
      patch: (step) => source.patch(step.workload, patchOf(step, now())),
    },
    health,
    lookups,
    async recordEvents(outcome) {
      await recordEvent(client, workloadEvent(outcome, now(), identity), log);
      own.record(requestEvent(outcome, now(), identity));
    },
    patched: (step) => bus.emit("patched", step),
    statusWritten: (outcome) => bus.emit("statusWritten", outcome),
    leads: options.leads,
    hasNotifiers: options.hasNotifiers,
    hasPendingNotifications: options.hasPendingNotifications,
    keepFinished: config.HEADWIND_KEEP_FINISHED,
    trust: config.HEADWIND_WEBHOOK_TRUST,
    readingInterval,
    now,
    log,
  });
  const controller = createController({
    reconcile: (key) => span("reconcile", { "headwind.workload": key }, () => reconcile(key)),
    concurrency: config.HEADWIND_RECONCILE_CONCURRENCY,
    sharing: sharingOf(cache),
    onDone: (seconds) => metrics.observe("reconcileSeconds", seconds),
    onError(error, workload) {
      metrics.count("reconcileErrors");
      log.warn("a workload is not done, and comes again later", { workload, error });
    },
  });
  return {
    queue: controller.queue,
    async run(signal, left) {
      // a finished one that is not listed yet may be all that tells that a version was left
      await Promise.race([cluster.requestsListed(), untilAborted(signal)]);
      for (const key of cache.workloads()) controller.queue.add(key);
      await Promise.race([controller.run(signal), untilAborted(left)]);
      lookups.releaseAll();
      await health.releaseAll();
    },
  };
}

import { type Checks, createCheckAccess, createChecks } from "../health/checks.ts";
import { checkAnnotationNames } from "../health/check_annotations.ts";
import { createWorkloadEventRecorder, type WorkloadEventRecorder } from "../workloads/workload_events.ts";
import { createUpdateCache, type KnownRequests, requestKey } from "../requests/cache.ts";
import { createUpdateStore, type UpdateStore, watchUpdateRequests } from "../requests/store.ts";
import { createWorkloadIndex, type WorkloadIndex } from "../workloads/workload_index.ts";
import { createWorkloadInformer, type WorkloadInformer } from "../workloads/informer.ts";
import type { OperatorContext } from "./operator_context.ts";
import type { Workload } from "../workloads/workload.ts";
import { isKnownAnnotation, registerAnnotations } from "../workloads/unknown_annotations.ts";
import { type KubeEvent, recordEvent } from "../kube/events.ts";
import { createEventQueue } from "../kube/event_queue.ts";
import { createWatchProblems, type WatchProblems } from "./watch_problems.ts";
import { RESOURCE, type UpdateRequest } from "../requests/update_request.ts";

/** What is known of the cluster, kept up to date by watches, and how it is written to. */
export interface Cluster {
  index: WorkloadIndex;
  source: WorkloadInformer;
  cache: KnownRequests;
  store: UpdateStore;
  checks: Checks;
  mistakes: WorkloadEventRecorder;
  /** Writes an Event, when its turn comes. */
  record(event: KubeEvent): void;
  problems: WatchProblems;
  /** Resolves when all UpdateRequests were listed once. */
  requestsListed(): Promise<void>;
  /** Whether they were. */
  requestsAreListed(): boolean;
  /** Whether what is known of the UpdateRequests of a namespace is heard to be so: their watch is open. */
  requestsAreHeard(namespace: string): boolean;
  /** Resolves when everything was listed once. */
  synced(): Promise<void>;
  /** What keeps it from being known, a sentence each. */
  unready(): string[];
  stop(): Promise<void>;
}

/** Who acts on what is heard. */
export interface Listener {
  leads(): boolean;
  /** A request was stored, or its state is another one than was known: as a watch says, or the answer to an own write. */
  onRequest(request: UpdateRequest): void;
  /** A workload is to be looked at: it has changed, or one of its requests is gone. */
  onWorkload(key: string): void;
  /** A workload that is looked after has changed. */
  onChanged(workload: Workload): void;
}

/** Starts to watch workloads and UpdateRequests. */
export function wireCluster(context: OperatorContext, listener: Listener): Cluster {
  const { config, log, metrics, bus, client, host, ending, identity, now } = context;
  const namespaces = config.HEADWIND_NAMESPACES;
  registerAnnotations(checkAnnotationNames(host.of("check")));
  registerAnnotations(host.of("workload").flatMap(({ annotations = {} }) => Object.keys(annotations)));
  const checks = createChecks({
    host,
    access: (signal) => createCheckAccess(client, signal),
    signal: ending.signal,
  });
  const index = createWorkloadIndex();
  const cache = createUpdateCache();
  const { record } = createEventQueue({ write: (event) => recordEvent(client, event, log), signal: ending.signal });
  const mistakes = createWorkloadEventRecorder({
    record,
    onMistake: (annotation) =>
      metrics.count("badAnnotations", { annotation: isKnownAnnotation(annotation) ? annotation : "unknown" }),
    identity,
    now,
    log,
  });
  const changed = (request: UpdateRequest, isTruth: boolean) => {
    if (!cache.upsert(request, isTruth)) return;
    if (listener.leads()) listener.onRequest(request);
    bus.emit("changed", request);
  };
  const store = createUpdateStore(
    client,
    (request) => {
      changed(request, false);
      const { namespace, resourceVersion } = request.metadata;
      const key = requestKey(request);
      // a lower version, of a restored etcd, is not what is known: that the list is to say
      if (cache.get(key)?.metadata.resourceVersion !== resourceVersion) return;
      requestsOf(namespace)?.answered(key);
    },
    (request) => void cache.remove(requestKey(request), request.metadata.uid),
  );
  const problems = createWatchProblems(log);
  const source = createWorkloadInformer({
    client,
    plugins: host.of("workload"),
    index,
    namespaces,
    project: {
      pollingInterval: config.HEADWIND_POLLING_INTERVAL,
      leastPollingInterval: config.HEADWIND_POLLING_MIN_INTERVAL,
      discovers: config.HEADWIND_HELM_AUTO_DISCOVERY,
      checks,
      crossNamespace: { isOn: config.HEADWIND_CROSS_NAMESPACE, namespaces },
    },
    onChange(key) {
      bus.emit("workloadChanged", key);
      if (!listener.leads()) return;
      const workload = index.get(key);
      if (workload) {
        mistakes.recordProblems(workload);
        listener.onChanged(workload);
      }
      if (cache.ofWorkload(key).length > 0) listener.onWorkload(key);
    },
    onError: (error, resource, namespace) => problems.failed({ resource, namespace }, error),
    onOpen: (resource, namespace) => problems.went({ resource, namespace }),
    onAbsent: (resource) => problems.absent({ resource }),
  });
  const requests = watchUpdateRequests({
    client,
    namespaces,
    onUpsert: changed,
    onDelete(key) {
      const workload = cache.remove(key);
      bus.emit("requestGone", key);
      if (workload && listener.leads()) listener.onWorkload(workload);
    },
    onError: (error, namespace) => problems.failed({ resource: RESOURCE.plural, namespace }, error),
    onOpen: (namespace) => problems.went({ resource: RESOURCE.plural, namespace }),
  });
  /** Their watch, which is one for all namespaces where none are named. */
  const requestsOf = (namespace: string) => requests[Math.max(0, namespaces.indexOf(namespace))];
  /** Of the Lease, three times are asked for in its duration. */
  const silentMs = Math.max(30, config.HEADWIND_LEASE_DURATION) * 1000;
  source.start();
  const requestsAreListed = () => requests.every((watch) => watch.isSynced());
  const requestsListed = async () => void await Promise.all(requests.map(({ synced }) => synced));

  return {
    index,
    source,
    cache,
    store,
    checks,
    mistakes,
    record,
    problems,
    requestsListed,
    requestsAreListed,
    requestsAreHeard: (namespace) => requestsOf(namespace)?.isLive() ?? false,
    async synced() {
      await requestsListed();
      await source.synced();
    },
    unready: () => [
      ...(context.silentMs() > silentMs ? [`the API server has not answered for ${silentMs / 1000} s`] : []),
      ...(source.isSynced()
        ? source.isHealthy() ? [] : ["the workloads' watches are interrupted"]
        : ["the workloads are not listed yet"]),
      ...(requestsAreListed()
        ? requests.every((watch) => watch.healthy()) ? [] : ["the UpdateRequests' watches are interrupted"]
        : ["the UpdateRequests are not listed yet", ...problems.of(RESOURCE.plural)]),
      ...(requests.every((watch) => watch.isSkipped()) ? ["no namespace may be read"] : []),
    ],
    async stop() {
      await Promise.all([source.stop(), ...requests.map((watch) => watch.stop())]);
    },
  };
}

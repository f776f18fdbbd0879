import { apiVersionOf } from "./match/workload.ts";
import { applyPatch } from "./updates/patch.ts";
import { approvalApp } from "./http/api.ts";
import { createBus } from "./bus.ts";
import { createDuties } from "./leader.ts";
import { createFetch } from "./runtime/fetch.ts";
import { createHost } from "./host/context.ts";
import { createIntake } from "./intake/intake.ts";
import { createKubeClient } from "./kube/client.ts";
import { createLog } from "./telemetry/log.ts";
import { createMetrics } from "./telemetry/metrics.ts";
import { createNotifyLoop } from "./updates/notify.ts";
import { createReconciler } from "./updates/reconcile.ts";
import { createRegistryAccess } from "./intake/registry_access.ts";
import { createRegistryClient } from "./registry/client.ts";
import { createRunner } from "./updates/runner.ts";
import { createUpdateCache, requestKey, targetKey } from "./updates/cache.ts";
import { createUpdateStore } from "./updates/store.ts";
import { createWorkloadIndex } from "./match/index.ts";
import { createWorkloadSource } from "./match/source.ts";
import { enabledNotifiers } from "./host/notifiers.ts";
import type { Environment } from "./runtime/env.ts";
import { hostname } from "node:os";
import { keepCounts } from "./telemetry/keep_counts.ts";
import { loadKubeConfig } from "./kube/config.ts";
import { loadPlugins } from "./host/load.ts";
import { metricsApp } from "./http/metrics.ts";
import { mistakesEvent } from "./match/mistakes.ts";
import { owedNotifications } from "./updates/notifications.ts";
import type { Plugin, TriggerContext, TriggerPlugin } from "./plugin.ts";
import { polledArtifacts } from "./match/polled.ts";
import { readPluginPlaces, readSettings } from "./settings.ts";
import { readTextFile } from "./runtime/files.ts";
import { recordEvent } from "./updates/record.ts";
import { RegistryError } from "./registry/errors.ts";
import { runTriggers } from "./host/triggers.ts";
import { secretReader } from "./kube/secrets.ts";
import { serve } from "./runtime/serve.ts";
import { span } from "./telemetry/trace.ts";
import { startLease } from "./kube/lease.ts";
import { storyOf } from "./updates/story.ts";
import { Unavailable } from "./unavailable.ts";
import { VERSION } from "./version.ts";
import { versionAsked } from "./intake/version_asked.ts";
import { watchUpdateRequests } from "./updates/source.ts";
import { webhookApp } from "./http/webhooks.ts";

export interface OperatorOptions {
  env: Environment;
  builtins: readonly Plugin[];
}

/** A running operator. */
export interface Operator {
  /** The ports that its servers listen on. */
  ports: { webhook: number; api: number; metrics: number };
  /** Finishes what is in hand, lets the Lease go, and ends. */
  stop(why: string): Promise<void>;
}

const lookUpAgainAfter = 15_000;
const giveUpNotifyingAfter = 24 * 3600_000;

/** Puts everything together and starts it. Throws, with all mistakes at once, before anything runs. */
export async function startOperator({ env, builtins }: OperatorOptions): Promise<Operator> {
  const places = readPluginPlaces(env);
  const plugins = await loadPlugins({
    builtins,
    dir: places.HEADWIND_PLUGINS_DIR,
    disabled: places.HEADWIND_DISABLED_PLUGINS,
  });
  const { config, ofPlugin, warnings } = readSettings(env, plugins);
  const log = createLog({ level: config.HEADWIND_LOG_LEVEL, format: config.HEADWIND_LOG_FORMAT });
  for (const warning of warnings) log.warn(warning);
  const metrics = createMetrics();
  const bus = createBus(log);
  const now = () => new Date();
  const identity = config.HEADWIND_REPLICA ?? env.POD_NAME ?? hostname();
  const namespaces = config.HEADWIND_NAMESPACES;

  const connection = await loadKubeConfig(env);
  const client = createKubeClient(connection, {
    onRequest: ({ method, resource, status }) =>
      metrics.count("kubeRequests", { method, resource, status: String(status) }),
  });
  const ca = config.HEADWIND_REGISTRY_CA === undefined ? [] : [await readTextFile(config.HEADWIND_REGISTRY_CA)];
  const outside = createFetch({ ca });
  const ending = new AbortController();
  const host = createHost({ plugins, settings: ofPlugin, log, metrics, fetch: outside.fetch });

  const index = createWorkloadIndex();
  const cache = createUpdateCache();
  const isLeader = () => lease?.isHolder() ?? false;
  const isNotified = enabledNotifiers(host, log);
  const notifiers = isNotified.map(({ name }) => name);

  const store = createUpdateStore(client, (request) => {
    if (cache.upsert(request)) bus.emit("changed", request);
  });
  const source = createWorkloadSource({
    client,
    plugins: host.of("workload"),
    index,
    namespaces,
    pollingInterval: config.HEADWIND_POLLING_INTERVAL,
    onChange(key) {
      const workload = index.get(key);
      if (workload && workload.mistakes.length > 0 && isLeader()) tellMistakes(key);
      if (isLeader() && cache.ofWorkload(key).length > 0) updates.queue.add(key);
    },
    onError: (error, resource) => log.warn("a watch is interrupted", { resource, error }),
  });
  const access = createRegistryAccess({
    registry: createRegistryClient({
      fetch: outside.fetch,
      insecure: config.HEADWIND_INSECURE_REGISTRIES,
      concurrency: config.HEADWIND_REGISTRY_CONCURRENCY,
      onRequest: ({ host, kind, status }) => metrics.count("registryRequests", { host, kind, status: String(status) }),
      signal: ending.signal,
    }),
    index,
    secrets: secretReader(client),
    log,
  });
  const intake = createIntake({
    index,
    cache,
    store,
    lookup: access.lookup,
    async readWorkload({ plugin, namespace, name }) {
      const { resource } = plugin;
      const read = await source.read({ apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name });
      return typeof read === "string" ? undefined : read;
    },
    log,
    now,
  });

  const owed = (request: Parameters<typeof owedNotifications>[0]) =>
    owedNotifications(request, notifiers, Date.now(), giveUpNotifyingAfter);
  const reconcile = createReconciler({
    cache,
    store,
    workloads: {
      get: source.get,
      read: source.read,
      apply: (request, { workload, slot }) => source.patch(workload, applyPatch(request, workload, slot, now())),
    },
    lookUp: versionAsked(access.lookup),
    record: (outcome) => recordEvent(client, storyOf(outcome, now(), identity), log),
    told: (outcome) => bus.emit("stood", outcome),
    leads: isLeader,
    tellsNotifiers: notifiers.length > 0,
    owed: (request) => owed(request).length > 0,
    keepFinished: config.HEADWIND_KEEP_FINISHED,
    lookUpAgainAfter,
    now,
    log,
  });
  const updates = createRunner({
    reconcile: (key) => span("reconcile", { "headwind.workload": key }, () => reconcile(key)),
    concurrency: config.HEADWIND_RECONCILE_CONCURRENCY,
    onDone: (seconds) => metrics.observe("reconcileSeconds", seconds),
    onError: () => metrics.count("reconcileErrors"),
    log,
  });
  const deliver = createNotifyLoop({
    cache,
    store,
    notifiers,
    async deliver({ notifier, event }) {
      const plugin = isNotified.find(({ name }) => name === notifier)!;
      try {
        await host.guarded(plugin, () => plugin.deliver(event, host.context(plugin), ending.signal));
        metrics.count("notificationsSent", { notifier });
      } catch (error) {
        metrics.count("notificationsFailed", { notifier });
        throw error;
      }
    },
    giveUpAfter: giveUpNotifyingAfter,
    leads: isLeader,
    now: Date.now,
  });
  const notifications = createRunner({ reconcile: deliver, concurrency: 4, maxBackoffMs: 300_000, log });

  const toldMistakes = new Set<string>();
  function tellMistakes(key: string): void {
    const workload = index.get(key);
    if (!workload || workload.mistakes.length === 0) return;
    const event = mistakesEvent(workload, now(), identity);
    if (toldMistakes.has(event.metadata.name)) return;
    toldMistakes.add(event.metadata.name);
    for (const { annotation } of workload.mistakes) metrics.count("badAnnotations", { annotation });
    log.warn("annotations cannot be read", { workload: key, mistakes: workload.mistakes });
    void recordEvent(client, event, log);
  }

  bus.on("changed", (request) => {
    if (!isLeader()) return;
    updates.queue.add(targetKey(request));
    if (notifiers.length > 0 && owed(request).length > 0) notifications.queue.add(requestKey(request));
  });
  keepCounts({ bus, metrics, cache, index, queue: updates.queue });

  const requestWatches = watchUpdateRequests({
    client,
    namespaces,
    onUpsert(request) {
      if (cache.upsert(request)) bus.emit("changed", request);
    },
    onDelete(key) {
      const workload = cache.remove(key);
      if (workload && isLeader()) updates.queue.add(workload);
    },
    onError: (error) => log.warn("a watch is interrupted", { resource: "updaterequests", error }),
  });
  source.start();

  async function accept(...[sighting, from]: Parameters<typeof intake>) {
    log.debug("sighting", { ...from, ...sighting.artifact, via: sighting.via, versions: sighting.versions.length });
    try {
      const result = await intake(sighting, from);
      bus.emit("sighting", { sighting, ...from, result });
      return result;
    } catch (error) {
      if (error instanceof RegistryError) throw new Unavailable(error.message, error.retryAfterSeconds ?? 10);
      throw error;
    }
  }
  const triggerContext = (plugin: TriggerPlugin): TriggerContext => ({
    ...host.context(plugin),
    report: (sighting) => accept(sighting, { trigger: plugin.name, trusted: true }),
    polled: () => polledArtifacts(index.all()),
    registry: access.reader,
  });

  const health = {
    version: VERSION,
    unready: () => [
      ...(ending.signal.aborted ? ["it is shutting down"] : []),
      ...(source.isSynced()
        ? source.isHealthy() ? [] : ["the workloads' watches are interrupted"]
        : ["the workloads are not listed yet"]),
      ...(requestWatches.every((watch) => watch.isSynced()) ? [] : ["the UpdateRequests are not listed yet"]),
    ],
  };
  const duties = createDuties([
    async (signal) => {
      for (const key of cache.workloads()) updates.queue.add(key);
      await updates.run(signal);
    },
    async (signal) => {
      for (const key of cache.workloads()) {
        for (const request of cache.ofWorkload(key)) {
          if (owed(request).length > 0) notifications.queue.add(requestKey(request));
        }
      }
      await notifications.run(signal);
    },
    async (signal) => {
      await Promise.all(requestWatches.map(({ synced }) => synced));
      await source.synced();
      for (const { plugin, namespace, name } of index.all()) {
        tellMistakes(`${plugin.resource.kind}/${namespace}/${name}`);
      }
      await runTriggers(host, triggerContext, log, signal);
    },
  ], log);

  const listen = (port: number, app: { fetch(request: Request): Response | Promise<Response> }) =>
    serve({
      port,
      fetch: (request) => app.fetch(request),
      ...(config.HEADWIND_HOST ? { hostname: config.HEADWIND_HOST } : {}),
    });
  const servers = {
    webhook: await listen(
      config.HEADWIND_WEBHOOK_PORT,
      webhookApp({
        triggers: host.of("trigger"),
        secret: config.HEADWIND_WEBHOOK_SECRET,
        health,
        accept,
        onOutcome(trigger, outcome) {
          metrics.count("webhookEvents");
          metrics.count("webhookOutcomes", { trigger, outcome });
          if (outcome === "stored") metrics.count("webhookProcessed");
        },
        log,
      }),
    ),
    api: await listen(config.HEADWIND_API_PORT, approvalApp({ decisions: store, health, log })),
    metrics: await listen(config.HEADWIND_METRICS_PORT, metricsApp(metrics, health)),
  };
  const lease = startLease({
    client,
    namespace: config.HEADWIND_LEASE_NAMESPACE ?? connection.namespace,
    name: config.HEADWIND_LEASE_NAME,
    identity,
    durationSeconds: config.HEADWIND_LEASE_DURATION,
    renewSeconds: config.HEADWIND_LEASE_DURATION / 3,
    onAcquired() {
      log.info("holds the Lease: polls and reconciles", { identity });
      bus.emit("leading", true);
      duties.begin();
    },
    onLost(reason) {
      log.warn("lost the Lease", { identity, reason });
      bus.emit("leading", false);
      void duties.end();
    },
    onError: (error) => log.warn("the Lease could not be renewed", { error }),
  });
  const ports = { webhook: servers.webhook.port, api: servers.api.port, metrics: servers.metrics.port };
  log.info("started", { version: VERSION, identity, cluster: connection.describe, ports, plugins: plugins.length });

  return {
    ports,
    async stop(why) {
      log.info("stopping", { why });
      await Promise.all([servers.webhook.stop(), servers.api.stop()]);
      await duties.end();
      ending.abort(new Error("the operator stops"));
      await lease.release();
      await Promise.all([source.stop(), ...requestWatches.map((watch) => watch.stop())]);
      await servers.metrics.stop();
      connection.close();
      outside.close();
      log.info("stopped");
    },
  };
}

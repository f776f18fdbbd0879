import { endsWithin, untilAborted } from "../lib/delay.ts";
import { announceAccountGuard } from "../kube/admission_policy.ts";
import { createConfiguredCallers, startServers } from "./wire_servers.ts";
import { createApprovalGuard } from "../server/approval_guard.ts";
import { createConfigFiles } from "./config_files.ts";
import { createDuties, createLeadership } from "./leadership.ts";
import { wireNotifiers } from "./wire_notifiers.ts";
import { wireLifecycle } from "./wire_lifecycle.ts";
import { wireIntake } from "./wire_intake.ts";
import { type Environment, VERSION } from "../runtime/process.ts";
import { describePlugin } from "../host/plugin_host.ts";
import { countEvents } from "./event_metrics.ts";
import { createOperatorContext } from "./operator_context.ts";
import type { Plugin } from "../plugin.ts";
import { startLease } from "../kube/lease.ts";
import { targetKey } from "../requests/cache.ts";
import { Unavailable } from "../lib/retryable.ts";
import type { LoadDashboard } from "./dashboard_context.ts";
import { createDashboardServer, dashboardContext } from "./wire_dashboard.ts";
import { wireActions } from "./wire_actions.ts";
import { wireCluster } from "./wire_cluster.ts";
import { wireNumbers } from "./wire_numbers.ts";

export interface OperatorOptions {
  env: Environment;
  builtins: readonly Plugin[];
  /** What is served on `HEADWIND_UI_PORT`. */
  dashboard: LoadDashboard;
}

/** A running operator. */
export interface Operator {
  /** The ports that its servers listen on. */
  ports: { webhook: number; api: number; metrics: number; ui: number };
  /** Finishes what is in hand, lets the Lease go, and ends: within 20 s, whatever hangs. Never rejects. */
  stop(why: string): Promise<void>;
}

/** From the beginning of the end on: then calls to the outside, and to plugins, are cut. */
const cutAfterMs = 4_000;

/** Puts everything together and starts it. Throws, with all mistakes at once, before anything runs. */
export async function startOperator({ env, builtins, dashboard }: OperatorOptions): Promise<Operator> {
  const context = await createOperatorContext(env, builtins);
  const { config, log, metrics, bus, client, connection, hooks, fetch, ending, leaseIdentity: identity } = context;
  const callers = await createConfiguredCallers(config, { connection, client, hooks, fetch });
  const guard = createApprovalGuard({ client, open: callers.open, log });
  const leadership = createLeadership();
  const { leads } = leadership;

  const cluster = wireCluster(context, {
    leads,
    // from stored to queued: whichever replica stored it, it comes by here
    onRequest: (request) => updates.queue.add(targetKey(request)),
    onWorkload: (key) => updates.queue.add(key),
    onChanged: (workload) => sightings.onWorkload(workload),
  });
  const sightings = wireIntake(context, cluster);
  const notifying = wireNotifiers(context, cluster, leads);
  const updates = wireLifecycle(context, cluster, {
    lookup: sightings.lookup,
    leads,
    hasNotifiers: notifying.wanted,
    hasPendingNotifications: notifying.hasPendingNotifications,
  });
  bus.on("changed", (request) => {
    if (leads()) notifying.onChanged(request);
  });
  countEvents({ bus, metrics, cache: cluster.cache, index: cluster.index, queue: updates.queue, now: context.now });

  let stopping = false;
  const health = {
    version: VERSION,
    approvals: guard.state,
    unready: () => [...(stopping ? ["it is shutting down"] : []), ...cluster.unready()],
    notifiers: () => leads() ? notifying.states() : undefined,
  };
  const duties = createDuties([
    { name: "reconciling", run: updates.run },
    { name: "notifying", run: notifying.run },
    {
      name: "triggers",
      async run(signal) {
        await Promise.race([cluster.synced(), untilAborted(signal)]);
        if (signal.aborted) return;
        for (const workload of cluster.index.all()) cluster.mistakes.recordProblems(workload);
        await sightings.run(signal);
      },
    },
  ], { log });
  const files = createConfigFiles(context);
  await files.look();
  void files.run(ending.signal);
  const numbers = wireNumbers(context, files.observability);
  const people = wireActions(context, cluster);
  const page = createDashboardServer(
    dashboard,
    dashboardContext(context, cluster, sightings, leadership, callers, health, numbers, files, people),
  );
  const servers = await startServers(context, cluster, sightings, callers, health, page, people);
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
    onNamesake: (holder) =>
      log.warn("another replica says the same name and holds the Lease; let each have its own HEADWIND_REPLICA", {
        identity,
        holder,
      }),
  });
  leadership.by(lease);
  void guard.announce(ending.signal);
  void announceAccountGuard(client, log, ending.signal);
  const ports = {
    webhook: servers.webhook.port,
    api: servers.api.port,
    metrics: servers.metrics.port,
    ui: servers.ui.port,
  };
  const ownPlugins = context.plugins.filter((plugin) => !builtins.includes(plugin)).map(describePlugin);
  log.info("started", {
    version: VERSION,
    identity,
    cluster: connection.describe,
    ports,
    plugins: context.plugins.length,
    ...(ownPlugins.length > 0 ? { ownPlugins } : {}),
  });

  return {
    ports,
    async stop(why) {
      log.info("stopping", { why });
      stopping = true;
      const end = () => ending.abort(new Unavailable("the operator stops", 5));
      const cut = setTimeout(end, cutAfterMs);
      const step = async (what: string, ms: number, work: Promise<unknown>) => {
        if (!await endsWithin(ms, work.catch((error) => log.warn("could not end", { what, error })))) {
          log.warn("does not end and is left", { what, seconds: ms / 1000 });
        }
      };
      page.stop();
      await Promise.all([
        step(
          "the servers of webhooks, the API and the dashboard",
          12_000,
          Promise.all([servers.webhook.stop(), servers.api.stop(), servers.ui.stop()]),
        ),
        duties.end().then(() => {
          leadership.end();
          return step("the Lease", 4_000, lease.release());
        }),
      ]);
      clearTimeout(cut);
      end();
      await step("the watches", 2_000, cluster.stop());
      await step("the server of metrics", 1_000, servers.metrics.stop());
      context.close();
      log.info("stopped");
    },
  };
}

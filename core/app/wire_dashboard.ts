import type { Bus } from "./event_bus.ts";
import type { Callers } from "../server/callers.ts";
import type { ConfigFiles } from "./config_files.ts";
import { settingsReport } from "./settings_report.ts";
import type { Cluster } from "./wire_cluster.ts";
import type {
  Dashboard,
  DashboardChange,
  DashboardContext,
  LoadDashboard,
  RegistryReads,
  SettingsReads,
} from "./dashboard_context.ts";
import { addRoutes } from "../server/route.ts";
import { type Health, healthRoutes } from "../server/health_routes.ts";
import { Hono } from "hono";
import type { MetricsBackend } from "../observability/metrics_backend.ts";
import type { OperatorContext } from "./operator_context.ts";
import type { Intake } from "./wire_intake.ts";
import type { Peer } from "../runtime/serve.ts";
import { createRegistryAnswers } from "../read_model/registry_answers.ts";
import { createWorkloadViews } from "../read_model/workload_views.ts";
import type { People } from "./wire_actions.ts";
import { createUpdateViews } from "../read_model/update_views.ts";
import type { Leadership } from "./leadership.ts";
import type { WorkloadIndex } from "../workloads/workload_index.ts";
import { containerKey, type RegistryStates } from "../registry/registry_states.ts";
import { registryReport } from "../read_model/registry_report.ts";
import { requestKey } from "../requests/cache.ts";
import { Unavailable } from "../lib/retryable.ts";

/**
 * What answers on the dashboard's port: its health, which every server tells, and the dashboard, which is loaded at the first
 * call, and again where that failed.
 */
export function createDashboardServer(load: LoadDashboard, context: DashboardContext): Dashboard {
  let loaded: Promise<Dashboard> | undefined;
  const health = healthRoutes(context.health);
  const own = new Set(health.map(({ path }) => path));
  const app = new Hono();
  addRoutes(app, health);
  return {
    async fetch(request: Request, from: Peer) {
      if (own.has(new URL(request.url).pathname)) return await app.fetch(request);
      loaded ??= load().then((module) => module.default(context));
      const loading = loaded;
      try {
        return await (await loading).fetch(request, from);
      } catch (error) {
        context.log.error("the dashboard failed", { error });
        if (await loading.then(() => false, () => true) && loaded === loading) loaded = undefined;
        return new Response("the dashboard failed; the operator's log has why\n", { status: 500 });
      }
    },
    stop: () => void loaded?.then((dashboard) => dashboard.stop()).catch(() => {}),
  };
}

/** What the dashboard stands on. */
export function dashboardContext(
  context: OperatorContext,
  { cache, index, source, requestsAreListed }: Cluster,
  { access, registries }: Intake,
  { leads, leader }: Pick<Leadership, "leads" | "leader">,
  callers: Callers,
  health: Health,
  numbers: MetricsBackend,
  files: ConfigFiles,
  { actions }: Pick<People, "actions">,
): DashboardContext {
  const { config, log, bus, identity, now, ending, fetch, host } = context;
  const updates = createUpdateViews(cache);
  return {
    health,
    config,
    log,
    identity,
    now,
    callers,
    fetch,
    workloadKinds: host.of("workload").flatMap(({ resource, related = [] }) => [
      resource,
      ...related.map((one) => one.resource),
    ]),
    requests: cache,
    updates,
    workloads: index,
    originOf: access.originOf,
    versionsOf: createRegistryAnswers(access),
    workloadRows: createWorkloadViews(index, updates),
    numbers,
    actions,
    requireListed() {
      if (!requestsAreListed()) throw new Unavailable("the UpdateRequests are not listed yet", 2);
      if (!source.isSynced()) throw new Unavailable("the workloads are not listed yet", 2);
    },
    registries: registryReads({ registries, workloads: index, leads, leader, now }),
    settings: settingsReads(context, files, health),
    changes: (listener) => listenToAll(bus, listener),
    signal: ending.signal,
  };
}

export function settingsReads(
  { config, plugins, isOwn, ofPlugin, given }: Pick<
    OperatorContext,
    "config" | "plugins" | "isOwn" | "ofPlugin" | "given"
  >,
  files: Pick<ConfigFiles, "ui" | "files">,
  { notifiers }: Pick<Health, "notifiers">,
): SettingsReads {
  return {
    ui: files.ui,
    report: () =>
      settingsReport({
        config,
        ofPlugin,
        given,
        plugins,
        isOwn,
        disabled: config.HEADWIND_DISABLED_PLUGINS,
        files: files.files(),
        deliveries: notifiers?.(),
      }),
  };
}

export interface RegistryReadsOptions extends Pick<Leadership, "leads" | "leader"> {
  registries: RegistryStates;
  workloads: Pick<WorkloadIndex, "all">;
  now(): Date;
}

export function registryReads({ registries, workloads, leads, leader, now }: RegistryReadsOptions): RegistryReads {
  const polls = () => {
    const by = leader();
    const lastPollAt = registries.lastPollAt();
    return {
      polling: leads() ? { here: true as const } : { here: false as const, ...(by === undefined ? {} : { by }) },
      ...(lastPollAt === undefined ? {} : { lastPollAt }),
    };
  };
  return {
    polls,
    report: (namespaces) =>
      registryReport({
        lastPollAt: undefined,
        ...polls(),
        states: registries.all(),
        workloads: workloads.all(),
        namespaces,
        now: now().getTime(),
      }),
    lastCheck: (workloadKey, container) => registries.lastCheck(containerKey(workloadKey, container)),
  };
}

/** Tells of all that pages may show. */
export function listenToAll(bus: Bus, listener: (change: DashboardChange) => void): () => void {
  const off = [
    bus.on("changed", (request) => listener({ type: "request", key: requestKey(request) })),
    bus.on("requestGone", (key) => listener({ type: "request", key })),
    bus.on("registryChanged", (key) => listener({ type: "registries", key })),
    bus.on("leading", () => {
      listener({ type: "registries" });
      listener({ type: "settings" });
    }),
    bus.on("settingsChanged", (key) => listener({ type: "settings", key })),
    bus.on("workloadChanged", (key) => listener({ type: "workload", key })),
  ];
  return () => off.forEach((stop) => stop());
}

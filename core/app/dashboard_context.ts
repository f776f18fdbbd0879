import type { Callers } from "../server/callers.ts";
import type { Config } from "./setting_schema.ts";
import type { Fetch } from "../runtime/fetch.ts";
import type { Health } from "../server/health_routes.ts";
import type { KnownRequests } from "../requests/cache.ts";
import type { Log, ResourceKind } from "../plugin.ts";
import type { MetricsBackend } from "../observability/metrics_backend.ts";
import type { Peer } from "../runtime/serve.ts";
import type { PeopleActions } from "../server/people_actions.ts";
import type { LastCheck } from "../registry/registry_states.ts";
import type { RegistryAccess } from "../intake/registry_access.ts";
import type { UpdateViews } from "../read_model/update_views.ts";
import type { RegistryAnswers } from "../read_model/registry_answers.ts";
import type { WorkloadViews } from "../read_model/workload_views.ts";
import type { RegistryReport } from "../read_model/registry_report.ts";
import type { SettingsReport } from "./settings_report.ts";
import type { UiConfig } from "./ui_config.ts";
import type { WorkloadIndex } from "../workloads/workload_index.ts";

/** Something that a page may show is another than it was. */
export interface DashboardChange {
  type: "request" | "workload" | "registries" | "settings";
  /** `namespace/name` of a request, the key of a workload, a host; all of the type where it is absent. */
  key?: string;
}

/** What is known of registries. */
export interface RegistryReads {
  /** Of some namespaces alone, where they are given. */
  report(namespaces?: ReadonlySet<string>): RegistryReport;
  /** Of the report who polls, and when this replica did last: it costs nothing. */
  polls(): Pick<RegistryReport, "polling" | "lastPollAt">;
  /** Undefined where this replica has not polled for it since it started. */
  lastCheck(workloadKey: string, container: string): LastCheck | undefined;
}

/** What the operator runs with. */
export interface SettingsReads {
  /** As the ConfigMap `headwind-ui-config` says now. */
  ui(): UiConfig;
  report(): SettingsReport;
}

/** What core gives the dashboard: what it reads from, what it acts through, and who tells it of changes. */
export interface DashboardContext {
  health: Health;
  config: Config;
  log: Log;
  /** This replica's name. */
  identity: string;
  /** By the cluster's clock. */
  now(): Date;
  callers: Callers;
  /** For calls to the outside, to addresses that an administrator has set. */
  fetch: Fetch;
  /** Of workloads, and of what holds their versions in their place. */
  workloadKinds: readonly ResourceKind[];
  /** As the watches have told of them; nothing is asked of the API server. */
  requests: KnownRequests;
  /** The same as lines of lists. */
  updates: UpdateViews;
  /** The workloads that are looked after, as lines of lists. */
  workloadRows: WorkloadViews;
  workloads: Pick<WorkloadIndex, "all" | "counts" | "get">;
  /**
   * Throws until requests and workloads were listed once.
   *
   * @throws {Unavailable}
   */
  requireListed(): void;
  /** What the registry has of a container. */
  versionsOf: RegistryAnswers;
  /** As `RegistryAccess`. */
  originOf: RegistryAccess["originOf"];
  /** What this replica has seen of registries; nothing is asked of them. */
  registries: RegistryReads;
  /** What people do: by their own rights or, where Headwind writes for them, after it asked for these; each is audited. */
  actions: PeopleActions;
  /** What was counted and measured, in the past too. */
  numbers: MetricsBackend;
  settings: SettingsReads;
  /** Gives back what takes the listener off again. */
  changes(listener: (change: DashboardChange) => void): () => void;
  /** Aborted when the operator ends. */
  signal: AbortSignal;
}

/** The server of the dashboard, as far as core knows it. */
export interface Dashboard {
  fetch(request: Request, from: Peer): Response | Promise<Response>;
  /** Ends what stays open by itself: the pages that move. */
  stop(): void;
}

/** Loads the dashboard: at the first call to its port, so that an operator whose page nobody opens does not pay for it. */
export type LoadDashboard = () => Promise<{ default(context: DashboardContext): Dashboard | Promise<Dashboard> }>;

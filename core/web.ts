/**
 * What the dashboard imports of core, beside the plugin contract: all that faces have, and what the operator in which it runs
 * gives it as a `DashboardContext`.
 *
 * @module
 */

export * from "./ui.ts";

export { listWorkloads, WORKLOAD_FACETS, type WorkloadFacet, type WorkloadPage } from "./read_model/list_workloads.ts";
export { WORKLOAD_SORTS, type WorkloadSort } from "./read_model/sort_workloads.ts";
export {
  holdsNow,
  lastChange,
  WORKLOAD_STATES,
  type WorkloadRow,
  type WorkloadState,
} from "./read_model/workload_row.ts";
export { compareLink } from "./read_model/compare_link.ts";
export { type DiffLine, type TemplateDiff, templateDiff } from "./read_model/template_diff.ts";
export { type TimelineEntry, updateTimeline } from "./read_model/update_timeline.ts";
export { type Overview, overview, type Part, type WaitingRow } from "./read_model/overview.ts";
export { createSessionKeys, readClientSecret, type SessionKeys } from "./app/session_keys.ts";
export { withDeadline } from "./lib/deadline.ts";
export { createRateLimit } from "./lib/rate_limit.ts";
export { rangesOf } from "./runtime/egress_guard.ts";
export type {
  Dashboard,
  DashboardChange,
  DashboardContext,
  RegistryReads,
  SettingsReads,
} from "./app/dashboard_context.ts";
export type { ConfigFileRow, PluginRow, SettingRow, SettingsReport } from "./app/settings_report.ts";
export type { UiConfig } from "./app/ui_config.ts";
export {
  type Polling,
  REGISTRY_STANDINGS,
  type RegistryReport,
  type RegistryRow,
  type RegistryStanding,
} from "./read_model/registry_report.ts";
export type { LastCheck } from "./registry/registry_states.ts";
export type { Quota } from "./registry/quota.ts";
export { directBody, type Sink } from "./runtime/direct_body.ts";
export type { Peer } from "./runtime/serve.ts";
export { believedOf } from "./server/believed.ts";
export {
  bearerToken,
  type Caller,
  type Callers,
  forbidden,
  isBearerToken,
  type ProvenCaller,
  rightOnRequests,
  vouchedSubject,
} from "./server/callers.ts";
export { rightToChange } from "./server/change_workload.ts";
export { rightToCheck } from "./server/check_workload.ts";
export { isWhere, namespacesWhere } from "./server/namespaces_where.ts";
export { BadRequest } from "./server/http_errors.ts";
export type { PeopleActions } from "./server/people_actions.ts";
export { approveBody, containerPlace, holdBody, place, rejectBody, rollbackBody } from "./server/schemas.ts";
export { subjectOfClaims } from "./server/oidc_claims.ts";
export { namedSubject, PROXY_SECRET_HEADER, showsSecret } from "./server/proxy_identity.ts";
export { readBody, validate } from "./server/request_body.ts";
export { requireKnownHost, requireOwnPage } from "./server/same_site.ts";
export type { BackendState, MetricsBackend, PassedBackend } from "./observability/metrics_backend.ts";
export { CURRENT_NUMBERS, type CurrentNumbers, currentNumbers } from "./observability/current_numbers.ts";
export {
  lastDay,
  meanOverTime,
  metricOverTime,
  onlySeries,
  type Period,
  type Points,
  whole,
} from "./observability/metric_over_time.ts";
export { CATALOG } from "./telemetry/catalog.ts";

/**
 * What the dashboard imports of core, beside the plugin contract: all that faces have, and what the operator in which it runs
 * gives it as a `DashboardContext`.
 *
 * @module
 */

export * from "./ui.ts";

// lists of updates and of workloads
export { type FacetCount } from "./read_model/list_page.ts";
export {
  listUpdates,
  PHASE_FILTERS,
  PHASE_GROUPS,
  UPDATE_FACETS,
  type UpdateFacet,
  type UpdatePage,
} from "./read_model/list_updates.ts";
export { listWorkloads, WORKLOAD_FACETS, type WorkloadFacet, type WorkloadPage } from "./read_model/list_workloads.ts";
export { UPDATE_SORTS, type UpdateSort } from "./read_model/sort_updates.ts";
export { WORKLOAD_SORTS, type WorkloadSort } from "./read_model/sort_workloads.ts";
export { STEP_KINDS } from "./read_model/step_kind.ts";
export { type UpdateRow } from "./read_model/update_row.ts";
export {
  holdsNow,
  lastChange,
  WORKLOAD_STATES,
  type WorkloadRow,
  type WorkloadState,
} from "./read_model/workload_row.ts";

// what pages tell of one of them, and of all
export { compareLink } from "./read_model/compare_link.ts";
export { type Overview, overview } from "./read_model/overview.ts";
export { type DiffLine, type TemplateDiff, templateDiff } from "./read_model/template_diff.ts";
export { type TimelineEntry, updateTimeline } from "./read_model/update_timeline.ts";
export { type Wait, waitOf } from "./read_model/update_wait.ts";
export { type VersionReport } from "./read_model/version_report.ts";
export { type RegistryReport, type RegistryRow, type RegistryStanding } from "./read_model/registry_report.ts";
export { type ImageOrigin } from "./registry/image_config.ts";
export { slotsOf } from "./requests/containers.ts";
export { beyondDecision, decisionText } from "./requests/decision_text.ts";
export { type Condition } from "./requests/update_request.ts";
export { groupOf as groupOfVersion, kindKey, type TargetRef } from "./workloads/workload.ts";

// numbers
export { type CurrentNumbers, currentNumbers } from "./observability/current_numbers.ts";
export {
  lastDay,
  meanOverTime,
  metricOverTime,
  onlySeries,
  type Period,
  type Points,
  whole,
} from "./observability/metric_over_time.ts";
export type { BackendState, MetricsBackend } from "./observability/metrics_backend.ts";
export { CATALOG } from "./telemetry/catalog.ts";

// what the operator gives
export type { Dashboard, DashboardContext } from "./app/dashboard_context.ts";
export { type Config } from "./app/setting_schema.ts";
export type { ConfigFileRow, PluginRow, SettingRow, SettingsReport } from "./app/settings_report.ts";
export type { Peer } from "./runtime/serve.ts";

// who calls, and what they may
export { createSessionKeys, readClientSecret, type SessionKeys } from "./app/session_keys.ts";
export { type ResourceAttributes } from "./kube/access.ts";
export { believedOf } from "./server/believed.ts";
export {
  bearerToken,
  type Caller,
  forbidden,
  isBearerToken,
  type ProvenCaller,
  rightOnRequests,
  vouchedSubject,
} from "./server/callers.ts";
export { isWhere, namespacesWhere } from "./server/namespaces_where.ts";
export { subjectOfClaims } from "./server/oidc_claims.ts";
export { namedSubject, PROXY_SECRET_HEADER, showsSecret } from "./server/proxy_identity.ts";
export { requireKnownHost, requireOwnPage } from "./server/same_site.ts";

// what people do
export { rightToChange } from "./server/change_workload.ts";
export { rightToCheck } from "./server/check_workload.ts";
export type { PeopleActions } from "./server/people_actions.ts";
export { readBody, validate } from "./server/request_body.ts";
export { approveBody, containerPlace, place, rollbackBody } from "./server/schemas.ts";

// small things
export { withDeadline } from "./lib/deadline.ts";
export { createRateLimit } from "./lib/rate_limit.ts";
export { isRetryable, Unavailable } from "./lib/retryable.ts";
export { isSafeUrl } from "./registry/plain_http.ts";
export { directBody, type Sink } from "./runtime/direct_body.ts";
export { rangesOf } from "./runtime/egress_guard.ts";
export { BadRequest } from "./server/http_errors.ts";

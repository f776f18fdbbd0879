/** One metric as it is registered and documented. */
export interface MetricEntry {
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  labels?: readonly string[];
  /** Upper bounds in seconds. */
  buckets?: readonly number[];
}

const counter = (name: string, help: string, labels: readonly string[] = []): MetricEntry => ({
  name,
  type: "counter",
  help,
  labels,
});
const gauge = (name: string, help: string, labels: readonly string[] = []): MetricEntry => ({
  name,
  type: "gauge",
  help,
  labels,
});
const histogram = (name: string, help: string, buckets: readonly number[]): MetricEntry => ({
  name,
  type: "histogram",
  help,
  buckets,
});

/** Core's metrics: Headwind's names where they apply. Plugins declare theirs themselves. */
export const CATALOG = {
  webhookEvents: counter("headwind_webhook_events_total", "Webhook calls received"),
  webhookProcessed: counter("headwind_webhook_events_processed", "Webhook calls understood and stored"),
  webhookOutcomes: counter("headwind_webhook_outcomes_total", "Webhook calls by what came of them", [
    "trigger",
    "outcome",
  ]),
  notStored: counter(
    "headwind_updates_not_stored_total",
    "Updates that a webhook or a poll led to and that could not be stored, which their workloads are told by an Event",
    ["reason"],
  ),
  pending: gauge("headwind_updates_pending", "Updates awaiting approval, interval or the registry"),
  approved: counter("headwind_updates_approved_total", "Updates approved by a person"),
  rejected: counter("headwind_updates_rejected_total", "Updates rejected by a person"),
  applied: counter("headwind_updates_applied_total", "Updates applied"),
  failed: counter("headwind_updates_failed_total", "Updates that failed"),
  superseded: counter("headwind_updates_superseded_total", "Updates made needless by a newer version or by a person"),
  skippedInterval: counter(
    "headwind_updates_skipped_interval_total",
    "Updates that had to wait because the minimum interval had not elapsed",
  ),
  reconcileSeconds: histogram(
    "headwind_reconcile_duration_seconds",
    "Time to bring the requests of one workload as far as they can go",
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  ),
  reconcileErrors: counter("headwind_reconcile_errors_total", "Reconciliations that failed and come again"),
  sightingToApplied: histogram(
    "headwind_sighting_to_applied_seconds",
    "Time from a sighting to its applied change, waiting for people included",
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 3600, 86400],
  ),
  appliedToVerified: histogram(
    "headwind_applied_to_verified_seconds",
    "Time from an applied change to a workload that is verified on it, soak time included",
    [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600],
  ),
  rollbacks: counter("headwind_rollbacks_total", "Versions taken back"),
  rollbacksManual: counter("headwind_rollbacks_manual_total", "Versions taken back by a person, through Headwind"),
  rollbacksAutomatic: counter(
    "headwind_rollbacks_automatic_total",
    "Versions taken back because they did not become healthy",
  ),
  rollbacksFailed: counter("headwind_rollbacks_failed_total", "Versions that were to be taken back and could not be"),
  held: counter("headwind_versions_held_total", "Versions held because a person left them"),
  healthChecks: counter("headwind_deployment_health_checks_total", "Readings of a changed workload's health"),
  healthFailures: counter(
    "headwind_deployment_health_failures_total",
    "Readings that found a changed workload failing",
  ),
  queueDepth: gauge("headwind_queue_depth", "Workloads waiting to be reconciled"),
  watched: gauge("headwind_workloads_watched", "Workloads with a policy, by kind", ["kind"]),
  deployments: gauge("headwind_deployments_watched", "Deployments with a policy"),
  statefulsets: gauge("headwind_statefulsets_watched", "StatefulSets with a policy"),
  daemonsets: gauge("headwind_daemonsets_watched", "DaemonSets with a policy"),
  badAnnotations: counter(
    "headwind_bad_annotations_total",
    "Workloads found with an annotation that cannot be read or is `unknown`",
    ["annotation"],
  ),
  helmReleases: gauge("headwind_helm_releases_watched", "HelmReleases with a policy"),
  helmChecked: counter(
    "headwind_helm_chart_versions_checked_total",
    "Versions of charts that a policy was asked about",
  ),
  helmFound: counter("headwind_helm_updates_found_total", "Times that a chart was seen to have a higher version"),
  helmApproved: counter("headwind_helm_updates_approved_total", "Times that a policy took a higher version of a chart"),
  helmRejected: counter(
    "headwind_helm_updates_rejected_total",
    "Times that a policy left all higher versions of a chart",
  ),
  helmApplied: counter("headwind_helm_updates_applied_total", "Versions of charts applied to HelmReleases"),
  helmQueries: counter(
    "headwind_helm_repository_queries_total",
    "Queries of Helm repositories' indexes and charts' tags",
  ),
  helmErrors: counter("headwind_helm_repository_errors_total", "Queries of Helm repositories that failed"),
  helmSeconds: histogram(
    "headwind_helm_repository_query_duration_seconds",
    "Time that a query of a Helm repository took",
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  ),
  checks: counter("headwind_checks_total", "Workloads that were looked at since somebody asked for it", ["outcome"]),
  configFileBroken: gauge(
    "headwind_config_file_broken",
    "Whether the mounted file of a ConfigMap cannot be used, so that what counted before stays",
    ["file"],
  ),
  configFileReads: counter(
    "headwind_config_file_reads_total",
    "Changes of the mounted files of ConfigMaps, by what came of them",
    ["file", "outcome"],
  ),
  registryRequests: counter("headwind_registry_requests_total", "Requests to registries, of a hundred hosts by name", [
    "host",
    "kind",
    "status",
  ]),
  registryTagsLeftOut: counter(
    "headwind_registry_tags_left_out_total",
    "Names in registries' lists of tags that are no tags and were left out, of a hundred hosts by name",
    ["host"],
  ),
  kubeRequests: counter("headwind_kube_requests_total", "Requests to the API server", ["method", "resource", "status"]),
  notificationsSent: counter("headwind_notifications_sent_total", "Notifications delivered", ["notifier"]),
  notificationsFailed: counter("headwind_notifications_failed_total", "Deliveries that failed and come again", [
    "notifier",
  ]),
  notificationsWaiting: gauge(
    "headwind_notifications_waiting",
    "UpdateRequests of which a notifier has still to be told",
    ["notifier"],
  ),
  pluginErrors: counter("headwind_plugin_errors_total", "Errors thrown by a plugin", ["plugin"]),
  pluginCallsGivenUp: gauge(
    "headwind_plugin_calls_given_up",
    "Calls of a plugin that were given up and have not ended",
    ["plugin"],
  ),
  connectionsRefused: counter(
    "headwind_http_connections_refused_total",
    "Connections refused or closed for a limit: there are too many (`connections`), too many of an address (`address`), or a request did not come in time (`late`)",
    ["server", "reason"],
  ),
  bodiesRefused: counter(
    "headwind_http_bodies_refused_total",
    "Bodies of requests not read on: there is no room for them (`bodies`), or they did not come in time (`late`)",
    ["reason"],
  ),
  leader: gauge("headwind_leader", "Whether this replica holds the Lease"),
  memory: gauge("process_resident_memory_bytes", "Resident memory"),
  cpu: counter("process_cpu_seconds_total", "User and system CPU time"),
  started: gauge("process_start_time_seconds", "Start time, Unix seconds"),
} as const satisfies Record<string, MetricEntry>;

export type MetricName = keyof typeof CATALOG;

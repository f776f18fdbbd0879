import type { Plugin } from "../core/plugin.ts";
import cronjob from "./workloads/cronjob.ts";
import daemonset from "./workloads/daemonset.ts";
import deployment from "./workloads/deployment.ts";
import dockerhub from "./triggers/dockerhub.ts";
import helmrelease from "./workloads/helmrelease.ts";
import httpCheck from "./checks/http.ts";
import influxdb from "./metrics/influxdb.ts";
import jobCheck from "./checks/job.ts";
import live from "./metrics/live.ts";
import poller from "./triggers/poller.ts";
import prometheus from "./metrics/prometheus.ts";
import promqlCheck from "./checks/promql.ts";
import registry from "./triggers/registry.ts";
import statefulset from "./workloads/statefulset.ts";
import victoriametrics from "./metrics/victoriametrics.ts";
import webhook from "./notifiers/webhook.ts";

/** What comes with Headwind. Each is written with nothing that a stranger's plugin would not have. */
export const builtins: readonly Plugin[] = [
  dockerhub,
  registry,
  poller,
  deployment,
  statefulset,
  daemonset,
  cronjob,
  helmrelease,
  httpCheck,
  promqlCheck,
  jobCheck,
  webhook,
  prometheus,
  victoriametrics,
  influxdb,
  live,
] as Plugin[];

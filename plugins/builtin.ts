import type { Plugin } from "../core/plugin.ts";
import cronjob from "./workloads/cronjob.ts";
import daemonset from "./workloads/daemonset.ts";
import deployment from "./workloads/deployment.ts";
import poller from "./triggers/poller.ts";
import statefulset from "./workloads/statefulset.ts";

/** What comes with Headwind. Each is written with nothing that a stranger's plugin would not have. */
export const builtins: readonly Plugin[] = [poller, deployment, statefulset, daemonset, cronjob] as Plugin[];

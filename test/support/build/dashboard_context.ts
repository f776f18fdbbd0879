import type { ConfigFiles } from "../../../core/app/config_files.ts";
import { uiConfig } from "../../../core/app/ui_config.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { createWorkloadViews } from "../../../core/read_model/workload_views.ts";
import { BadRequest } from "../../../core/server/http_errors.ts";
import { coreSettings } from "../../../core/app/setting_schema.ts";
import { createBus } from "../../../core/app/event_bus.ts";
import { createUpdateCache } from "../../../core/requests/cache.ts";
import { createUpdateViews } from "../../../core/read_model/update_views.ts";
import { createWorkloadIndex } from "../../../core/workloads/workload_index.ts";
import type { DashboardContext, PeopleActions, ResourceAttributes } from "../../../core/web.ts";
import { createCallers } from "../../../core/server/callers.ts";
import { listenToAll, registryReads, settingsReads } from "../../../core/app/wire_dashboard.ts";
import { numbers as numbersOf } from "./numbers.ts";
import { projectRequest, type UpdateRequest } from "../../../core/requests/update_request.ts";
import { createRegistryStates, type RegistryStates } from "../../../core/registry/registry_states.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { type Line, recordedLog } from "../recorded_log.ts";

export interface DashboardContextChanges {
  env?: Record<string, string>;
  requests?: readonly UpdateRequest[];
  workloads?: readonly Workload[];
  now?: string;
  /** Whether anybody decides. */
  open?: boolean;
  /** What this replica has seen of registries. */
  registries?: RegistryStates;
  /** Whether it is the one that polls. */
  leads?: boolean;
  /** Who does. */
  leader?: string;
  plugins?: readonly Plugin[];
  /** Of plugins, by `kind/name`. */
  ofPlugin?: ReadonlyMap<string, Record<string, unknown>>;
  isOwn?(plugin: Plugin): boolean;
  deliveries?: Record<string, "ok" | "failing">;
  /** The files of ConfigMaps, as they stand. */
  files?: Pick<ConfigFiles, "ui" | "files">;
  numbers?: DashboardContext["numbers"];
  actions?: Partial<PeopleActions>;
  /** Of whom the callers of the context are asked: what they may. */
  mayDo?: (attributes: ResourceAttributes) => boolean;
}

const unwanted = () => Promise.reject(new BadRequest("nothing is done by hand in this test", undefined, 409));

/** What the dashboard is given, of these requests and workloads; `change` puts another request in and tells of it, as `remove` does of one that is gone. */
export function dashboardContext(
  {
    env = {},
    requests = [],
    workloads = [],
    now = "2026-11-30T12:00:00Z",
    open = false,
    registries = createRegistryStates({ nameOf: (host) => host, now: () => new Date(now) }),
    leads = true,
    leader,
    plugins = [],
    ofPlugin = new Map(),
    isOwn = () => false,
    deliveries,
    files = { ui: () => uiConfig.parse({}), files: () => [] },
    numbers = numbersOf(),
    actions = {},
    mayDo = () => true,
  }: DashboardContextChanges = {},
): DashboardContext & { change(request: UpdateRequest): void; remove(key: string): void; lines: Line[] } {
  const { log, lines } = recordedLog();
  const cache = createUpdateCache();
  const index = createWorkloadIndex();
  const bus = createBus(log);
  let version = 1000;
  for (const request of requests) cache.upsert(projectRequest(request), true);
  for (const workload of workloads) index.set(workload);
  const updates = createUpdateViews(cache);
  return {
    health: { unready: () => [], version: "0.0.0-test" },
    config: coreSettings.parse(env),
    log,
    lines,
    identity: "replica-0",
    now: () => new Date(now),
    callers: createCallers({
      open,
      holderOf: () => Promise.reject(new Error("no tokens in this test")),
      mayDo: (_, attributes) => Promise.resolve(mayDo(attributes)),
    }),
    fetch,
    workloadKinds: [{ group: "apps", version: "v1", kind: "Deployment", plural: "deployments" }],
    requests: cache,
    updates,
    workloads: index,
    numbers,
    actions: { decide: unwanted, change: unwanted, retry: unwanted, check: unwanted, ...actions },
    originOf: () => Promise.resolve(undefined),
    versionsOf: () => Promise.resolve({ warnings: [], versions: [] }),
    workloadRows: createWorkloadViews(index, updates),
    requireListed() {},
    settings: settingsReads(
      { config: coreSettings.parse(env), plugins, isOwn, ofPlugin, given: new Set(Object.keys(env)) },
      files,
      { notifiers: () => deliveries },
    ),
    registries: registryReads({
      registries,
      workloads: index,
      leads: () => leads,
      leader: () => leader,
      now: () => new Date(now),
    }),
    changes: (listener) => listenToAll(bus, listener),
    signal: new AbortController().signal,
    change(given) {
      const request = { ...given, metadata: { ...given.metadata, resourceVersion: `${++version}` } };
      cache.upsert(projectRequest(request), true);
      bus.emit("changed", request);
    },
    remove(key) {
      cache.remove(key);
      bus.emit("requestGone", key);
    },
  };
}

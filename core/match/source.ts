import { apiVersionOf, type Workload, workloadKey } from "./workload.ts";
import { isEqual } from "../equal.ts";
import { isLaterVersion } from "../kube/resource_version.ts";
import { isManaged, type ProjectOptions, projectWorkload, type WorkloadObject } from "./project.ts";
import { isNotFound } from "../kube/errors.ts";
import type { KubeClient } from "../kube/client.ts";
import { type ListWatch, listWatch } from "../kube/watch.ts";
import type { PatchOperation } from "../updates/patch.ts";
import { resourcePath } from "../kube/paths.ts";
import type { TargetRef } from "../updates/update_request.ts";
import type { WorkloadIndex } from "./index.ts";
import type { WorkloadPlugin } from "../plugin.ts";

export interface WorkloadSourceOptions {
  client: KubeClient;
  plugins: readonly WorkloadPlugin[];
  index: WorkloadIndex;
  /** Empty: all. */
  namespaces: readonly string[];
  project: ProjectOptions;
  /** Told after the index has it, and only where something that is kept has changed. */
  onChange(key: string): void;
  onError(error: Error, resource: string): void;
}

/** The workloads of the cluster: kept up to date in the index, read and patched on demand. */
export interface WorkloadSource {
  start(): void;
  /** Whether every kind was listed once. */
  isSynced(): boolean;
  /** Resolves when every kind was listed once. */
  synced(): Promise<void>;
  /** Whether the watches hear of changes. */
  isHealthy(): boolean;
  /** As last heard of; where nothing was, as the API server says. Throws `KubeError`. */
  get(target: TargetRef): Promise<Workload | "missing" | "unknown kind">;
  /** As the API server says now. Throws `KubeError`. */
  read(target: TargetRef): Promise<Workload | "missing" | "unknown kind">;
  /** All of a name, of one kind or of any, as the API server says now. Throws `KubeError`. */
  find(namespace: string, name: string, kind?: string): Promise<Workload[]>;
  /** Throws `KubeError`: 422 where a test of the patch does not hold. With `as` it is written by another's rights. */
  patch(workload: Workload, operations: readonly PatchOperation[], as?: KubeClient): Promise<Workload>;
  stop(): Promise<void>;
}

export function createWorkloadSource(options: WorkloadSourceOptions): WorkloadSource {
  const { client, plugins, index, namespaces, project } = options;
  const watches: ListWatch[] = [];
  const pluginOf = ({ apiVersion, kind }: TargetRef) =>
    plugins.find(({ resource }) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
  const take = (plugin: WorkloadPlugin, object: WorkloadObject): Workload => {
    const workload = projectWorkload(plugin, object, project);
    if (isManaged(object)) keep(workload, "answered");
    return workload;
  };
  /** Resource versions that were answered and that the watch has not come to: what it tells until then is old. */
  const ahead = new Map<string, string>();
  const keep = (workload: Workload, from: "answered" | "watched"): void => {
    const key = workloadKey(workload.plugin.resource.kind, workload.namespace, workload.name);
    const { resourceVersion } = workload;
    const known = index.get(key);
    const latest = from === "watched" ? ahead.get(key) : known?.resourceVersion;
    if (latest !== undefined && isLaterVersion(latest, resourceVersion)) return;
    if (from === "watched") ahead.delete(key);
    else ahead.set(key, resourceVersion);
    if (known && isEqual({ ...known, resourceVersion }, workload)) return;
    index.set(workload);
    options.onChange(key);
  };

  function watch(plugin: WorkloadPlugin, namespace: string | undefined): ListWatch {
    const { resource } = plugin;
    const keyOf = (key: string) => `${resource.kind}/${key}`;
    return listWatch<Workload>({
      client,
      path: resourcePath(resource, namespace),
      project(object) {
        const workload = object as unknown as WorkloadObject;
        return isManaged(workload) ? projectWorkload(plugin, workload, project) : undefined;
      },
      onUpsert: (_, workload) => keep(workload, "watched"),
      onDelete(key) {
        ahead.delete(keyOf(key));
        index.remove(keyOf(key));
        options.onChange(keyOf(key));
      },
      onError: (error) => options.onError(error, resource.plural),
    });
  }

  async function read(target: TargetRef): Promise<Workload | "missing" | "unknown kind"> {
    const plugin = pluginOf(target);
    if (!plugin) return "unknown kind";
    const path = resourcePath(plugin.resource, target.namespace, target.name);
    try {
      return take(plugin, await client.request<WorkloadObject>("GET", path));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      index.remove(workloadKey(target.kind, target.namespace, target.name));
      return "missing";
    }
  }

  return {
    start() {
      const places = namespaces.length > 0 ? namespaces : [undefined];
      for (const plugin of plugins) for (const place of places) watches.push(watch(plugin, place));
    },
    isSynced: () => watches.length > 0 && watches.every((watch) => watch.isSynced()),
    async synced() {
      await Promise.all(watches.map((watch) => watch.synced));
    },
    isHealthy: () => watches.every((watch) => watch.healthy()),
    async get(target) {
      if (!pluginOf(target)) return "unknown kind";
      return index.get(workloadKey(target.kind, target.namespace, target.name)) ?? await read(target);
    },
    read,
    async find(namespace, name, kind) {
      const wanted = plugins.filter(({ resource }) => kind === undefined || resource.kind === kind);
      const found = await Promise.all(
        wanted.map(({ resource }) =>
          read({ apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name })
        ),
      );
      return found.filter((workload) => typeof workload !== "string");
    },
    async patch({ plugin, namespace, name }, operations, as = client) {
      const path = resourcePath(plugin.resource, namespace, name);
      const query = { fieldManager: "headwind" };
      const object = await as.request<WorkloadObject>("PATCH", path, { patch: "json", body: operations, query });
      return take(plugin, object);
    },
    async stop() {
      await Promise.all(watches.map((watch) => watch.stop()));
    },
  };
}

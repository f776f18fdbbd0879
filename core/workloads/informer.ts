import { untilAborted } from "../lib/delay.ts";
import {
  isOfKind,
  kindKey,
  targetNamed,
  targetOf,
  type TargetRef,
  type Workload,
  workloadKey,
  type WorkloadObject,
} from "./workload.ts";
import { createRelatedObjects } from "./related_objects.ts";
import { isEqual } from "../lib/equal.ts";
import { isLaterVersion } from "../kube/list.ts";
import { isKept, type ProjectOptions, projectWorkload, trimWorkload } from "./project.ts";
import { isNotFound } from "../kube/kube_error.ts";
import type { KubeClient, PatchOperation } from "../kube/client.ts";
import { type ListWatch, listWatch, skipAfterMs } from "../kube/watch.ts";
import { objectKey, resourcePath } from "../kube/paths.ts";
import type { WorkloadIndex } from "./workload_index.ts";
import type { ResourceKind, WorkloadPlugin } from "../plugin.ts";

export interface WorkloadInformerOptions {
  client: KubeClient;
  plugins: readonly WorkloadPlugin[];
  index: WorkloadIndex;
  /** Empty: all. */
  namespaces: readonly string[];
  project: ProjectOptions;
  /** Told after the index has it, and only where something that is kept has changed. */
  onChange(key: string): void;
  onError(error: Error, resource: string, namespace?: string): void;
  /** A watch was opened: what went wrong with it before does not any more. */
  onOpen?(resource: string, namespace?: string): void;
  /** The API server does not serve a kind. */
  onAbsent?(resource: string): void;
}

/** The workloads of the cluster: kept up to date in the index, read and patched on demand. */
export interface WorkloadInformer {
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
  /** What workloads are in the API: of one kind, or of each. */
  resources(kind?: string): readonly ResourceKind[];
  /** All of a name that are managed, of one kind or of any, as last heard of. */
  known(namespace: string, name: string, kind?: string): Workload[];
  /** Throws `KubeError`: 422 where a test of the patch does not hold. With `as` it is written by another's rights. */
  patch(workload: Workload, operations: readonly PatchOperation[], as?: KubeClient): Promise<Workload>;
  stop(): Promise<void>;
}

export function createWorkloadInformer(options: WorkloadInformerOptions): WorkloadInformer {
  const { client, plugins, index, namespaces, project } = options;
  const watches: ListWatch[] = [];
  /** By plugin and namespace; that of all namespaces has none. */
  const watchesAt = new Map<string, ListWatch>();
  const resources = (kind?: string) =>
    plugins.map(({ resource }) => resource).filter((resource) => kind === undefined || resource.kind === kind);
  const watchOf = ({ name }: WorkloadPlugin, namespace: string) =>
    watchesAt.get(`${name}/`) ?? watchesAt.get(`${name}/${namespace}`);
  const stopping = new AbortController();
  let started: Promise<void> | undefined;
  let isStarted = false;
  /** What is kept of the workloads that refer to other objects, to be read again when one of those changes. */
  const referring = new Map<string, { plugin: WorkloadPlugin; object: WorkloadObject }>();
  const related = createRelatedObjects({
    ...options,
    onChange(keys) {
      for (const key of keys) {
        const known = referring.get(key);
        if (known) put(key, projected(known.plugin, known.object));
      }
    },
  });
  const pluginOf = (target: TargetRef) => plugins.find(({ resource }) => isOfKind(resource, target));
  const keyOf = ({ resource }: WorkloadPlugin, { metadata }: WorkloadObject) =>
    workloadKey(resource, metadata.namespace, metadata.name);

  function projected(plugin: WorkloadPlugin, object: WorkloadObject): Workload {
    if (!plugin.related) return projectWorkload(plugin, object, project);
    const key = keyOf(plugin, object);
    related.forget(key);
    return projectWorkload(plugin, object, project, related);
  }
  function take(plugin: WorkloadPlugin, object: WorkloadObject): Workload {
    const kept = trimWorkload(plugin, object);
    const workload = projected(plugin, kept);
    if (isKept(plugin, object)) keep(workload, "answered", kept);
    else if (plugin.related) related.forget(keyOf(plugin, object));
    return workload;
  }
  /** Resource versions that were answered and that the watch has not come to: what it tells until then is old. */
  const ahead = new Map<string, string>();
  function keep(workload: Workload, from: "answered" | "watched" | "listed", object: WorkloadObject): void {
    const { plugin, resourceVersion } = workload;
    const key = workloadKey(plugin.resource, workload.namespace, workload.name);
    const known = index.get(key);
    if (from === "listed") ahead.delete(key);
    const latest = from === "answered" ? known?.resourceVersion : ahead.get(key);
    if (latest !== undefined && isLaterVersion(latest, resourceVersion)) return lookAgain(key);
    if (from === "answered") {
      ahead.set(key, resourceVersion);
      watchOf(plugin, workload.namespace)?.answered(objectKey(workload));
    } else ahead.delete(key);
    if (plugin.related) referring.set(key, { plugin, object });
    put(key, workload);
  }
  /** What is old has been looked at: what is kept refers to other objects. */
  function lookAgain(key: string): void {
    const known = referring.get(key);
    if (known) projected(known.plugin, known.object);
  }
  function put(key: string, workload: Workload): void {
    const known = index.get(key);
    const isSame = known && isEqual({ ...known, resourceVersion: workload.resourceVersion }, workload);
    // a lower version is of a restored etcd: what is answered from now on is of its time
    if (!isSame || isLaterVersion(known.resourceVersion, workload.resourceVersion)) index.set(workload);
    if (!isSame) options.onChange(key);
  }
  function drop(key: string): void {
    ahead.delete(key);
    if (referring.delete(key)) related.forget(key);
    index.remove(key);
  }

  function watch(plugin: WorkloadPlugin, namespace: string | undefined): ListWatch {
    const { resource } = plugin;
    return listWatch<{ workload: Workload; object: WorkloadObject }>({
      client,
      path: resourcePath(resource, namespace),
      absentIsEmpty: true,
      project(object) {
        const found = object as unknown as WorkloadObject;
        if (!isKept(plugin, found)) return undefined;
        const kept = trimWorkload(plugin, found);
        return { workload: projected(plugin, kept), object: kept };
      },
      onUpsert: (_, { workload, object }, isTruth) => keep(workload, isTruth ? "listed" : "watched", object),
      onDelete(key) {
        const gone = `${kindKey(resource)}/${key}`;
        drop(gone);
        options.onChange(gone);
      },
      onError: (error) => options.onError(error, resource.plural, namespace),
      onOpen: () => options.onOpen?.(resource.plural, namespace),
      onAbsent: () => options.onAbsent?.(resource.plural),
      skipForbiddenAfterMs: skipAfterMs(namespaces),
    });
  }

  async function read(target: TargetRef): Promise<Workload | "missing" | "unknown kind"> {
    const plugin = pluginOf(target);
    if (!plugin) return "unknown kind";
    const path = resourcePath(plugin.resource, target.namespace, target.name);
    try {
      const object = await client.request<WorkloadObject>("GET", path);
      const workload = take(plugin, object);
      if (!workload.carrier) return workload;
      const { resource, namespace, name } = workload.carrier;
      await related.read(targetNamed(resource, namespace, name));
      return take(plugin, object);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      drop(workloadKey(plugin.resource, target.namespace, target.name));
      return "missing";
    }
  }

  /** What workloads refer to is listed before them, so that none is seen without it. */
  async function begin(): Promise<void> {
    const places = namespaces.length > 0 ? namespaces : [undefined];
    const begin = (some: readonly WorkloadPlugin[]) => {
      for (const plugin of some) {
        for (const place of places) {
          const opened = watch(plugin, place);
          watches.push(opened);
          watchesAt.set(`${plugin.name}/${place ?? ""}`, opened);
        }
      }
    };
    begin(plugins.filter((plugin) => !plugin.related));
    related.start();
    await Promise.race([related.synced(), untilAborted(stopping.signal)]);
    if (stopping.signal.aborted) return;
    begin(plugins.filter((plugin) => plugin.related));
    isStarted = true;
  }

  return {
    start: () => void (started = begin()),
    isSynced: () => isStarted && related.isSynced() && watches.every((watch) => watch.isSynced()),
    async synced() {
      await started;
      await Promise.all(watches.map((watch) => watch.synced));
      await related.synced();
    },
    isHealthy: () => related.isHealthy() && watches.every((watch) => watch.healthy()),
    async get(target) {
      const plugin = pluginOf(target);
      if (!plugin) return "unknown kind";
      return index.get(workloadKey(plugin.resource, target.namespace, target.name)) ?? await read(target);
    },
    read,
    async find(namespace, name, kind) {
      const found = await Promise.all(
        resources(kind).map((resource) => read(targetNamed(resource, namespace, name))),
      );
      return found.filter((workload) => typeof workload !== "string");
    },
    resources,
    known(namespace, name, kind) {
      return plugins.flatMap(({ resource }) => {
        if (kind !== undefined && resource.kind !== kind) return [];
        return index.get(workloadKey(resource, namespace, name)) ?? [];
      });
    },
    async patch(workload, operations, as = client) {
      const { plugin, namespace, name, carrier } = workload;
      const path = resourcePath(
        carrier?.resource ?? plugin.resource,
        carrier?.namespace ?? namespace,
        carrier?.name ?? name,
      );
      const query = { fieldManager: "headwind" };
      const object = await as.request<WorkloadObject>("PATCH", path, { patch: "json", body: operations, query });
      if (!carrier) return take(plugin, object);
      related.take(carrier.resource, object);
      const key = workloadKey(plugin.resource, namespace, name);
      const known = referring.get(key);
      const changed = known ? projected(known.plugin, known.object) : await read(targetOf(workload));
      if (typeof changed === "string") return { ...workload, carrier };
      return changed;
    },
    async stop() {
      stopping.abort();
      await Promise.all([related.stop(), ...watches.map((watch) => watch.stop())]);
    },
  };
}

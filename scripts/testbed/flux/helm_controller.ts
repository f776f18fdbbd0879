import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKubeClient, type KubeClient } from "../../../core/kube/client.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { isNotFound } from "../../../core/kube/kube_error.ts";
import { resourcePath } from "../../../core/kube/paths.ts";
import { createWorkQueue } from "../../../core/lib/work_queue.ts";
import { listWatch } from "../../../core/kube/watch.ts";
import { parseDuration } from "./durations.ts";
import { type Next, reconcileRelease, saveStatus } from "./reconcile_release.ts";
import { sourceOf } from "./resolve_chart.ts";
import { reconcileSource } from "./sources.ts";
import { type HelmRelease, requestedAt, resources, type Source } from "./types.ts";

/** A stand-in for Flux's helm-controller, and for the little of its source-controller that it needs. */
export interface HelmController {
  /** Ends its watches and kills what it runs. */
  stop(): Promise<void>;
}

export interface HelmControllerOptions {
  /** Path of a kubeconfig. */
  kubeconfig: string;
  /** Only objects of these namespaces. Default: all. */
  namespaces?: string[];
  /** Folder for Helm's cache and the charts; it stays. Without it a temporary one is used, removed by `stop`. */
  dir?: string;
  /** Gets a line for each thing done. */
  log?: (line: string) => void;
}

type Kind = keyof typeof resources;
type Watched = HelmRelease | Source;

/**
 * Starts it in this process and resolves once it has listed what is there. Flux's CRDs must be installed (`installFluxCrds`).
 *
 * It runs the real `helm upgrade --install`, `helm rollback` and `helm pull`, and writes the statuses that Flux would. What it does
 * not know: `valuesFrom`, post-renderers, drift, tests, other sources than HelmRepository and OCIRepository, and a storage namespace
 * other than the release's. It stores no HelmChart and emits no Events.
 */
export async function startHelmController(options: HelmControllerOptions): Promise<HelmController> {
  const { kubeconfig, namespaces, log = () => {} } = options;
  const dir = options.dir ?? await mkdtemp(join(tmpdir(), "headwind-flux-"));
  await mkdir(join(dir, "helm"), { recursive: true });
  const connection = await loadKubeConfig({ KUBECONFIG: kubeconfig });
  const client = createKubeClient(connection);
  const stopping = new AbortController();
  const { signal } = stopping;
  const objects = new Map<string, Watched>();
  // Flux's own limits: 750 ms and 15 min
  const queue = createWorkQueue({ baseMs: 750, maxMs: 900_000 });

  const bySource = new Set<string>();
  const lookAt = (name: string) => {
    bySource.delete(name);
    queue.forget(name);
    queue.add(name);
  };
  const dependents = (key: string) => {
    for (const [name, object] of objects) {
      if (!name.startsWith("HelmRelease/")) continue;
      const { kind, key: source } = sourceOf(object as HelmRelease);
      if (`${kind}/${source}` !== key) continue;
      bySource.add(name);
      queue.add(name);
    }
  };

  async function work(key: string): Promise<void> {
    const [kind, namespace, name] = key.split("/") as [Kind, string, string];
    const path = resourcePath(resources[kind], namespace, name);
    const sourceOnly = bySource.delete(key);
    const object = await read<Watched>(client, path);
    if (!object) return queue.forget(key);
    const say = (line: string) => log(`${namespace}/${name}: ${line}`);
    const next = kind === "HelmRelease"
      ? await reconcileRelease(object as HelmRelease, { client, kubeconfig, dir, signal, sourceOnly, log: say })
      : await reconcileOne(kind, object as Source, path, key);
    if (next === "retry") queue.retry(key);
    else if (next !== "never") queue.addAfter(key, next);
  }

  async function reconcileOne(kind: Exclude<Kind, "HelmRelease">, source: Source, path: string, key: string) {
    if (source.spec.suspend) return "never" as Next;
    const before = source.status?.artifact?.revision;
    const known = JSON.stringify(source.status);
    const found = await reconcileSource(kind, source, { client, dir, signal });
    const wished = source.metadata.annotations?.[requestedAt];
    if (wished !== undefined && source.status) source.status.lastHandledReconcileAt = wished;
    if (JSON.stringify(source.status) !== known) await saveStatus(client, path, source);
    if (source.status?.artifact?.revision !== before || kind === "OCIRepository" && !found) dependents(key);
    return found ? parseDuration(source.spec.interval ?? "5m") : "retry" as Next;
  }

  const watch = (kind: Kind, namespace?: string) =>
    listWatch<Watched>({
      client,
      path: resourcePath(resources[kind], namespace),
      project: (object) => object as Watched,
      onUpsert(key, object) {
        const name = `${kind}/${key}`;
        const before = objects.get(name);
        objects.set(name, object);
        if (!before || calls(before) !== calls(object)) lookAt(name);
        if (kind !== "HelmRelease" && !before) dependents(name);
      },
      onDelete: (key) => void objects.delete(`${kind}/${key}`),
      onError: (error) => signal.aborted || log(`watch of ${kind}: ${error.message}`),
    });
  const watches = (Object.keys(resources) as Kind[])
    .flatMap((kind) => (namespaces ?? [undefined]).map((namespace) => watch(kind, namespace)));
  const running = queue.run(work, {
    concurrency: 4,
    signal,
    onError: (error, key) => signal.aborted || log(`${key}: ${(error as Error).message}`),
  });
  await Promise.all(watches.map(({ synced }) => synced));
  return {
    async stop() {
      stopping.abort(new Error("the controller is stopping"));
      await Promise.all([...watches.map((one) => one.stop()), queue.drain(), running]);
      connection.close();
      if (!options.dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What of an object, when it changes, calls for a look: not its status. */
const calls = ({ metadata }: Watched) =>
  JSON.stringify([metadata.uid, metadata.generation, metadata.annotations?.[requestedAt], metadata.deletionTimestamp]);

async function read<T>(client: KubeClient, path: string): Promise<T | undefined> {
  try {
    return await client.request<T>("GET", path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

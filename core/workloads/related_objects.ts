import { apiVersionOf, type GroupKind, kindKey, workloadKey } from "./workload.ts";
import type { ObjectReference, ResourceKind, WorkloadPlugin } from "../plugin.ts";
import { isEqual } from "../lib/equal.ts";
import { isLaterVersion, type KubeObject } from "../kube/list.ts";
import { isForbidden, isNotFound } from "../kube/kube_error.ts";
import type { KubeClient } from "../kube/client.ts";
import { type ListWatch, listWatch, skipAfterMs } from "../kube/watch.ts";
import { objectKey, resourcePath } from "../kube/paths.ts";
import { type RelatedLookup, type RelatedObject, trimRelated } from "./project.ts";

export interface RelatedOptions {
  client: KubeClient;
  plugins: readonly WorkloadPlugin[];
  /** Empty: all. */
  namespaces: readonly string[];
  /** An object that was looked for has come, changed or gone, or can or cannot be read now. */
  onChange(dependents: readonly string[]): void;
  onError(error: Error, resource: string, namespace?: string): void;
  /** A watch was opened: what went wrong with it before does not any more. */
  onOpen?(resource: string, namespace?: string): void;
  /** The API server does not serve a kind. */
  onAbsent?(resource: string): void;
}

/**
 * The objects that workloads refer to, of the kinds that their plugins name, in the namespaces that are served. What is
 * watched follows from the settings alone: no reference opens a watch.
 */
export interface RelatedObjects extends RelatedLookup {
  start(): void;
  /** A workload is gone, or is to be read anew: it depends on nothing. */
  forget(dependent: string): void;
  /** Takes in what the API server answered. */
  take(resource: ResourceKind, object: unknown): void;
  /**
   * Reads one as it is now.
   *
   * @throws {KubeError}
   */
  read(reference: ObjectReference): Promise<void>;
  isSynced(): boolean;
  synced(): Promise<void>;
  isHealthy(): boolean;
  stop(): Promise<void>;
}

interface Place {
  watch: ListWatch;
  /** It was listed, or refused. */
  answered: boolean;
  problem?: string;
}

export function createRelatedObjects(options: RelatedOptions): RelatedObjects {
  const { client, namespaces } = options;
  const kinds = new Map(
    options.plugins.flatMap(({ related = [] }) => related)
      .map((kind) => [`${apiVersionOf(kind.resource)} ${kind.resource.kind}`, kind] as const),
  );
  const objects = new Map<string, RelatedObject>();
  /** From object to those that looked for it, and back. */
  const dependents = new Map<string, Set<string>>();
  const lookedFor = new Map<string, Set<string>>();
  const places = new Map<string, Place>();
  const waiting: (() => void)[] = [];
  const kindOf = ({ apiVersion, kind }: ObjectReference) => kinds.get(`${apiVersion} ${kind}`);
  const tell = (key: string) => {
    const told = dependents.get(key);
    if (told) options.onChange([...told]);
  };
  const isSynced = () => [...places.values()].every(({ answered }) => answered);

  function answered(place: Place, id: string, problem?: string): void {
    const changed = !place.answered || place.problem !== problem;
    place.answered = true;
    if (problem === undefined) delete place.problem;
    else place.problem = problem;
    if (!changed) return;
    // a copy: who is told looks again, which takes the key out and puts it in anew
    for (const key of [...dependents.keys()]) if (key.startsWith(id)) tell(key);
    if (isSynced()) { for (const resolve of waiting.splice(0)) resolve(); }
  }

  function keep(
    resource: ResourceKind,
    keep: (object: unknown) => object,
    object: KubeObject,
    isTruth: boolean,
  ): void {
    const kept = trimRelated(keep, object);
    const { namespace, name, uid, resourceVersion } = kept.metadata;
    const key = workloadKey(resource, namespace, name);
    const known = objects.get(key);
    const isOld = known?.metadata.uid === uid && isLaterVersion(known.metadata.resourceVersion, resourceVersion);
    if (isOld && !isTruth) return;
    objects.set(key, kept);
    if (!known || !isSame(known, kept)) tell(key);
  }

  function watch(
    { resource, keep: trim }: { resource: ResourceKind; keep(object: unknown): object },
    namespace?: string,
  ) {
    const id = `${kindKey(resource)}/${namespace ? `${namespace}/` : ""}`;
    if (places.has(id)) return;
    const place: Place = {
      answered: false,
      watch: listWatch<KubeObject>({
        client,
        path: resourcePath(resource, namespace),
        absentIsEmpty: true,
        project: (object) => object,
        onUpsert: (_, object, isTruth) => keep(resource, trim, object, isTruth),
        onDelete(key) {
          objects.delete(`${kindKey(resource)}/${key}`);
          tell(`${kindKey(resource)}/${key}`);
        },
        onSynced: () => answered(place, id),
        skipForbiddenAfterMs: skipAfterMs(namespaces),
        onOpen() {
          answered(place, id);
          options.onOpen?.(resource.plural, namespace);
        },
        onAbsent: () => options.onAbsent?.(resource.plural),
        onError(error) {
          options.onError(error, resource.plural, namespace);
          if (isForbidden(error)) {
            answered(place, id, `${resource.plural} of ${namespace ?? "all namespaces"} may not be read`);
          }
        },
      }),
    };
    places.set(id, place);
  }

  const placeOf = (kind: GroupKind, namespace: string) =>
    places.get(`${kindKey(kind)}/`) ?? places.get(`${kindKey(kind)}/${namespace}/`);

  function keepAnswer(
    { resource, keep: trim }: { resource: ResourceKind; keep(object: unknown): object },
    object: KubeObject,
  ): void {
    const { metadata } = object;
    placeOf(resource, metadata.namespace ?? "")?.watch.answered(objectKey(metadata));
    keep(resource, trim, object, false);
  }

  return {
    start() {
      for (const kind of kinds.values()) {
        if (namespaces.length === 0) watch(kind);
        for (const namespace of namespaces) watch(kind, namespace);
      }
    },
    find(reference, dependent) {
      const { kind: name, namespace } = reference;
      const kind = kindOf(reference);
      if (!kind) {
        return { problem: `${reference.apiVersion} ${name} is no kind that its plugin looks at`, passing: false };
      }
      const place = placeOf(kind.resource, namespace);
      if (!place) return { problem: "its namespace is not among HEADWIND_NAMESPACES", passing: false };
      const key = workloadKey(kind.resource, namespace, reference.name);
      add(dependents, key, dependent);
      add(lookedFor, dependent, key);
      if (place.problem) return { problem: place.problem, passing: false };
      const object = objects.get(key);
      if (object) return { object };
      if (place.answered) return { missing: true };
      return { problem: `${kind.resource.plural} are not listed yet`, passing: true };
    },
    forget(dependent) {
      for (const key of lookedFor.get(dependent) ?? []) {
        const users = dependents.get(key);
        if (users?.delete(dependent) && users.size === 0) dependents.delete(key);
      }
      lookedFor.delete(dependent);
    },
    take(resource, object) {
      const kind = kinds.get(`${apiVersionOf(resource)} ${resource.kind}`);
      if (kind) keepAnswer(kind, object as KubeObject);
    },
    async read(reference) {
      const kind = kindOf(reference);
      if (!kind) return;
      const { namespace, name } = reference;
      try {
        keepAnswer(kind, await client.request<KubeObject>("GET", resourcePath(kind.resource, namespace, name)));
      } catch (error) {
        if (!isNotFound(error)) throw error;
        const key = workloadKey(kind.resource, namespace, name);
        if (objects.delete(key)) tell(key);
      }
    },
    kindOf: (reference) => kindOf(reference)?.resource,
    isSynced,
    synced: () => isSynced() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    isHealthy: () => [...places.values()].every(({ watch, problem }) => problem !== undefined || watch.healthy()),
    async stop() {
      await Promise.all([...places.values()].map(({ watch }) => watch.stop()));
    },
  };
}

function add(to: Map<string, Set<string>>, key: string, value: string): void {
  const values = to.get(key);
  if (values) values.add(value);
  else to.set(key, new Set([value]));
}

/** Its resource version apart, which each write of its status moves. */
function isSame(a: RelatedObject, b: RelatedObject): boolean {
  const { resourceVersion } = b.metadata;
  return isEqual({ ...a, metadata: { ...a.metadata, resourceVersion } }, b);
}

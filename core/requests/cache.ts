import { compareText } from "../lib/compare_text.ts";
import { isLaterVersion } from "../kube/list.ts";
import { groupOf, workloadKey } from "../workloads/workload.ts";
import { isPending, isUndecided, type UpdateRequest } from "./update_request.ts";
import type { NewUpdateRequest } from "./store.ts";
import { Unavailable } from "../lib/retryable.ts";

/**
 * The UpdateRequests as last heard of, by workload. What the watch says and what the store is told by the API server land
 * here, each as `projectRequest` keeps it, and nobody else writes into it.
 */
export interface UpdateCache {
  /** Takes a request in, unless a later state of it is known; with `isTruth`, as in `listWatch`, also then. True when it was news. */
  upsert(request: UpdateRequest, isTruth?: boolean): boolean;
  /** Key is `namespace/name`. Gives the key of its workload. With `uid` another object of that name stays. */
  remove(key: string, uid?: string): string | undefined;
  get(key: string): UpdateRequest | undefined;
  /** All requests of a workload, finished ones too. */
  ofWorkload(workload: string): UpdateRequest[];
  /** Keys of workloads that have requests. */
  workloads(): string[];
  pending(): number;
  /** All that are pending, in no order. */
  allPending(): UpdateRequest[];
  /** All of them, in no order. */
  all(): Iterable<UpdateRequest>;
  /** Another number after each change of what is known. */
  revision(): number;
}

/** What is known, for those who do not hear of it first. */
export type KnownRequests = Omit<UpdateCache, "upsert" | "remove">;

export const requestKey = ({ metadata }: Pick<NewUpdateRequest, "metadata">): string =>
  `${metadata.namespace}/${metadata.name}`;
/** The key of the workload that a request is for. One that names another namespace's is for none, and is kept apart. */
export function targetKey({ spec: { targetRef }, metadata }: UpdateRequest): string {
  const { apiVersion, kind, namespace, name } = targetRef;
  const key = workloadKey({ group: groupOf(apiVersion), kind }, namespace, name);
  return namespace === metadata.namespace ? key : `${key} from ${metadata.namespace}`;
}

export function createUpdateCache(): UpdateCache {
  const requests = new Map<string, UpdateRequest>();
  const byWorkload = new Map<string, Set<string>>();
  const pending = new Set<string>();
  let revision = 0;
  const remove = (key: string, uid?: string) => {
    const known = requests.get(key);
    if (!known || (uid !== undefined && known.metadata.uid !== uid)) return undefined;
    revision++;
    pending.delete(key);
    requests.delete(key);
    const workload = targetKey(known);
    const keys = byWorkload.get(workload);
    keys?.delete(key);
    if (keys?.size === 0) byWorkload.delete(workload);
    return workload;
  };

  return {
    upsert(request, isTruth = false) {
      const key = requestKey(request);
      const known = requests.get(key);
      const { uid, resourceVersion } = request.metadata;
      if (known) {
        const isSame = known.metadata.uid === uid && known.metadata.resourceVersion === resourceVersion;
        // of one of that name that is gone an answer may come late
        const isNews = isTruth ? !isSame : isLaterVersion(resourceVersion, known.metadata.resourceVersion);
        if (!isNews) return false;
      }
      remove(key);
      revision++;
      if (isPending(request)) pending.add(key);
      requests.set(key, request);
      const workload = targetKey(request);
      const keys = byWorkload.get(workload) ?? new Set();
      byWorkload.set(workload, keys.add(key));
      return true;
    },
    remove,
    get: (key) => requests.get(key),
    ofWorkload: (workload) => [...byWorkload.get(workload) ?? []].map((key) => requests.get(key)!),
    workloads: () => [...byWorkload.keys()],
    pending: () => pending.size,
    allPending: () => [...pending].map((key) => requests.get(key)!),
    all: () => requests.values(),
    revision: () => revision,
  };
}

/** The UpdateRequests as the watch has told of them, for who reads: nothing is asked of the API server. */
export interface UpdateReads {
  /**
   * Those that wait for a decision, in all served namespaces or one, by namespace and name.
   *
   * @throws {Unavailable} until they were listed
   */
  pending(namespace?: string): UpdateRequest[];
  /**
   * Undefined where there is none of that name.
   *
   * @throws {Unavailable} until they were listed
   */
  get(namespace: string, name: string): UpdateRequest | undefined;
}

export function cachedReads(cache: KnownRequests, isListed: () => boolean): UpdateReads {
  const listed = () => {
    if (!isListed()) throw new Unavailable("the UpdateRequests are not listed yet", 2);
    return cache;
  };
  return {
    pending: (namespace) =>
      listed().allPending()
        .filter((request) =>
          isUndecided(request) && (namespace === undefined || request.metadata.namespace === namespace)
        )
        .sort(byKey),
    get: (namespace, name) => listed().get(`${namespace}/${name}`),
  };
}

const byKey = (a: UpdateRequest, b: UpdateRequest) =>
  compareText(a.metadata.namespace, b.metadata.namespace) || compareText(a.metadata.name, b.metadata.name);

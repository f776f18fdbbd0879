import type { KnownRequests } from "./cache.ts";
import type { UpdateRequest } from "./update_request.ts";
import { Unavailable } from "../lib/unavailable.ts";

/** The UpdateRequests as the watch has told of them, for who reads: nothing is asked of the API server. */
export interface UpdateReads {
  /** Those that wait for a decision, in all served namespaces or one, by namespace and name. Throws `Unavailable` until they were listed. */
  pending(namespace?: string): UpdateRequest[];
  /** Undefined where there is none of that name. Throws `Unavailable` until they were listed. */
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
        .filter(({ metadata, spec }) => !spec.decision && (namespace === undefined || metadata.namespace === namespace))
        .sort(byKey),
    get: (namespace, name) => listed().get(`${namespace}/${name}`),
  };
}

const byKey = (a: UpdateRequest, b: UpdateRequest) =>
  compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name);
const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;

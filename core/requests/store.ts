import { decisionText } from "./decision_text.ts";
import { isEqual } from "../lib/equal.ts";
import {
  API_VERSION,
  type Decision,
  isUndecided,
  type ObjectMeta,
  projectRequest,
  RESOURCE,
  type UpdateRequest,
  type UpdateRequestSpec,
  type UpdateRequestStatus,
} from "./update_request.ts";
import type { KubeClient } from "../kube/client.ts";
import { isConflict, isNotFound, KubeError } from "../kube/kube_error.ts";
import { resourcePath } from "../kube/paths.ts";
import { type ListWatch, listWatch, skipAfterMs } from "../kube/watch.ts";
import { TerminalError } from "../lib/retryable.ts";

/** A request that is not stored yet. */
export interface NewUpdateRequest {
  metadata: Pick<ObjectMeta, "name" | "namespace" | "labels" | "ownerReferences">;
  spec: UpdateRequestSpec;
}

/** What the approval API asks of the store. */
export interface Decisions {
  /**
   * Writes the decision, with `writer` where the one who decides has their own, and gives back the request with it.
   *
   * @throws {AlreadyDecided} where it no longer waits for one, a `KubeError` where the API server refuses
   */
  decide(
    namespace: string,
    name: string,
    decision: Decision,
    writer?: KubeClient,
  ): Promise<UpdateRequest | undefined>;
}

/** The request is not (or no longer) waiting for a decision. */
export class AlreadyDecided extends TerminalError {
  override readonly name = "AlreadyDecided";
  /** As it is, so that it can be told who decided and when. */
  readonly request: UpdateRequest;
  constructor(request: UpdateRequest) {
    super(decidedHow(request));
    this.request = request;
  }
}

/**
 * The UpdateRequests in the API server. All throw `KubeError`. Whatever it says of one, in answer to a read, a write or a
 * refusal, is told: nobody else has to take it into the cache.
 */
export interface UpdateStore extends Decisions {
  /** As it is kept; undefined when there is none of that name. */
  get(namespace: string, name: string): Promise<UpdateRequest | undefined>;
  /** @throws with reason `AlreadyExists` where there is one of that name */
  create(request: NewUpdateRequest): Promise<UpdateRequest>;
  /** Writes the status over exactly the state that `request` shows; throws `Conflict` where it has changed since, as it is told. */
  writeStatus(request: UpdateRequest, status: UpdateRequestStatus): Promise<UpdateRequest>;
  /** Deletes exactly the state that `request` shows; gone already is success; throws `Conflict` as `writeStatus` does. */
  remove(request: UpdateRequest): Promise<void>;
}

const path = (namespace: string, name?: string, subresource?: string) =>
  resourcePath(RESOURCE, namespace, name, subresource);
const query = { fieldManager: "headwind" };

/** `changed` is told of each state that the API server gave back, as it is kept, and `gone` of each object that is no more. */
export function createUpdateStore(
  client: KubeClient,
  changed: (request: UpdateRequest) => void,
  gone: (request: Pick<UpdateRequest, "metadata">) => void = () => {},
): UpdateStore {
  const publish = (request: UpdateRequest) => {
    const kept = projectRequest(request);
    changed(kept);
    return kept;
  };
  const read = async (namespace: string, name: string) => {
    try {
      return await client.request<UpdateRequest>("GET", path(namespace, name));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const get = async (namespace: string, name: string) => {
    const request = await read(namespace, name);
    return request && publish(request);
  };
  /** A write found another state than that of `request`, or none: what there is by now is read and published. */
  const lookAgain = async (request: UpdateRequest) => {
    const { namespace, name, uid } = request.metadata;
    const current = await get(namespace, name);
    if (current?.metadata.uid !== uid) gone(request);
  };

  return {
    async create(request) {
      const body = { apiVersion: API_VERSION, kind: "UpdateRequest", ...request };
      return publish(await client.request<UpdateRequest>("POST", path(request.metadata.namespace), { body, query }));
    },

    async writeStatus(request, status) {
      const { metadata } = request;
      const { resourceVersion } = metadata;
      const body = { metadata: { resourceVersion }, status };
      const target = path(metadata.namespace, metadata.name, "status");
      try {
        return publish(await client.request<UpdateRequest>("PATCH", target, { body, patch: "merge", query }));
      } catch (error) {
        if (isConflict(error) || isNotFound(error)) await lookAgain(request);
        throw error;
      }
    },

    async remove(request) {
      const { metadata } = request;
      const preconditions = { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
      const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions };
      try {
        await client.request("DELETE", path(metadata.namespace, metadata.name), { body });
      } catch (error) {
        if (isConflict(error)) await lookAgain(request);
        if (!isNotFound(error)) throw error;
      }
      gone(request);
    },

    get,

    async decide(namespace, name, decision: Decision, writer = client) {
      for (let attempt = 0;; attempt++) {
        const request = await read(namespace, name);
        if (!request) return undefined;
        // its answer was lost, and it was sent again
        if (attempt > 0 && isEqual(request.spec.decision, decision)) {
          publish(request);
          return request;
        }
        if (!isUndecided(request)) throw new AlreadyDecided(request);
        const body = { metadata: { resourceVersion: request.metadata.resourceVersion }, spec: { decision } };
        try {
          const options = { body, patch: "merge", query } as const;
          const decided = await writer.request<UpdateRequest>("PATCH", path(namespace, name), options);
          publish(decided);
          return decided;
        } catch (error) {
          if (!isConflict(error) || attempt === 4) throw error;
        }
      }
    },
  };
}

function decidedHow({ spec, status }: UpdateRequest): string {
  if (spec.decision) return `it was ${decisionText(spec.decision)}`;
  return `it is ${status?.phase}`;
}

export interface UpdateSourceOptions {
  client: KubeClient;
  /** Empty: all. */
  namespaces: readonly string[];
  /** `isTruth` as in `listWatch`. */
  onUpsert(request: UpdateRequest, isTruth: boolean): void;
  /** Key is `namespace/name`. */
  onDelete(key: string): void;
  onError(error: Error, namespace: string | undefined): void;
  /** A watch was opened: what went wrong before does not any more. */
  onOpen?(namespace: string | undefined): void;
}

/** Watches the UpdateRequests of the namespaces; call it once. */
export function watchUpdateRequests(options: UpdateSourceOptions): ListWatch[] {
  const places = options.namespaces.length > 0 ? options.namespaces : [undefined];
  return places.map((namespace) =>
    listWatch<UpdateRequest>({
      client: options.client,
      path: resourcePath(RESOURCE, namespace),
      project: (object) => projectRequest(object as unknown as UpdateRequest),
      onUpsert: (_key, request, isTruth) => options.onUpsert(request, isTruth),
      onDelete: options.onDelete,
      onError: (error) => options.onError(error, namespace),
      onOpen: () => options.onOpen?.(namespace),
      skipForbiddenAfterMs: skipAfterMs(options.namespaces),
    })
  );
}

/** What a cluster without the CRD is told of, and what mends it. */
export const MISSING_CRD = "the cluster knows no UpdateRequests: Headwind's CRD is not installed";
export const INSTALL_CRD = "kubectl apply -f deploy/crds installs it";

/** Whether the API server does not serve UpdateRequests at all: of one that is not there it would say its name. */
export const isMissingCrd = (error: unknown): boolean =>
  error instanceof KubeError && error.status === 404 && error.message.includes(RESOURCE.plural) &&
  !error.said.includes('"');

import { trim } from "./trim.ts";
import type { KubeClient } from "../kube/client.ts";
import { isPending } from "./cache.ts";
import { isConflict, isNotFound } from "../kube/errors.ts";
import { resourcePath } from "../kube/paths.ts";
import { AlreadyDecided, type Decisions } from "./decisions.ts";
import {
  API_VERSION,
  type Decision,
  type ObjectMeta,
  RESOURCE,
  type UpdateRequest,
  type UpdateRequestSpec,
  type UpdateRequestStatus,
} from "./update_request.ts";

/** A request that is not stored yet. */
export interface NewUpdateRequest {
  metadata: Pick<ObjectMeta, "name" | "namespace" | "labels" | "ownerReferences">;
  spec: UpdateRequestSpec;
}

/** The UpdateRequests in the API server. All throw `KubeError`. */
export interface UpdateStore extends Decisions {
  /** Undefined when there is none of that name. */
  get(namespace: string, name: string): Promise<UpdateRequest | undefined>;
  /** Throws with reason `AlreadyExists` where there is one of that name. */
  create(request: NewUpdateRequest): Promise<UpdateRequest>;
  /** Writes the status over exactly the state that `request` shows; throws `Conflict` where it has changed since. */
  writeStatus(request: UpdateRequest, status: UpdateRequestStatus): Promise<UpdateRequest>;
  /** Deletes exactly the state that `request` shows; gone already is success. */
  remove(request: UpdateRequest): Promise<void>;
}

const path = (namespace: string, name?: string, subresource?: string) =>
  resourcePath(RESOURCE, namespace, name, subresource);
const query = { fieldManager: "headwind" };

/** `changed` is told of each state that a write gave back. */
export function createUpdateStore(client: KubeClient, changed: (request: UpdateRequest) => void): UpdateStore {
  const tell = (request: UpdateRequest) => {
    changed(trim(request));
    return request;
  };
  const get = async (namespace: string, name: string) => {
    try {
      return await client.request<UpdateRequest>("GET", path(namespace, name));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  return {
    async create(request) {
      const body = { apiVersion: API_VERSION, kind: "UpdateRequest", ...request };
      return tell(await client.request<UpdateRequest>("POST", path(request.metadata.namespace), { body, query }));
    },

    async writeStatus({ metadata }, status) {
      const { resourceVersion } = metadata;
      const body = { metadata: { resourceVersion }, status };
      const target = path(metadata.namespace, metadata.name, "status");
      return tell(await client.request<UpdateRequest>("PATCH", target, { body, patch: "merge", query }));
    },

    async remove({ metadata }) {
      const preconditions = { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
      const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions };
      try {
        await client.request("DELETE", path(metadata.namespace, metadata.name), { body });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    get,

    async decide(namespace, name, decision: Decision, writer = client) {
      for (let attempt = 0;; attempt++) {
        const request = await get(namespace, name);
        if (!request) return undefined;
        if (!isUndecided(request)) throw new AlreadyDecided(standing(request));
        const body = { metadata: { resourceVersion: request.metadata.resourceVersion }, spec: { decision } };
        try {
          return tell(
            await writer.request<UpdateRequest>("PATCH", path(namespace, name), { body, patch: "merge", query }),
          );
        } catch (error) {
          if (!isConflict(error) || attempt === 4) throw error;
        }
      }
    },
  };
}

function isUndecided(request: UpdateRequest): boolean {
  return isPending(request) && request.spec.decision === undefined;
}

function standing({ spec, status }: UpdateRequest): string {
  if (spec.decision) return `it was ${spec.decision.approved ? "approved" : "rejected"} by ${spec.decision.by}`;
  return `it is ${status?.phase}`;
}

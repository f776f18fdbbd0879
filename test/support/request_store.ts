import { KubeError } from "../../core/kube/kube_error.ts";
import { createUpdateStore, type UpdateStore } from "../../core/requests/store.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { type FakeApiServer, fakeApiServer } from "./fake_api_server.ts";

/** The operator's own store of UpdateRequests, on an API server in memory. */
export interface RequestStore extends UpdateStore {
  server: FakeApiServer;
  /** By `namespace/name`. */
  requests: Map<string, UpdateRequest>;
  /** What was asked for, such as `create default/a`. */
  calls: string[];
  /** Called before each is done, with its call: may throw, or change what is stored. */
  meddle?: (call: string) => void | Promise<void>;
  /** Told of each state that an answer gave, as it is kept. */
  changed?: (request: UpdateRequest) => void;
  /** Told of each object that is no more. */
  gone?: (request: Pick<UpdateRequest, "metadata">) => void;
  /** Puts a request there, as another replica or a person would. */
  put(request: UpdateRequest): UpdateRequest;
}

const resource = "/apis/headwind.sh/v1alpha1/updaterequests";

export const conflict = (): KubeError => new KubeError(409, "Conflict", "the object has been modified");

/** A store of these requests. */
export function requestStore(...before: UpdateRequest[]): RequestStore {
  const server = fakeApiServer();
  const calls: string[] = [];
  server.before = async (asked, { body }) => {
    const [, method, namespace, name, isOfStatus] =
      /^(\w+) .*\/namespaces\/([^/]+)\/updaterequests(?:\/([^/]+))?(\/status)?$/.exec(asked)!;
    const verb = isOfStatus ? "status" : verbs[method!]!;
    const call = `${verb} ${namespace}/${name ?? (body as UpdateRequest).metadata.name}`;
    calls.push(call);
    await store.meddle?.(call);
  };
  const store: RequestStore = {
    ...createUpdateStore(server.client, (request) => store.changed?.(request), (request) => store.gone?.(request)),
    server,
    requests: server.objects(resource) as Map<string, unknown> as Map<string, UpdateRequest>,
    calls,
    put: (request) => server.put(resource, request) as unknown as UpdateRequest,
  };
  for (const request of before) store.put(request);
  return store;
}

const verbs: Record<string, string> = { POST: "create", GET: "get", PATCH: "decide", DELETE: "remove" };

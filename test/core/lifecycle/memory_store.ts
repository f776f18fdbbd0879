import { KubeError } from "../../../core/kube/kube_error.ts";
import { projectRequest, type UpdateRequest } from "../../../core/requests/update_request.ts";
import type { UpdateStore } from "../../../core/requests/store.ts";

export interface MemoryStore extends UpdateStore {
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

export const conflict = () => new KubeError(409, "Conflict", "the object has been modified");

/**
 * The least that the logic above the store needs to be asked about: requests by name, new resource versions, and the
 * refusals of a name that is taken and of a state that is old. What the API server itself does is tested on a real one.
 */
export function memoryStore(...before: UpdateRequest[]): MemoryStore {
  let version = 100;
  const requests = new Map<string, UpdateRequest>();
  const calls: string[] = [];
  const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;
  const asked = async (verb: string, key: string) => {
    calls.push(`${verb} ${key}`);
    await Promise.resolve();
    await store.meddle?.(`${verb} ${key}`);
  };
  const exact = ({ metadata }: UpdateRequest) => {
    const stored = requests.get(keyOf(metadata));
    if (!stored) throw new KubeError(404, "NotFound", "not found");
    if (stored.metadata.uid !== metadata.uid || stored.metadata.resourceVersion !== metadata.resourceVersion) {
      throw conflict();
    }
    return stored;
  };
  const tell = (request: UpdateRequest) => {
    store.changed?.(projectRequest(request));
    return projectRequest(request);
  };
  const exactOrTold = async (request: UpdateRequest) => {
    try {
      return exact(request);
    } catch (error) {
      await lookAgain(request);
      throw error;
    }
  };
  const lookAgain = async ({ metadata }: UpdateRequest) => {
    const current = await store.get(metadata.namespace, metadata.name);
    if (current?.metadata.uid !== metadata.uid) store.gone?.({ metadata });
  };

  const store: MemoryStore = {
    requests,
    calls,
    put(request) {
      const metadata = { ...request.metadata, resourceVersion: String(++version) };
      const stored = { ...request, metadata };
      requests.set(keyOf(metadata), stored);
      return stored;
    },
    async create({ metadata, spec }) {
      await asked("create", keyOf(metadata));
      if (requests.has(keyOf(metadata))) throw new KubeError(409, "AlreadyExists", "exists");
      const creationTimestamp = "2026-01-01T12:00:00Z";
      const whole = { ...metadata, uid: `made-${version}`, resourceVersion: "", creationTimestamp };
      return tell(store.put({ apiVersion: "headwind.sh/v1alpha1", kind: "UpdateRequest", metadata: whole, spec }));
    },
    async get(namespace, name) {
      await asked("get", keyOf({ namespace, name }));
      const request = requests.get(keyOf({ namespace, name }));
      return request && tell(request);
    },
    async writeStatus(request, status) {
      await asked("status", keyOf(request.metadata));
      return tell(store.put({ ...await exactOrTold(request), status }));
    },
    async remove(request) {
      await asked("remove", keyOf(request.metadata));
      if (requests.has(keyOf(request.metadata))) {
        await exactOrTold(request);
        requests.delete(keyOf(request.metadata));
      }
      store.gone?.(request);
    },
    async decide(namespace, name, decision) {
      await asked("decide", keyOf({ namespace, name }));
      const request = requests.get(keyOf({ namespace, name }));
      return request && tell(store.put({ ...request, spec: { ...request.spec, decision } }));
    },
  };
  for (const request of before) store.put(request);
  return store;
}

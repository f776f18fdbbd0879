import type { KubeClient, Method, PatchOperation, Query, RequestOptions } from "../../core/kube/client.ts";
import { KubeError } from "../../core/kube/kube_error.ts";
import type { KubeObject } from "../../core/kube/list.ts";
import { isEqual } from "../../core/lib/equal.ts";
import { type HttpResponse, responseOf } from "../../core/runtime/http_request.ts";
import { admitUpdateRequest } from "./crd_schema.ts";
import { patched } from "./json_patch.ts";

/**
 * An API server in memory: objects of any resource, with resource versions, preconditions, JSON and merge patches, and
 * watches. UpdateRequests are pruned and refused by the CRD of `deploy/`. It can go back in time, as after a restore of
 * etcd, be away, or hang. It knows no rights, no pages of lists, and no admission but that of the CRD.
 */
export interface FakeApiServer {
  client: KubeClient;
  /** All that was asked, such as `GET /api/v1/namespaces/default/secrets/a`. */
  asked: string[];
  /** Called before each request that is not a watch, with what is in `asked`: may throw, or change what there is. */
  before?: ((asked: string, options: RequestOptions) => unknown) | undefined;
  /** Called after a list has been made, and before it is answered. */
  onList?: (() => unknown) | undefined;
  /** `away`: nothing is answered, and watches are cut. `hangs`: nothing is answered, and watches are silent. */
  state: "up" | "away" | "hangs";
  /** What a resource's path, such as `/apis/apps/v1/deployments`, has, by `namespace/name`. A change of it is told to no watch. */
  objects(resource: string): Map<string, KubeObject>;
  /** Writes an object, status and all, as another replica or a person would. */
  put(resource: string, object: { metadata: object; spec?: unknown; status?: unknown }): KubeObject;
  remove(resource: string, key: string): void;
  /** What there is, to come back to. */
  snapshot(): () => void;
}

const updateRequests = "/apis/headwind.sh/v1alpha1/updaterequests";
type Event = { resource: string; type: "ADDED" | "MODIFIED" | "DELETED"; object: KubeObject };
interface Watch {
  resource: string;
  namespace: string | undefined;
  from: number;
  send(line: string): void;
  cut(): void;
}

const keyOf = ({ namespace, name }: { namespace?: string | undefined; name?: string | undefined }) =>
  namespace === undefined ? `${name}` : `${namespace}/${name}`;
const versionOf = (object: KubeObject) => Number(object.metadata.resourceVersion);
const conflict = () => new KubeError(409, "Conflict", "the object has been modified");

export function fakeApiServer(): FakeApiServer {
  let revision = 100;
  let made = 0;
  /** Nothing is stored of what is being done. */
  let isDry = false;
  let all = new Map<string, Map<string, KubeObject>>();
  const history: Event[] = [];
  const watches = new Set<Watch>();
  const objects = (resource: string) => {
    if (!all.has(resource)) all.set(resource, new Map());
    return all.get(resource)!;
  };

  function tell(event: Event): void {
    history.push(event);
    if (server.state !== "up") return;
    for (const watch of watches) if (isFor(watch, event)) watch.send(lineOf(event));
  }

  /** Never answered where it hangs. */
  async function reached(signal: AbortSignal | undefined): Promise<void> {
    await Promise.resolve();
    signal?.throwIfAborted();
    if (server.state === "away") throw new KubeError(0, "ConnectionFailed", "no connection");
    if (server.state === "up") return;
    await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
  }

  /** Stores an object in the place of `old`, unless it is the same; what the CRD refuses is 422. */
  function write(resource: string, object: KubeObject, old: KubeObject | undefined): KubeObject {
    let admitted = object;
    if (resource === updateRequests) {
      const { faults, object: pruned } = admitUpdateRequest(object, old);
      if (faults.length > 0) throw new KubeError(422, "Invalid", faults.join(", "));
      admitted = pruned;
    }
    if (old && isEqual(admitted, old)) return old;
    const metadata = { ...admitted.metadata, resourceVersion: String(++revision) };
    const stored = { ...admitted, metadata };
    if (isDry) return stored;
    objects(resource).set(keyOf(metadata), stored);
    tell({ resource, type: old ? "MODIFIED" : "ADDED", object: stored });
    return stored;
  }

  function create(resource: string, namespace: string | undefined, body: KubeObject): KubeObject {
    const key = keyOf({ namespace, name: body.metadata.name });
    if (objects(resource).has(key)) throw new KubeError(409, "AlreadyExists", `${key} already exists`);
    const own = { uid: `made-${++made}`, creationTimestamp: "2026-01-01T12:00:00Z" };
    const { status: _, ...rest } = body as KubeObject & { status?: unknown };
    const metadata = { ...body.metadata, ...(namespace === undefined ? {} : { namespace }), ...own };
    return write(resource, { ...rest, metadata } as KubeObject, undefined);
  }

  function patch(resource: string, old: KubeObject, isOfStatus: boolean, { patch, body }: RequestOptions): KubeObject {
    const whole = patch === "json" ? patched(old, body as PatchOperation[]) : merged(old, body) as KubeObject;
    if (!whole) throw new KubeError(422, "Invalid", "the server rejected our request: a test failed");
    const expected = (body as Partial<KubeObject>).metadata?.resourceVersion;
    if (patch !== "json" && expected !== undefined && expected !== old.metadata.resourceVersion) throw conflict();
    const { status, ...rest } = whole as KubeObject & { status?: unknown };
    const before = old as KubeObject & { status?: unknown };
    if (isOfStatus) return write(resource, { ...old, status } as KubeObject, old);
    const kept = resource === updateRequests ? before.status : status;
    return write(resource, (kept === undefined ? rest : { ...rest, status: kept }) as KubeObject, old);
  }

  async function request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    const asked = `${method} ${path}${options.query?.limit === "1" ? " limit=1" : ""}`;
    server.asked.push(asked);
    await reached(options.signal);
    await server.before?.(asked, options);
    isDry = options.query?.dryRun === "All" || (method === "DELETE" && "dryRun" in Object(options.body));
    try {
      return await answer(method, path, options);
    } finally {
      isDry = false;
    }
  }

  async function answer(method: Method, path: string, options: RequestOptions): Promise<unknown> {
    const { resource, namespace, name, subresource } = parsed(path);
    if (name === undefined && method === "POST") return create(resource, namespace, options.body as KubeObject);
    if (name === undefined) {
      const items = [...objects(resource).values()].filter((one) =>
        namespace === undefined || one.metadata.namespace === namespace
      );
      const answer = { metadata: { resourceVersion: String(revision) }, items };
      if (options.query?.limit !== "1") await server.onList?.();
      return answer;
    }
    const key = keyOf({ namespace, name });
    const object = objects(resource).get(key);
    if (!object) throw new KubeError(404, "NotFound", `there is no ${path}`);
    if (method === "GET") return object;
    if (method === "PATCH") return patch(resource, object, subresource === "status", options);
    if (method !== "DELETE") throw new KubeError(405, "MethodNotAllowed", `${method} is not served`);
    const { preconditions = {} } = (options.body ?? {}) as { preconditions?: Record<string, string> };
    const { uid = object.metadata.uid, resourceVersion = object.metadata.resourceVersion } = preconditions;
    if (uid !== object.metadata.uid || resourceVersion !== object.metadata.resourceVersion) throw conflict();
    if (!isDry) server.remove(resource, key);
    return object;
  }

  async function stream(
    path: string,
    { query, signal }: { query?: Query; signal?: AbortSignal },
  ): Promise<HttpResponse> {
    server.asked.push(`WATCH ${path} from ${query?.resourceVersion}`);
    await reached(signal);
    const { resource, namespace } = parsed(path);
    const from = Number(query?.resourceVersion);
    const body = new ReadableStream({
      type: "bytes",
      start(control) {
        const encoder = new TextEncoder();
        const watch: Watch = {
          resource,
          namespace,
          from,
          send: (line) => control.enqueue(encoder.encode(line)),
          cut() {
            watches.delete(watch);
            control.error(new Error("cut"));
          },
        };
        watches.add(watch);
        signal?.addEventListener("abort", () => watches.has(watch) && watch.cut(), { once: true });
        if (from <= revision) { for (const event of history) if (isFor(watch, event)) watch.send(lineOf(event)); }
      },
    });
    return responseOf(new Response(body));
  }

  let state: FakeApiServer["state"] = "up";
  const server: FakeApiServer = {
    client: { request: request as KubeClient["request"], stream },
    asked: [],
    get state() {
      return state;
    },
    set state(next) {
      state = next;
      if (next === "away") { for (const watch of [...watches]) watch.cut(); }
    },
    objects,
    put(resource, { metadata, ...rest }) {
      const known = objects(resource).get(keyOf(metadata));
      const { name } = metadata as { name?: string };
      const uid = known?.metadata.uid ?? `uid-${name}`;
      return write(resource, { ...rest, metadata: { uid, ...metadata } } as KubeObject, known);
    },
    remove(resource, key) {
      const known = objects(resource).get(key);
      if (!known || !objects(resource).delete(key)) return;
      const metadata = { ...known.metadata, resourceVersion: String(++revision) };
      tell({ resource, type: "DELETED", object: { ...known, metadata } });
    },
    snapshot() {
      const then = new Map([...all].map(([resource, objects]) => [resource, new Map(objects)]));
      const at = revision;
      return () => {
        all = new Map([...then].map(([resource, objects]) => [resource, new Map(objects)]));
        revision = at;
        history.splice(0, history.length, ...history.filter(({ object }) => versionOf(object) <= at));
        for (const watch of [...watches]) watch.cut();
      };
    },
  };
  return server;
}

const isFor = (watch: Watch, { resource, object }: Event) =>
  resource === watch.resource && versionOf(object) > watch.from &&
  (watch.namespace === undefined || watch.namespace === object.metadata.namespace);
const lineOf = ({ type, object }: Event) => `${JSON.stringify({ type, object })}\n`;

/** Parts of a path such as `/apis/apps/v1/namespaces/default/deployments/web/status`. */
function parsed(path: string) {
  const parts =
    /^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/(\w+))?$/;
  const [, root, namespace, plural, name, subresource] = parts.exec(path) ?? [];
  if (root === undefined) throw new KubeError(404, "NotFound", `${path} is no path of a resource`);
  return { resource: `${root}/${plural}`, namespace, name, subresource };
}

/** RFC 7386. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === "object" && target !== null && !Array.isArray(target);
  const result: Record<string, unknown> = isObject ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else if (value !== undefined) result[name] = merged(result[name], value);
  }
  return result;
}

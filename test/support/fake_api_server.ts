import { type Answer, answerOf } from "../../core/runtime/ask.ts";
import { KubeError } from "../../core/kube/kube_error.ts";
import type { KubeClient, Method, Query, RequestOptions } from "../../core/kube/client.ts";
import type { KubeObject } from "../../core/kube/list.ts";

/** An API server in memory that can go back in time, as after a restore of etcd, be away, or hang. */
export interface FakeApi {
  client: KubeClient;
  /** All that was asked. */
  asked: string[];
  /** Writes an object of a collection. */
  put(collection: string, object: { metadata: Record<string, unknown> }): KubeObject;
  remove(collection: string, name: string): void;
  /** What there is, to come back to. */
  snapshot(): () => void;
  /** `away`: nothing is answered, and watches are cut. `hangs`: nothing is answered, and watches are silent. */
  state: "up" | "away" | "hangs";
  /** Called after a list has been made, and before it is answered. */
  onList?: (() => unknown) | undefined;
}

export function fakeApi(): FakeApi {
  let revision = 100;
  let objects = new Map<string, KubeObject>();
  const history: { collection: string; type: string; object: KubeObject }[] = [];
  const watches = new Set<{ collection: string; from: number; send(line: string): void; cut(): void }>();
  const keyOf = (collection: string, name: string) => `${collection} ${name}`;
  const versionOf = (object: KubeObject) => Number(object.metadata.resourceVersion);

  function tell(collection: string, type: string, object: KubeObject): void {
    history.push({ collection, type, object });
    if (api.state !== "up") return;
    for (const watch of watches) {
      if (watch.collection === collection && versionOf(object) > watch.from) {
        watch.send(JSON.stringify({ type, object }));
      }
    }
  }

  /** Never answered where it hangs. */
  async function reached(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (api.state === "away") throw new KubeError(0, "ConnectionFailed", "no connection");
    if (api.state === "up") return;
    await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
  }

  async function request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    api.asked.push(`${method} ${path}${options.query?.limit === "1" ? " limit=1" : ""}`);
    await reached(options.signal);
    if (method !== "GET") throw new KubeError(500, "", `${method} is not served`);
    const [, group, plural, name] = /^(.*)\/namespaces\/[^/]+\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    if (name !== undefined) {
      const object = objects.get(keyOf(`${group}/${plural}`, name));
      if (!object) throw new KubeError(404, "NotFound", `there is no ${path}`);
      return object;
    }
    const items = [...objects].filter(([key]) => key.startsWith(`${path} `)).map(([, object]) => object);
    const answer = { metadata: { resourceVersion: String(revision) }, items };
    if (options.query?.limit !== "1") await api.onList?.();
    return answer;
  }

  async function stream(path: string, { query, signal }: { query?: Query; signal?: AbortSignal }): Promise<Answer> {
    api.asked.push(`WATCH ${path} from ${query?.resourceVersion}`);
    await reached(signal);
    const from = Number(query?.resourceVersion);
    const encoder = new TextEncoder();
    const body = new ReadableStream({
      type: "bytes",
      start(control) {
        const watch = {
          collection: path,
          from,
          send: (line: string) => control.enqueue(encoder.encode(`${line}\n`)),
          cut() {
            watches.delete(watch);
            control.error(new Error("cut"));
          },
        };
        watches.add(watch);
        signal?.addEventListener("abort", () => watches.has(watch) && watch.cut(), { once: true });
        for (const { collection, type, object } of history) {
          if (collection === path && versionOf(object) > from && from <= revision) {
            watch.send(JSON.stringify({ type, object }));
          }
        }
      },
    });
    return answerOf(new Response(body));
  }

  let state: FakeApi["state"] = "up";
  const api: FakeApi = {
    client: { request: request as KubeClient["request"], stream },
    asked: [],
    get state() {
      return state;
    },
    set state(next) {
      state = next;
      if (next === "away") { for (const watch of [...watches]) watch.cut(); }
    },
    put(collection, { metadata, ...rest }) {
      const name = String(metadata.name);
      const known = objects.get(keyOf(collection, name));
      const uid = metadata.uid ?? known?.metadata.uid ?? `uid-${name}`;
      const object = {
        ...rest,
        metadata: { ...metadata, name, uid, resourceVersion: String(++revision) },
      } as KubeObject;
      objects.set(keyOf(collection, name), object);
      tell(collection, known ? "MODIFIED" : "ADDED", object);
      return object;
    },
    remove(collection, name) {
      const known = objects.get(keyOf(collection, name));
      if (!known) return;
      objects.delete(keyOf(collection, name));
      const object = { ...known, metadata: { ...known.metadata, resourceVersion: String(++revision) } };
      tell(collection, "DELETED", object);
    },
    snapshot() {
      const [then, at] = [new Map(objects), revision];
      return () => {
        objects = new Map(then);
        revision = at;
        history.splice(0, history.length, ...history.filter(({ object }) => versionOf(object) <= at));
        for (const watch of [...watches]) watch.cut();
      };
    },
  };
  return api;
}

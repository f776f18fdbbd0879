import { suite } from "uvu";
import * as assert from "uvu/assert";
import { resourcePath } from "../../../core/kube/paths.ts";
import { type ListWatch, listWatch, type ListWatchOptions } from "../../../core/kube/watch.ts";
import { type PlaneBehindProxy, planeBehindProxy } from "./plane_behind_proxy.ts";
import { until } from "./proxy.ts";

const s = suite("list and watch");
let { client, proxy, proxied, stop } = {} as PlaneBehindProxy;

s.before(async () => void ({ client, proxy, proxied, stop } = await planeBehindProxy()));
s.after(() => stop());
const started: ListWatch[] = [];
s.after.each(async () => {
  await Promise.all(started.splice(0).map((watch) => watch.stop()));
  await until("all watches are closed", () => proxy.watches() === 0);
});
s.before.each(() => {
  proxy.rule = undefined;
  proxy.asked.length = 0;
});

interface Seen {
  values: Map<string, string>;
  errors: string[];
  log: string[];
  syncs: number;
  watch: ListWatch;
}

let count = 0;
/** A namespace of its own, and names that are there from the start. */
async function namespaceWith(...names: string[]): Promise<string> {
  const namespace = `watch-${count++}`;
  await client.request("POST", "/api/v1/namespaces", { body: { metadata: { name: namespace } } });
  for (const name of names) await create(namespace, name);
  return namespace;
}
const path = (namespace: string, name?: string) =>
  resourcePath({ group: "", version: "v1", plural: "secrets" }, namespace, name);
const create = (namespace: string, name: string, v = "1") =>
  client.request("POST", path(namespace), { body: { metadata: { name, annotations: { v } } } });
const change = (namespace: string, name: string, v: string) =>
  client.request("PATCH", path(namespace, name), { body: { metadata: { annotations: { v } } } });
const remove = (namespace: string, name: string) => client.request("DELETE", path(namespace, name));

function start(namespace: string, more: Partial<ListWatchOptions<string>> = {}): Seen {
  const seen: Omit<Seen, "watch"> = { values: new Map(), errors: [], log: [], syncs: 0 };
  const watch = listWatch<string>({
    client: proxied,
    path: path(namespace),
    project: ({ metadata }) => {
      const v = (metadata.annotations as Record<string, string> | undefined)?.v;
      return v === "none" ? undefined : v;
    },
    onUpsert(key, value) {
      seen.values.set(key.split("/")[1]!, value);
      seen.log.push(`${key.split("/")[1]}=${value}`);
    },
    onDelete(key) {
      seen.values.delete(key.split("/")[1]!);
      seen.log.push(`-${key.split("/")[1]}`);
    },
    onSynced: () => seen.syncs++,
    onError: (error) => seen.errors.push(error.message),
    backoff: { minMs: 20, maxMs: 200 },
    ...more,
  });
  started.push(watch);
  return Object.assign(seen, { watch });
}
/** Once its list was read and its watch is open. */
async function opened(...given: Parameters<typeof start>): Promise<Seen> {
  const seen = start(...given);
  await seen.watch.synced;
  await until("the watch is open", () => proxy.watches() === 1);
  return seen;
}
const values = (seen: Seen) => Object.fromEntries([...seen.values].sort());
const has = (seen: Seen, name: string, v: string) => until(`${name} is ${v}`, () => seen.values.get(name) === v);
/** What only asks how far the server is reads one object. */
const isProbe = (url: string) => url.endsWith("limit=1");
const lists = () => proxy.asked.filter((url) => !url.includes("watch=true") && !isProbe(url)).length;
const watches = () => proxy.asked.filter((url) => url.includes("watch=true")).length;

s("a list in pages, then what changes; what the projection leaves out counts as absent", async () => {
  const namespace = await namespaceWith("a", "b", "c", "d", "e");
  await create(namespace, "out", "none");
  const seen = start(namespace, { pageSize: 2 });
  await seen.watch.synced;
  assert.is(lists(), 3);
  assert.equal(values(seen), { a: "1", b: "1", c: "1", d: "1", e: "1" });
  assert.ok(seen.watch.isSynced());
  await until("the watch is open", () => proxy.watches() === 1);
  await change(namespace, "a", "none");
  await change(namespace, "out", "2");
  await remove(namespace, "b");
  await create(namespace, "f", "äöü");
  await has(seen, "f", "äöü");
  assert.equal(values(seen), { c: "1", d: "1", e: "1", f: "äöü", out: "2" });
  assert.equal(seen.log.slice(-4), ["-a", "out=2", "-b", "f=äöü"]);
  assert.equal(seen.errors, []);
  assert.ok(seen.watch.healthy());
  await seen.watch.stop();
  await until("the watch is closed", () => proxy.watches() === 0);
});

s("a cut watch goes on from where it was, without a list", async () => {
  const namespace = await namespaceWith("a");
  const seen = await opened(namespace);
  await change(namespace, "a", "2");
  await has(seen, "a", "2");
  proxy.rule = (_, url) => url.searchParams.has("watch") ? "cut" : undefined;
  proxy.cutWatches();
  await until("it was refused", () => seen.errors.length >= 2);
  assert.type(seen.watch.lastError, "string");
  await change(namespace, "a", "3");
  await create(namespace, "b");
  await remove(namespace, "a");
  proxy.rule = undefined;
  await has(seen, "b", "1");
  await until("a is gone", () => !seen.values.has("a"));
  assert.equal(seen.log, ["a=1", "a=2", "a=3", "b=1", "-a"]);
  assert.is(lists(), 1);
  await until("there is no error", () => seen.watch.lastError === undefined);
});

s("a bookmark moves the place to go on from", async () => {
  const namespace = await namespaceWith("a");
  const seen = await opened(namespace);
  const { metadata } = await create(namespace, "b") as { metadata: { resourceVersion: string } };
  await has(seen, "b", "1");
  const later = String(Number(metadata.resourceVersion) + 1);
  await create(namespace, "c");
  await has(seen, "c", "1");
  proxy.tellWatches({ type: "BOOKMARK", object: { kind: "Secret", metadata: { resourceVersion: later } } });
  await new Promise((done) => setTimeout(done, 100));
  proxy.cutWatches();
  await until("it is open again", () => watches() === 2);
  assert.is(new URL(proxy.asked.at(-1)!, proxy.url).searchParams.get("resourceVersion"), later);
});

s("410, as an answer and as an event, leads to a new list, which deletes what is gone", async () => {
  const namespace = await namespaceWith("a", "b");
  const seen = await opened(namespace);
  const gone = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" };
  let left = 2;
  proxy.rule = (_, url) => url.searchParams.has("watch") && left-- > 0 ? { status: 410, body: gone } : undefined;
  proxy.silenceWatches();
  await remove(namespace, "a");
  await create(namespace, "c");
  proxy.tellWatches({ type: "ERROR", object: gone });
  await until("a is gone", () => !seen.values.has("a"));
  await until("the watch is open", () => seen.watch.lastError === undefined && proxy.watches() === 1);
  assert.equal(values(seen), { b: "1", c: "1" });
  assert.is(seen.syncs, 4);
  assert.is(lists(), 4);
  await change(namespace, "c", "2");
  await has(seen, "c", "2");
});

s("a list that expires in its middle starts over, in one piece, and decides nothing before", async () => {
  const namespace = await namespaceWith("a", "b", "c");
  let left = 1;
  const gone = { kind: "Status", code: 410, reason: "Expired", message: "continue token expired" };
  proxy.rule = (_, url) => url.searchParams.has("continue") && left-- > 0 ? { status: 410, body: gone } : undefined;
  const seen = start(namespace, { pageSize: 2 });
  await seen.watch.synced;
  assert.equal(values(seen), { a: "1", b: "1", c: "1" });
  assert.equal(seen.errors, []);
  assert.not(proxy.asked[2]!.includes("limit"));
});

s("a list that fails in its middle deletes nothing", async () => {
  const namespace = await namespaceWith("a", "b", "c");
  const seen = await opened(namespace, { pageSize: 2 });
  proxy.rule = (_, url) => url.searchParams.has("continue") ? { status: 500 } : undefined;
  proxy.tellWatches({ type: "ERROR", object: { code: 410, reason: "Expired" } });
  await until("the list failed twice", () => seen.errors.filter((error) => error.includes(" 500 ")).length >= 2);
  assert.equal(values(seen), { a: "1", b: "1", c: "1" });
  assert.not(seen.log.some((line) => line.startsWith("-")));
  proxy.rule = undefined;
  await until("it is synced again", () => seen.syncs === 2);
});

s("errors of the server and a missing kind are waited out, with growing pauses", async () => {
  const namespace = await namespaceWith("a");
  const missing = start(namespace, { path: "/apis/headwind.sh/v1alpha1/nothings" });
  proxy.rule = () => ({ status: 500 });
  const seen = start(namespace);
  await until("it was refused thrice", () => seen.errors.length >= 3);
  assert.not(seen.watch.isSynced());
  assert.not(seen.watch.healthy());
  proxy.rule = undefined;
  await seen.watch.synced;
  await until("the other was refused", () => missing.errors.some((error) => error.includes(" 404 ")));
  assert.not(missing.watch.isSynced());
});

s("a watch that was silenced on its way is found and opened again", async () => {
  const namespace = await namespaceWith("a");
  const seen = await opened(namespace, { idleMs: 300 });
  proxy.silenceWatches();
  await change(namespace, "a", "2");
  await has(seen, "a", "2");
  assert.match(seen.errors[0]!, "silent for 0.3 s");
  assert.is(lists(), 1);
});

s("watches that end at once do not become a storm", async () => {
  const namespace = await namespaceWith("a");
  proxy.rule = (_, url) => {
    return url.searchParams.has("watch")
      ? { status: 200, body: { type: "BOOKMARK", object: { metadata: {} } } }
      : undefined;
  };
  const seen = start(namespace, { backoff: { minMs: 100, maxMs: 1000 } });
  await seen.watch.synced;
  await until("there was one", () => watches() > 0);
  const before = watches();
  await new Promise((done) => setTimeout(done, 500));
  assert.ok(watches() - before <= 6, "at most one in each 100 ms");
});

s("what a handler throws is told, and the stream goes on", async () => {
  const namespace = await namespaceWith("a");
  const seen = start(namespace, {
    project({ metadata }) {
      if (metadata.name === "bad") throw new Error("bad projection");
      return metadata.name;
    },
    onSynced() {
      throw new Error("bad sync");
    },
  });
  await seen.watch.synced;
  await until("the watch is open", () => proxy.watches() === 1);
  await create(namespace, "bad");
  await create(namespace, "good");
  await has(seen, "good", "good");
  assert.equal(seen.errors, ["bad sync", "bad projection"]);
});

s("stop ends a wait, a list and a watch", async () => {
  const namespace = await namespaceWith();
  proxy.rule = () => ({ status: 500 });
  const waiting = start(namespace, { backoff: { minMs: 60_000, maxMs: 60_000 } });
  await until("it waits", () => waiting.errors.length === 1);
  await waiting.watch.stop();
  assert.is(waiting.errors.length, 1);
});

s.run();

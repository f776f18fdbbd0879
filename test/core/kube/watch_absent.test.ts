import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Cluster, cluster } from "../../support/cluster.ts";
import { createKubeClient, type KubeClient } from "../../../core/kube/client.ts";
import { type ListWatch, listWatch } from "../../../core/kube/watch.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { resourcePath } from "../../../core/kube/paths.ts";
import { startProxy, until } from "./proxy.ts";

const s = suite("list and watch of a kind that is not served");
let plane: Cluster;
const ends: (() => unknown)[] = [];
s.before(async () => {
  plane = await cluster();
});
s.after(() => plane.stop());
s.after.each(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function proxied() {
  const proxy = await startProxy(plane.kubeconfig);
  const path = join(plane.dir, `absent-${crypto.randomUUID()}`);
  await writeFile(path, proxy.kubeconfig);
  const connection = await loadKubeConfig({ KUBECONFIG: path });
  ends.push(() => proxy.close(), () => connection.close());
  return { proxy, client: createKubeClient(connection) };
}

interface Seen {
  watch: ListWatch;
  keys: Set<string>;
  errors: string[];
  syncs: number;
  opened: number;
  absent: number;
}
function start(client: KubeClient, path: string, absentIsEmpty = true, skipForbiddenAfterMs?: number): Seen {
  const seen: Omit<Seen, "watch"> = { keys: new Set(), errors: [], syncs: 0, opened: 0, absent: 0 };
  const watch = listWatch<true>({
    client,
    path,
    absentIsEmpty,
    skipForbiddenAfterMs,
    absentMs: 200,
    backoff: { minMs: 50, maxMs: 100 },
    project: () => true,
    onUpsert: (key) => void seen.keys.add(key.split("/")[1]!),
    onDelete: (key) => void seen.keys.delete(key.split("/")[1]!),
    onSynced: () => void seen.syncs++,
    onOpen: () => void seen.opened++,
    onAbsent: () => void seen.absent++,
    onError: (error) => void seen.errors.push(error.message),
  });
  ends.push(() => watch.stop());
  return Object.assign(seen, { watch });
}

s("it is empty, synced and healthy, and asked for again", async () => {
  const { client, proxy } = await proxied();
  const namespace = await plane.namespace("absent");
  const seen = start(client, resourcePath({ group: "nobody.example", version: "v1", plural: "nothings" }, namespace));
  await seen.watch.synced;
  assert.equal([...seen.keys], []);
  assert.ok(seen.watch.healthy() && seen.watch.isSynced());
  assert.is(seen.watch.lastError, undefined);
  await until("it is asked for again", () => proxy.asked.length >= 3);
  assert.equal(seen.errors, []);
  assert.is(seen.opened, 0);
  assert.is(seen.absent, 1, "that is said once");
});

s("its objects come once it is served, and go with it", async () => {
  const { client, proxy } = await proxied();
  const namespace = await plane.namespace("absent");
  const path = resourcePath({ group: "", version: "v1", plural: "configmaps" }, namespace);
  await client.request("POST", path, { body: { metadata: { name: "one" } } });
  proxy.rule = (method) => method === "GET" ? { status: 404 } : undefined;
  const seen = start(client, path);
  await seen.watch.synced;
  assert.not(seen.keys.has("one"));
  proxy.rule = undefined;
  await until("it is seen", () => seen.keys.has("one"));
  await until("the watch is open", () => seen.opened === 1);
  proxy.rule = (method) => method === "GET" ? { status: 404 } : undefined;
  proxy.cutWatches();
  await until("all is gone", () => seen.keys.size === 0);
  assert.ok(seen.watch.healthy());
  assert.is(seen.absent, 2);
});

s("where nobody said that it may be absent, that is an error", async () => {
  const { client } = await proxied();
  const seen = start(client, resourcePath({ group: "nobody.example", version: "v1", plural: "nothings" }), false);
  await until("it is told", () => seen.errors.length > 1);
  assert.not(seen.watch.isSynced());
  assert.not(seen.watch.healthy());
});

s("any other refusal stays one", async () => {
  const { client, proxy } = await proxied();
  proxy.rule = () => ({ status: 403 });
  const seen = start(
    client,
    resourcePath({ group: "", version: "v1", plural: "configmaps" }, await plane.namespace("no")),
  );
  await until("it is told", () => seen.errors.length > 1);
  assert.not(seen.watch.isSynced());
  proxy.rule = undefined;
  await seen.watch.synced;
  await until("a watch is open", () => seen.opened === 1);
  proxy.rule = (_, url) => url.searchParams.has("watch") ? { status: 403 } : undefined;
  proxy.cutWatches();
  await until("the watch is refused", () => seen.watch.lastError !== undefined);
  proxy.rule = undefined;
  await until("a watch is open again", () => seen.opened > 1);
  assert.is(seen.watch.lastError, undefined);
});

s("one of several namespaces that may not be read is skipped after a while, with what is known of it", async () => {
  const { client, proxy } = await proxied();
  const path = resourcePath({ group: "", version: "v1", plural: "configmaps" }, await plane.namespace("apart"));
  await client.request("POST", path, { body: { metadata: { name: "one" } } });
  proxy.rule = () => ({ status: 403 });
  const seen = start(client, path, true, 300);
  await until("it is told", () => seen.errors.length > 1);
  assert.not(seen.watch.isSynced());
  await seen.watch.synced;
  assert.ok(seen.watch.isSkipped() && seen.watch.healthy());
  assert.is(seen.syncs, 0, "nothing was listed");
  proxy.rule = undefined;
  await until("it is read once that may be", () => seen.keys.has("one") && !seen.watch.isSkipped());
  await until("the watch is open", () => proxy.watches() === 1);
  proxy.rule = (method) => method === "GET" ? { status: 403 } : undefined;
  proxy.cutWatches();
  await until("it is skipped again", () => seen.watch.isSkipped());
  assert.ok(seen.keys.has("one") && seen.watch.healthy());
});

s.run();

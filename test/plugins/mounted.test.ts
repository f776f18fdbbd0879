import * as assert from "uvu/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { conformance } from "headwind/conformance";
import type { CheckPlugin, MetricsPlugin, NotifierPlugin, Plugin, TriggerPlugin } from "headwind";
import { createMetrics } from "../../core/telemetry/metrics.ts";
import { loadPlugins } from "../../core/host/load_plugins.ts";
import { metricsApp } from "../../core/server/health_routes.ts";
import { listening } from "../support/listening.ts";
import { readmeCode } from "../support/readme.ts";
import { serve } from "../../core/runtime/serve.ts";

const health = { version: "0", unready: () => [] };
const mounted = await loadPlugins({
  builtins: [],
  dir: fileURLToPath(new URL("../fixtures/plugins", import.meta.url)),
});
const named = <P extends Plugin>(name: string) => mounted.find((plugin) => plugin.name === name) as P;

const feed = await serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: () =>
    Response.json({ releases: [{ image: "shop/api", tag: "2.7.1" }, { image: "shop/ui", tag: "3.0", draft: true }] }),
});
let silent = false;
const board = await listening(({ url, headers }, answer) => {
  if (silent) return;
  if (headers.authorization !== "Bearer lb_4f1c9a2b3d") return void answer.writeHead(401).end();
  answer.end(JSON.stringify({ colour: url!.split("/").at(-1) }));
});

const folder = await mkdtemp(join(tmpdir(), "headwind-readme-"));
await writeFile(join(folder, "my-registry.ts"), await readmeCode("Writing a plugin", "ts"));
const [example] = await loadPlugins({ builtins: [], dir: folder });
await rm(folder, { recursive: true });

const trigger = conformance(named<TriggerPlugin>("feed"), {
  good: {
    "a release": { body: { image: "shop/api", tag: "2.7.1" }, says: ["registry.example/shop/api:2.7.1"] },
    "a draft": { body: { image: "shop/api", tag: "3.0.0", draft: true }, says: [] },
  },
  bad: {
    "a release without a tag": { body: { image: "shop/api" }, field: "image" },
    "an odd draft": { body: { image: "shop/api", tag: "1", draft: "no" }, field: "image" },
  },
  run: {
    env: { FEED_URL: `http://127.0.0.1:${feed.port}/`, FEED_SECONDS: "1" },
    reports: ["registry.example/shop/api:2.7.1"],
  },
});
trigger.after(() => feed.stop());
trigger.run();

const check = conformance(named<CheckPlugin>("light"), {
  env: {
    LIGHT_BOARD_URL: `${board.url}/lights`,
    LIGHT_BOARD_TOKEN: "lb_4f1c9a2b3d",
  },
  secrets: ["lb_4f1c9a2b3d"],
  readings: {
    "a green light": { annotations: { "check-light": "green" }, says: "ok" },
    "a yellow light": { annotations: { "check-light": "yellow" }, says: "waiting" },
    "a red light": { annotations: { "check-light": "red" }, says: "failing" },
    "a yellow light that is enough": {
      annotations: { "check-light": "yellow", "check-light-colours": "green,yellow" },
      says: "ok",
    },
  },
  unreadable: { "a way out of the path": { annotations: { "check-light": "../secrets" }, names: "check-light" } },
  silence: (on) => void (silent = on),
});
check.after(board.stop);
check.run();

conformance(named<NotifierPlugin>("ntfy"), {
  env: (url) => ({ NTFY_TOPIC_URL: url, NTFY_TOKEN: "tk_4f1c9a2b3d", NTFY_TIMEOUT: "1" }),
  secrets: ["tk_4f1c9a2b3d"],
}).run();

conformance(named<MetricsPlugin>("peer"), {
  async backend(exposition) {
    const metrics = { ...createMetrics(), exposition };
    const app = metricsApp(metrics, health);
    const server = await serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => app.fetch(request) });
    return { env: { PEER_METRICS_URL: `http://127.0.0.1:${server.port}/metrics` }, stop: server.stop };
  },
}).run();

const readme = conformance(example as TriggerPlugin, {
  good: { "a push": { body: { name: "shop/api", version: "2.7.1" }, says: ["reg.example/shop/api:2.7.1"] } },
  bad: { "a push of no version": { body: { name: "shop/api" }, field: "name" } },
});
readme("it is the example of the README", () => assert.is(example?.name, "my-registry"));
readme.run();

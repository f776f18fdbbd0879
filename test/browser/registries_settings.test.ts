// runs on: node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { builtins } from "../../plugins/builtin.ts";
import { createConfigFiles } from "../../core/app/config_files.ts";
import { createBus } from "../../core/app/event_bus.ts";
import { createMetrics } from "../../core/telemetry/metrics.ts";
import { createRegistryStates, type RegistryStates } from "../../core/registry/registry_states.ts";
import type { DashboardContextChanges } from "../support/build/dashboard_context.ts";
import { look } from "./looks.ts";
import { mountedConfig } from "../support/mounted_config.ts";
import { openLocalDashboard } from "./local_dashboard.ts";
import { recordedLog } from "../support/recorded_log.ts";
import { RegistryError } from "../../core/registry/registry_error.ts";
import { workloadOf } from "../support/build/workload.ts";

const s = suite("pages of registries and of settings, as they look");

const registries = createRegistryStates({ nameOf: (host) => host, now: () => new Date() });
fill(registries);
function fill(states: RegistryStates): void {
  const quota = (remaining: number) =>
    new Headers({ "ratelimit-limit": "100;w=21600", "ratelimit-remaining": `${remaining};w=21600` });
  states.requested({ host: "docker.io", kind: "manifest", status: 200, who: "", headers: quota(4) });
  states.requested({ host: "docker.io", kind: "manifest", status: 200, who: "abc", headers: quota(76) });
  states.polled("docker.io/library/nginx", "1 tags", []);
  states.requested({ host: "ghcr.io", kind: "tags", status: 429, who: "abc" });
  const details = { status: 429, retryAfterSeconds: 1800 };
  const message = "ghcr.io answered 429 and wants no requests for 1800 s.";
  states.failed("ghcr.io", "abc", new RegistryError("rate-limited", "ghcr.io", message, details));
  states.polled("ghcr.io/acme/platform/services/checkout-and-payments", "2 tags", [], message);
  const refused = "registry.internal.example.com:5000 gave no login that may read the tags of internal/api.";
  states.failed("registry.internal.example.com:5000", "", new RegistryError("unauthorized", "r", refused));
  states.polled("registry.internal.example.com:5000/internal/api", "3 tags", [], refused);
  states.requested({ host: "quay.io", kind: "manifest", status: "error", who: "" });
  states.requested({ host: "charts.example.com", kind: "index", status: 304, who: "" });
}
const images = {
  app: "docker.io/library/nginx:1.27.0",
  side: "ghcr.io/acme/platform/services/checkout-and-payments:2.0.0",
  other: "registry.internal.example.com:5000/internal/api:1.0.0",
};
const workloads = [
  workloadOf({ images, annotations: { "event-source": "polling" } }),
  workloadOf({ name: "new", image: "registry.never-asked.example/app:1.0.0" }),
];

async function brokenFiles() {
  const [ui, main] = [await mountedConfig(), await mountedConfig()];
  const { log } = recordedLog();
  const config = { HEADWIND_UI_CONFIG_DIR: ui.folder, HEADWIND_CONFIG_DIR: main.folder };
  const files = createConfigFiles({
    config,
    log,
    metrics: createMetrics(),
    bus: createBus(log),
    now: () => new Date(),
  });
  await ui.write("refresh_interval: 10\nmax_item_per_page: 5\n");
  await main.write("observability: {metricsBackend: prometheus}");
  await files.look();
  await main.write("observability: {metricsBackend: 5, prometheus: {url: nowhere}}");
  await files.look();
  await Promise.all([ui.remove(), main.remove()]);
  return files;
}
const env = { HEADWIND_WEBHOOK_SECRET: "a-secret-of-the-tests", HEADWIND_NAMESPACES: "shop,bank" };
const ofPlugin = new Map([["notifier/webhook", { WEBHOOK_URL: "https://hooks.example", WEBHOOK_TIMEOUT: 10 }]]);

const states: [
  name: string,
  path: string,
  changes: () => DashboardContextChanges | Promise<DashboardContextChanges>,
][] = [
  ["registries", "/registries", () => ({ registries, workloads })],
  [
    "registries-of-another-replica",
    "/registries",
    () => ({ workloads, leads: false, leader: "headwind-6c9f7d-x2x4z" }),
  ],
  ["registries-none", "/registries", () => ({})],
  ["settings", "/settings", () => ({ env, plugins: builtins, ofPlugin, deliveries: { webhook: "ok" } })],
  [
    "settings-broken",
    "/settings",
    async () => ({ env, plugins: builtins, ofPlugin, deliveries: { webhook: "failing" }, files: await brokenFiles() }),
  ],
];
for (const [name, path, changes] of states) {
  s(`${name}: nothing is wrong with it, dark and light, on a phone and on a desktop`, async () => {
    const local = await openLocalDashboard(await changes());
    try {
      const visitor = await local.visit();
      const page = await visitor.open(path);
      assert.equal(await look(page, name), []);
    } finally {
      await local.stop();
    }
  });
}

s.run();

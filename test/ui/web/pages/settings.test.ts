import { suite } from "uvu";
import * as assert from "uvu/assert";
import { all } from "../../../support/markup.ts";
import { builtins } from "../../../../plugins/builtin.ts";
import { type ConfigFiles, createConfigFiles } from "../../../../core/app/config_files.ts";
import { createBus } from "../../../../core/app/event_bus.ts";
import { createMetrics } from "../../../../core/telemetry/metrics.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";
import { type MountedConfig, mountedConfig } from "../../../support/mounted_config.ts";
import { openPage, rowOf, said } from "../../../support/open_page.ts";
import type { Plugin } from "../../../../core/plugin.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { recordedLog } from "../../../support/recorded_log.ts";

const s = suite("ui/web, page of settings");

let ui: MountedConfig;
let main: MountedConfig;
let files: ConfigFiles;
let told: string[];
const metrics = createMetrics();

s.before.each(async () => {
  [ui, main] = [await mountedConfig(), await mountedConfig()];
  const { log } = recordedLog();
  const bus = createBus(log);
  told = [];
  bus.on("settingsChanged", (name) => told.push(name));
  files = createConfigFiles({
    config: { HEADWIND_UI_CONFIG_DIR: ui.folder, HEADWIND_CONFIG_DIR: main.folder },
    log,
    metrics,
    bus,
    now: () => new Date("2026-11-30T12:00:00Z"),
  });
});
s.after.each(async () => {
  await ui.remove();
  await main.remove();
});

s("ConfigMaps that are not there are no trouble, and all is as by default", async () => {
  await files.look();
  const page = await openPage("/settings", { files });
  assert.match(
    said(page),
    /ConfigMap headwind-ui-config Absent \S+config\.yaml: it is not there, so the defaults count/,
  );
  const row = rowOf(page, "headwind-ui-config-list-max_items_per_page");
  assert.equal([row.Value, row.From], ["20", "default"]);
  assert.equal(told, []);
});

s("one that counts, and one that broke, are told with what is wrong; no token is", async () => {
  await ui.write("refresh_interval: 10\nmax_item_per_page: 5\n");
  await main.write("observability: {metricsBackend: influxdb, influxdb: {token: s3cret, enabled: true}}");
  await files.look();
  await main.write("observability: {metricsBackend: 5, influxdb: {token: s3cret}}");
  await files.look();
  const page = await openPage("/settings", { files });
  assert.match(said(page), "headwind-ui-config Read");
  assert.match(said(page), "max_item_per_page is no setting: is max_items_per_page meant?");
  assert.match(said(page), /headwind-config Broken \S+: it cannot be used; what counts was read 2026-11-30 12:00 UTC/);
  assert.match(said(page), "observability.metricsBackend: a value of type string is wanted");
  const row = (name: string) => rowOf(page, name);
  assert.equal(row("headwind-ui-config-list-refresh_interval").Value, "10");
  assert.equal(row("headwind-ui-config-list-refresh_interval").From, "ConfigMap");
  assert.equal(row("headwind-config-list-observability.metricsBackend").Value, "influxdb");
  assert.equal(row("headwind-config-list-observability.influxdb.token").Value, "set");
  assert.not.match(said(page), "s3cret");
  assert.equal(told.sort(), ["headwind-config", "headwind-config", "headwind-ui-config"]);
  const exposed = await metrics.exposition();
  assert.match(exposed, 'headwind_config_file_broken{file="headwind-config"} 1');
  assert.match(exposed, 'headwind_config_file_broken{file="headwind-ui-config"} 0');
  assert.match(exposed, /headwind_config_file_reads_total\{file="headwind-config",outcome="broken"\} 1/);
});

s("a list has as many lines on a page as the file says", async () => {
  const requests = ["a", "b", "c", "d"].map((name) => requestOf({ name, requireApproval: true }));
  const lines = async () => all(await openPage("/updates", { files, requests }), "tr").length - 1;
  assert.is(await lines(), 4);
  await ui.write("max_items_per_page: 3");
  await files.look();
  assert.is(await lines(), 3);
});

s("the environment: values, what they come from, and of a secret that it is set", async () => {
  const env = { HEADWIND_WEBHOOK_SECRET: "a-secret-of-the-tests", HEADWIND_NAMESPACES: "shop, bank" };
  const page = await openPage("/settings", { env });
  const row = (name: string) => {
    const { Value: value, From: from } = rowOf(page, `environment-list-${name}`);
    return [value, from];
  };
  assert.equal(row("HEADWIND_WEBHOOK_SECRET"), ["set", "environment"]);
  assert.equal(row("HEADWIND_PROXY_SECRET"), ["not set", "default"]);
  assert.equal(row("HEADWIND_NAMESPACES"), ["shop, bank", "environment"]);
  assert.equal(row("HEADWIND_API_PORT"), ["8081", "default"]);
  assert.not.match(said(page), "a-secret-of-the-tests");
});

s("plugins: what they are set to, own ones, those left out, and notifiers that fail", async () => {
  const own = { kind: "trigger", name: "own", description: "Mine." } as unknown as Plugin;
  const page = await openPage("/settings", {
    env: { HEADWIND_DISABLED_PLUGINS: "trigger/dockerhub", WEBHOOK_URL: "https://hooks.example/s3cret" },
    plugins: [...builtins.filter(({ name }) => name !== "dockerhub"), own],
    isOwn: (plugin) => plugin === own,
    ofPlugin: new Map([["notifier/webhook", { WEBHOOK_URL: "https://hooks.example/s3cret", WEBHOOK_TIMEOUT: 10 }]]),
    deliveries: { webhook: "failing" },
  });
  const states = Object.fromEntries(
    ["trigger/own", "trigger/dockerhub", "notifier/webhook", "workload/deployment"].map((id) => {
      const { State: state, "Comes from": from } = rowOf(page, `plugin-${id}`);
      return [id, [state, from]];
    }),
  );
  assert.equal(states, {
    "trigger/own": ["Loaded", "HEADWIND_PLUGINS_DIR"],
    "trigger/dockerhub": ["Left out", ""],
    "notifier/webhook": ["Last delivery failed", "Headwind"],
    "workload/deployment": ["Loaded", "Headwind"],
  });
  const settings = rowOf(page, "plugin-notifier/webhook").Settings!;
  assert.match(settings, "WEBHOOK_URL: set (environment)");
  assert.match(settings, "WEBHOOK_TIMEOUT: 10 (default)");
  assert.not.match(said(page), "s3cret");
});

s("a replica that does not notify says who tells how deliveries go", async () => {
  const page = await openPage("/settings", { plugins: builtins });
  assert.match(said(page), "is told by the replica that holds the Lease");
});

s("texts that hold markup are texts", async () => {
  for (const text of Object.values(HOSTILE)) {
    const plugin = { kind: "trigger", name: text, description: text } as unknown as Plugin;
    const page = await openPage("/settings", {
      env: { HEADWIND_API_HOSTS: text.replaceAll(",", ""), HEADWIND_DISABLED_PLUGINS: text },
      plugins: [plugin],
    });
    assert.ok(all(page, "code").length > 10);
  }
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as z from "zod";
import { builtins } from "../../../plugins/builtin.ts";
import { coreSettings } from "../../../core/app/setting_schema.ts";
import { idOf } from "../../../core/host/plugin_host.ts";
import { isShown, isText, shownBySchema } from "../../../core/app/shown_settings.ts";
import { mainConfig } from "../../../core/app/config_files.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { schemaFields } from "../../../core/app/read_config.ts";
import { type SettingRow, settingsReport, type SettingsReportInput } from "../../../core/app/settings_report.ts";
import { uiConfig } from "../../../core/app/ui_config.ts";

const s = suite("report of what the operator runs with");

const report = (change: Partial<SettingsReportInput> = {}) =>
  settingsReport({
    config: coreSettings.parse({}),
    ofPlugin: new Map(),
    given: new Set(),
    plugins: [],
    isOwn: () => false,
    disabled: [],
    files: [],
    deliveries: undefined,
    ...change,
  });
const found = (rows: readonly SettingRow[], name: string) => rows.find((row) => row.name === name)!;

/** All settings that there are: of core, of the plugins that come with it, and of files. */
const all: [name: string, schema: z.ZodType][] = [
  ...Object.entries(coreSettings.shape),
  ...builtins.flatMap((plugin) => Object.entries(plugin.settings?.(z).shape ?? {})),
  ...[uiConfig, mainConfig].flatMap((file) => schemaFields(file).map(({ path, schema }) => [path.join("."), schema])),
] as [string, z.ZodType][];

s("of each text it is said whether people may see it, and of none that is named as a secret that they may", () => {
  assert.ok(all.length > 60, String(all.length));
  assert.equal(
    all.flatMap(([name, schema]) => isText(schema) && shownBySchema(schema) === undefined ? [name] : []),
    [],
  );
  const secrets = all.filter(([name]) => /(secret|token|password|key)$/i.test(name));
  assert.equal(secrets.map(([name, schema]) => [name, isShown(schema)]), [
    ["HEADWIND_WEBHOOK_SECRET", false],
    ["HEADWIND_PROXY_SECRET", false],
    ["WEBHOOK_SECRET", false],
    ["observability.influxdb.token", false],
  ]);
});

s("nothing that is set to a secret is in the report, nor its length", () => {
  const given = new Map(
    all.filter(([, schema]) => isText(schema) && !isShown(schema)).map(([name]) => [name, "s3cret".repeat(7)]),
  );
  const values = Object.fromEntries(given);
  const withAll = report({
    config: { ...coreSettings.parse({}), ...values },
    ofPlugin: new Map(builtins.map((plugin) => [idOf(plugin), values])),
    given: new Set(given.keys()),
    plugins: builtins,
  });
  assert.not.match(JSON.stringify(withAll), "s3cret");
  assert.not.match(JSON.stringify(withAll), "42");
  const { value, isSet, from } = found(withAll.settings, "HEADWIND_WEBHOOK_SECRET");
  assert.equal([value, isSet, from], [undefined, true, "environment"]);
  const unset = found(report().settings, "HEADWIND_WEBHOOK_SECRET");
  assert.equal([unset.value, unset.isSet, unset.from], [undefined, false, "default"]);
});

s("each value with what it comes from, its description beside it", () => {
  const { settings } = report({
    config: coreSettings.parse({ HEADWIND_NAMESPACES: "shop, bank", HEADWIND_KEEP_FINISHED: "3" }),
    given: new Set(["HEADWIND_NAMESPACES", "HEADWIND_KEEP_FINISHED"]),
  });
  const { value, from, description } = found(settings, "HEADWIND_NAMESPACES");
  assert.equal([value, from], ["shop, bank", "environment"]);
  assert.match(description, "Namespaces to watch");
  assert.equal(
    ["HEADWIND_KEEP_FINISHED", "HEADWIND_API_PORT", "HEADWIND_WEBHOOK_HINTS", "HEADWIND_LOG_LEVEL"].map((name) =>
      `${found(settings, name).value} ${found(settings, name).from}`
    ),
    ["3 environment", "8081 default", "false default", "info default"],
  );
  const { value: none, isSet } = found(settings, "HEADWIND_HOST");
  assert.equal([none, isSet], [undefined, false]);
});

s("a login in a URL that may be seen may not", () => {
  const { settings } = report({
    config: { ...coreSettings.parse({}), HEADWIND_OIDC_ISSUER: "https://ann:s3cret@id.example.com/realm" },
  });
  assert.is(found(settings, "HEADWIND_OIDC_ISSUER").value, "https://…@id.example.com/realm");
});

s("files: what each sets, and how it stands", () => {
  const state = { name: "headwind-config", path: "/c", status: "read", readAt: 1, problems: [], unknown: [] } as const;
  const value = mainConfig.parse({
    observability: { metricsBackend: "influxdb", influxdb: { token: "s3cret", url: "http://influx:8086" } },
  });
  const given = ["observability.metricsBackend", "observability.influxdb.token"];
  const [file] = report({ files: [{ state, schema: mainConfig, value, given }] }).files;
  assert.equal([file!.status, file!.readAt], ["read", 1]);
  const row = (name: string) => {
    const { value, from, isSet } = found(file!.settings, `observability.${name}`);
    return [value, from, isSet];
  };
  assert.equal(row("metricsBackend"), ["influxdb", "ConfigMap", true]);
  assert.equal(row("influxdb.token"), [undefined, "ConfigMap", true]);
  assert.equal(row("influxdb.org"), ["headwind", "default", true]);
  assert.equal(row("prometheus.enabled"), ["true", "default", true]);
});

const own: Plugin = {
  kind: "notifier",
  name: "mine",
  description: "Tells me.",
  settings: (z: typeof import("zod")) =>
    z.object({ MINE_CHANNEL: z.string().default("#all").describe("Where"), MINE_TIMES: z.coerce.number() }),
  deliver: () => Promise.resolve(),
} as unknown as Plugin;

s("plugins: those that came with it, own ones, those left out, and how a notifier's last delivery went", () => {
  const { plugins } = report({
    plugins: [own, ...builtins],
    isOwn: (plugin) => plugin === own,
    disabled: ["trigger/poller"],
    ofPlugin: new Map([["notifier/mine", { MINE_CHANNEL: "#team", MINE_TIMES: 3 }]]),
    given: new Set(["MINE_CHANNEL", "MINE_TIMES"]),
    deliveries: { mine: "failing" },
  });
  const mine = plugins.find(({ id }) => id === "notifier/mine")!;
  assert.equal([mine.isOwn, mine.isDisabled, mine.delivery], [true, false, "failing"]);
  assert.equal(mine.settings.map(({ value, isSet }) => [value, isSet]), [[undefined, true], ["3", true]]);
  const webhook = plugins.find(({ id }) => id === "notifier/webhook")!;
  assert.equal([webhook.isOwn, webhook.delivery], [false, undefined]);
  assert.ok(plugins.some(({ id, isDisabled }) => id === "trigger/poller" && isDisabled));
  assert.equal(plugins.map(({ id }) => id), plugins.map(({ id }) => id).sort());
});

s.run();

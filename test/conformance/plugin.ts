import * as z from "zod";
import * as assert from "uvu/assert";
import type { Check } from "./checks.ts";
import { coreSettings } from "../../core/app/setting_schema.ts";
import { createMetrics } from "../../core/telemetry/metrics.ts";
import { loadPlugins } from "../../core/host/load_plugins.ts";
import type { Plugin } from "../../core/plugin.ts";
import { readSettings, SettingsError } from "../../core/app/settings.ts";
import { shapeFaults } from "../../core/host/plugin_faults.ts";

/** What plugins of all kinds have to do. */
export function pluginChecks(plugin: Plugin): Check[] {
  const shape = () => Object.entries(plugin.settings?.(z).shape ?? {});
  return [
    { name: "it has the shape of its kind", run: () => assert.equal(shapeFaults(plugin), []) },
    { name: "a host takes it", run: async () => void await loadPlugins({ builtins: [plugin] }) },
    { name: "its description is a sentence", run: () => assert.match(plugin.description, /^[^\n]{8,200}\.$/) },
    {
      name: "its settings are environment variables, each documented",
      run() {
        for (const [name, schema] of shape()) {
          assert.match(name, /^[A-Z][A-Z0-9_]*$/);
          assert.not(name in coreSettings.shape, `${name} is a setting of core's`);
          assert.ok(schema.description, `${name}: .describe() is wanted, as the last call`);
        }
      },
    },
    {
      name: "its settings are the same each time",
      run: () => assert.equal(shape().map(([name]) => name), shape().map(([name]) => name)),
    },
    { name: "without settings it starts, or says what is wanted", run: () => startsOrNames(plugin, {}) },
    {
      name: "nonsense in its settings is refused by name, if at all",
      run() {
        for (const nonsense of ["?", "-1", "1e99", "https://", "\u0000", "x".repeat(10_000)]) {
          startsOrNames(plugin, Object.fromEntries(shape().map(([name]) => [name, nonsense])));
        }
      },
    },
    {
      name: "its metrics can be declared, and each has a sentence",
      run() {
        createMetrics().declare(plugin.metrics ?? []);
        for (const { help } of plugin.metrics ?? []) assert.match(help, /^[A-Z][^\n]{4,200}$/);
      },
    },
  ];
}

function startsOrNames(plugin: Plugin, env: Record<string, string>): void {
  try {
    readSettings(env, [plugin]);
  } catch (error) {
    assert.instance(error, SettingsError);
    const names = Object.keys(plugin.settings?.(z).shape ?? {});
    const [, ...faults] = (error as SettingsError).message.split("\n");
    for (const fault of faults) {
      assert.ok(names.some((name) => fault.trim().startsWith(`${name}: `)), `a fault without its variable: ${fault}`);
    }
  }
}

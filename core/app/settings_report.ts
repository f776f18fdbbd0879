import * as z from "zod";
import { atPath, schemaFields } from "./read_config.ts";
import type { ConfigFileState } from "./config_file.ts";
import { coreSettings } from "./setting_schema.ts";
import { idOf } from "../host/plugin_host.ts";
import { isShown } from "./shown_settings.ts";
import type { OpenConfigFile } from "./config_files.ts";
import type { Plugin } from "../plugin.ts";
import { schemaLayers } from "../lib/schema_layers.ts";

/** What one setting is set to, and by what. */
export interface SettingRow {
  name: string;
  description: string;
  from: "default" | "environment" | "ConfigMap";
  /** Absent where nothing is set, and where what is set is for nobody to see. */
  value?: string;
  isSet: boolean;
}

export interface PluginRow {
  /** `trigger/poller` */
  id: string;
  description: string;
  /** Whether it came from `HEADWIND_PLUGINS_DIR`. */
  isOwn: boolean;
  isDisabled: boolean;
  /** How the last delivery of a notifier went; absent where none was yet, and on a replica that does not notify. */
  delivery?: "ok" | "failing";
  settings: SettingRow[];
}

export interface ConfigFileRow extends ConfigFileState {
  settings: SettingRow[];
}

/** What the operator runs with. */
export interface SettingsReport {
  settings: SettingRow[];
  files: ConfigFileRow[];
  plugins: PluginRow[];
}

export interface SettingsReportInput {
  config: Record<string, unknown>;
  /** Of plugins, by `kind/name`. */
  ofPlugin: ReadonlyMap<string, Record<string, unknown>>;
  /** The variables that are set. */
  given: ReadonlySet<string>;
  plugins: readonly Plugin[];
  isOwn(plugin: Plugin): boolean;
  /** `HEADWIND_DISABLED_PLUGINS`. */
  disabled: readonly string[];
  files: readonly OpenConfigFile[];
  deliveries: Readonly<Record<string, "ok" | "failing">> | undefined;
}

/** No secret is in it, nor how long one is. */
export function settingsReport(input: SettingsReportInput): SettingsReport {
  const { config, given, files, plugins, disabled } = input;
  return {
    settings: ofEnvironment(coreSettings, config, given),
    files: files.map(({ state, schema, value, given }) => ({
      ...state,
      settings: schemaFields(schema).map(({ path, schema }) => {
        const name = path.join(".");
        const from = given.includes(name) ? "ConfigMap" : "default";
        return { name, from, ...told(schema, atPath(value, path)) };
      }),
    })),
    plugins: [
      ...plugins.map((plugin) => pluginRow(plugin, input)),
      ...disabled.map((id) => ({ id, description: "", isOwn: false, isDisabled: true, settings: [] })),
    ].sort((a, b) => a.id < b.id ? -1 : 1),
  };
}

function pluginRow(plugin: Plugin, { given, ofPlugin, deliveries, isOwn }: SettingsReportInput): PluginRow {
  const id = idOf(plugin);
  const schema: unknown = plugin.settings?.(z);
  const delivery = plugin.kind === "notifier" ? deliveries?.[plugin.name] : undefined;
  return {
    id,
    description: plugin.description,
    isOwn: isOwn(plugin),
    isDisabled: false,
    ...(delivery === undefined ? {} : { delivery }),
    settings: schema instanceof z.ZodObject ? ofEnvironment(schema, ofPlugin.get(id) ?? {}, given) : [],
  };
}

function ofEnvironment(schema: z.ZodObject, values: Record<string, unknown>, given: ReadonlySet<string>): SettingRow[] {
  return Object.entries(schema.shape).map(([name, setting]) => ({
    name,
    from: given.has(name) ? "environment" : "default",
    ...told(setting as z.ZodType, values[name]),
  }));
}

function told(schema: z.ZodType, value: unknown): Pick<SettingRow, "description" | "value" | "isSet"> {
  const description = schemaLayers(schema).map((layer) => layer.description).find((text) => text !== undefined) ?? "";
  const text = textOf(value);
  return { description, isSet: text !== "", ...(text !== "" && isShown(schema) ? { value: text } : {}) };
}

const LONGEST = 2000;

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = Array.isArray(value) ? value.map(String).join(", ") : String(value);
  const url = /^https?:\/\/[^/?#]*@/i.test(text) ? URL.parse(text) : null;
  // a login in a URL is nobody's to see, whoever says that the URL is
  const plain = url ? text.replace(/^(https?:\/\/)[^/?#]*@/i, "$1…@") : text;
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST)}…`;
}

import * as z from "zod";
import { type Config, coreSettings } from "./config.ts";
import type { Environment } from "./runtime/env.ts";
import { idOf } from "./host/load.ts";
import { nearest } from "./nearest.ts";
import type { Plugin } from "./plugin.ts";

/** Everything that is wrong with the settings, a line each. */
export class SettingsError extends Error {
  override name = "SettingsError";
}

export interface ReadSettings {
  config: Config;
  /** By `kind/name`. */
  ofPlugin: ReadonlyMap<string, Record<string, unknown>>;
  /** A sentence for each variable that nobody knows. */
  warnings: string[];
}

export type PluginPlaces = Pick<Config, "HEADWIND_PLUGINS_DIR" | "HEADWIND_DISABLED_PLUGINS">;

/** Which plugins there are has to be known before all settings can be. Throws `SettingsError`. */
export function readPluginPlaces(env: Environment): PluginPlaces {
  return readPart(coreSettings.pick({ HEADWIND_PLUGINS_DIR: true, HEADWIND_DISABLED_PLUGINS: true }), env);
}

/** Some of core's settings. Throws `SettingsError`. */
export function readPart<T extends z.ZodObject>(some: T, env: Environment): z.infer<T> {
  const faults: string[] = [];
  const read = parse(some, env, faults);
  if (!read) throw new SettingsError(sentence(faults));
  return read as z.infer<T>;
}

/** All settings, checked before anything starts. Throws `SettingsError` with every mistake, naming the variable. */
export function readSettings(env: Environment, plugins: readonly Plugin[]): ReadSettings {
  const faults: string[] = [];
  const config = parse(coreSettings, env, faults);
  const ofPlugin = new Map<string, Record<string, unknown>>();
  const known = new Set(Object.keys(coreSettings.shape));
  for (const plugin of plugins) {
    try {
      const schema: unknown = plugin.settings?.(z);
      if (schema === undefined) continue;
      if (!(schema instanceof z.ZodObject)) throw new Error("they are no z.object");
      for (const name of Object.keys(schema.shape)) {
        if (known.has(name)) faults.push(`${name}: plugin ${idOf(plugin)} takes a variable that is taken`);
        known.add(name);
      }
      const settings = parse(schema, env, faults);
      if (settings) ofPlugin.set(idOf(plugin), settings);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.push(`plugin ${idOf(plugin)}: its settings cannot be read: ${why}`);
    }
  }
  if (faults.length > 0 || !config) throw new SettingsError(sentence(faults));
  const unknown = Object.keys(env).filter((name) => name.startsWith("HEADWIND_") && !known.has(name));
  const warnings = [
    ...unknown.map((name) => `${name} is no setting${likely(name, known)}`),
    ...bounded(config as Config),
  ];
  return { config: config as Config, ofPlugin, warnings };
}

/** An empty or blank variable counts as absent, as in a manifest that leaves a value open. */
function parse(schema: z.ZodObject, env: Environment, faults: string[]): Record<string, unknown> | undefined {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => env[name]?.trim() ? [[name, env[name]]] : []),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    const name = String(path[0] ?? "");
    const value = given[name] === undefined || isSecret(name) ? "" : ` (it is ${JSON.stringify(given[name])})`;
    faults.push(`${name}: ${message}${value}`);
  }
  return undefined;
}

const isSecret = (name: string) => /SECRET|TOKEN|PASSWORD|KEY|URL/.test(name);
const sentence = (faults: readonly string[]) => `the settings cannot be used:\n  ${faults.join("\n  ")}`;

/** What is given and is not what counts. */
function bounded({ HEADWIND_POLLING_INTERVAL: given, HEADWIND_POLLING_MIN_INTERVAL: least }: Config): string[] {
  if (given >= least) return [];
  return [`HEADWIND_POLLING_INTERVAL is ${given}, less than HEADWIND_POLLING_MIN_INTERVAL: ${least} s is used`];
}

function likely(name: string, known: ReadonlySet<string>): string {
  const near = nearest(name, known);
  if (near) return `; ${near} is one`;
  const parts = new Set(name.split("_"));
  const shared = (other: string) => other.split("_").filter((part) => parts.has(part)).length / other.split("_").length;
  const [best] = [...known].sort((a, b) => shared(b) - shared(a));
  return best && shared(best) > 0.6 ? `; ${best} is one` : "";
}

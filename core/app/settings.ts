import * as z from "zod";
import { type Config, coreSettings } from "./setting_schema.ts";
import type { Environment } from "../runtime/process.ts";
import { identityFaults, identityWarnings } from "./identity_settings.ts";
import { idOf } from "../host/plugin_host.ts";
import { closestName } from "../lib/closest_name.ts";
import type { Plugin } from "../plugin.ts";
import { expectedValue } from "../lib/expected_value.ts";

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

/**
 * Which plugins there are has to be known before all settings can be.
 *
 * @throws {SettingsError}
 */
export function readPluginPlaces(env: Environment): PluginPlaces {
  return readPart(coreSettings.pick({ HEADWIND_PLUGINS_DIR: true, HEADWIND_DISABLED_PLUGINS: true }), env);
}

/**
 * Some of core's settings.
 *
 * @throws {SettingsError}
 */
export function readPart<T extends z.ZodObject>(some: T, env: Environment): z.infer<T> {
  const faults: string[] = [];
  const read = parse(some, env, faults);
  if (!read) throw new SettingsError(sentence(faults));
  return read as z.infer<T>;
}

/**
 * All settings, checked before anything starts.
 *
 * @throws {SettingsError} with every mistake, naming the variable
 */
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
  if (config) faults.push(...twice(config as Config), ...identityFaults(config as Config));
  if (faults.length > 0 || !config) throw new SettingsError(sentence(faults));
  const unknown = Object.keys(env).filter((name) => /^headwind_/i.test(name) && !known.has(name));
  const warnings = [
    ...unknown.map((name) => `${name} is no setting${likely(name, known)}`),
    ...bounded(config as Config),
    ...identityWarnings(config as Config),
  ];
  return { config: config as Config, ofPlugin, warnings };
}

/** An empty or blank variable counts as absent, as in a manifest that leaves a value open. */
function parse(schema: z.ZodObject, env: Environment, faults: string[]): Record<string, unknown> | undefined {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => env[name]?.trim() ? [[name, env[name]]] : []),
  );
  const result = schema.safeParse(given, { error: expectedValue });
  if (result.success) return result.data;
  const said = result.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? "");
    const value = given[name] === undefined || isSecret(name) ? "" : ` (it is ${JSON.stringify(given[name])})`;
    return `${name}: ${message}${value}`;
  });
  faults.push(...new Set(said));
  return undefined;
}

const isSecret = (name: string) => /SECRET|TOKEN|PASSWORD|KEY|URL/.test(name);
const sentence = (faults: readonly string[]) => `the settings cannot be used:\n  ${faults.join("\n  ")}`;

/** Servers that would be at one port. */
function twice(config: Config): string[] {
  const ports = new Map<number, string>();
  return ([
    "HEADWIND_WEBHOOK_PORT",
    "HEADWIND_API_PORT",
    "HEADWIND_UI_PORT",
    "HEADWIND_METRICS_PORT",
  ] as const).flatMap((name) => {
    const other = ports.get(config[name]);
    ports.set(config[name], other ?? name);
    if (config[name] === 0 || other === undefined) return [];
    return [`${name}: another port than that of ${other} is wanted (it is "${config[name]}")`];
  });
}

/** What is given and is not what counts. */
function bounded({ HEADWIND_POLLING_INTERVAL: given, HEADWIND_POLLING_MIN_INTERVAL: least }: Config): string[] {
  if (given >= least) return [];
  return [`HEADWIND_POLLING_INTERVAL is ${given}, less than HEADWIND_POLLING_MIN_INTERVAL: ${least} s is used`];
}

/** A question for those that may be meant: where all its words are known, those with the most of them, else the closest one. */
function likely(name: string, known: ReadonlySet<string>): string {
  const wordsOf = (other: string) => other.split("_");
  const words = new Set([...known].flatMap(wordsOf));
  const near = wordsOf(name).every((word) => words.has(word)) ? undefined : closestName(name.toUpperCase(), known);
  if (near) return `: is ${near} meant?`;
  const parts = new Set(wordsOf(name));
  const shared = (other: string) => wordsOf(other).filter((part) => parts.has(part)).length / wordsOf(other).length;
  const best = Math.max(...[...known].map(shared));
  const alike = best > 0.6 ? [...known].filter((other) => shared(other) === best).slice(0, 4) : [];
  return alike.length > 0 ? `: is ${alike.join(" or ")} meant?` : "";
}

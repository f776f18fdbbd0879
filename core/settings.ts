import * as z from "zod";
import { type Config, coreSettings } from "./config.ts";
import type { Environment } from "./runtime/env.ts";
import { idOf } from "./host/load.ts";
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

/** Core's settings alone, which say where plugins are. Throws `SettingsError`. */
export function readConfig(env: Environment): Config {
  const faults: string[] = [];
  const config = parse(coreSettings, env, faults);
  if (!config) throw new SettingsError(sentence(faults));
  return config as Config;
}

/** All settings, checked before anything starts. Throws `SettingsError` with every mistake, naming the variable. */
export function readSettings(env: Environment, plugins: readonly Plugin[]): ReadSettings {
  const faults: string[] = [];
  const config = parse(coreSettings, env, faults);
  const ofPlugin = new Map<string, Record<string, unknown>>();
  const known = new Set(Object.keys(coreSettings.shape));
  for (const plugin of plugins) {
    const schema = plugin.settings?.(z);
    if (!schema) continue;
    for (const name of Object.keys(schema.shape)) {
      if (known.has(name)) faults.push(`${name}: plugin ${idOf(plugin)} takes a variable that is taken`);
      known.add(name);
    }
    const settings = parse(schema, env, faults);
    if (settings) ofPlugin.set(idOf(plugin), settings);
  }
  if (faults.length > 0 || !config) throw new SettingsError(sentence(faults));
  const unknown = Object.keys(env).filter((name) => name.startsWith("HEADWIND_") && !known.has(name));
  const warnings = unknown.map((name) => `${name} is no setting${nearest(name, known)}`);
  return { config: config as Config, ofPlugin, warnings };
}

/** An empty variable counts as absent, as in a manifest that leaves a value open. */
function parse(schema: z.ZodObject, env: Environment, faults: string[]): Record<string, unknown> | undefined {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => env[name] === undefined || env[name] === "" ? [] : [[name, env[name]]]),
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

function nearest(name: string, known: ReadonlySet<string>): string {
  const parts = new Set(name.split("_"));
  const shared = (other: string) => other.split("_").filter((part) => parts.has(part)).length / other.split("_").length;
  const [best] = [...known].sort((a, b) => shared(b) - shared(a));
  return best && shared(best) > 0.6 ? `; ${best} is one` : "";
}

import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { annotationFaults, shapeFaults } from "./plugin_faults.ts";
import { closestName } from "../lib/closest_name.ts";
import { idOf } from "./plugin_host.ts";
import { CATALOG } from "../telemetry/catalog.ts";
import type { CheckPlugin, Plugin } from "../plugin.ts";

/** What keeps the plugins from being loaded: all of it, a line each. */
export class PluginError extends Error {
  override name = "PluginError";
}

export interface LoadOptions {
  builtins: readonly Plugin[];
  /** A folder of strangers' plugins, each a file with a default export. */
  dir?: string | undefined;
  /** `trigger/poller` and so on: left out. */
  disabled?: readonly string[];
}

interface Found {
  plugin: Plugin;
  from: string;
}

/**
 * The plugins that there are: the built-in ones and those of a folder, each checked, none twice. Files whose name
 * starts with a dot are left out, since a mounted ConfigMap is made of links to such folders.
 *
 * @throws {PluginError} with every fault at once
 */
export async function loadPlugins({ builtins, dir, disabled = [] }: LoadOptions): Promise<Plugin[]> {
  const faults: string[] = [];
  const found: Found[] = builtins.map((plugin) => ({ plugin, from: "built in" }));
  for (const file of dir === undefined ? [] : await filesOf(dir, faults)) {
    try {
      found.push({ plugin: await loadFile(file), from: file });
    } catch (error) {
      faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const valid = found.filter(({ plugin, from }) => {
    const wrong = shapeFaults(plugin);
    faults.push(...wrong.map((fault) => `${from}: ${fault}`));
    return wrong.length === 0;
  });
  const ids = new Set(valid.map(({ plugin }) => idOf(plugin)));
  const used = valid.filter(({ plugin }) => !disabled.includes(idOf(plugin)));
  faults.push(
    ...clashes(valid, (plugin) => [`the name ${idOf(plugin)}`]),
    ...clashes(
      used,
      (plugin) => plugin.kind === "trigger" && plugin.webhook ? [`the path ${plugin.webhook.path}`] : [],
    ),
    ...clashes(used, ({ metrics = [] }) => metrics.map(({ name }) => metricClaim(name)), CORE_METRICS),
    ...annotationFaultsOf(used),
    ...disabled.filter((id) => !ids.has(id)).map((id) => {
      const near = closestName(id, ids);
      return `HEADWIND_DISABLED_PLUGINS: there is no plugin ${id}${near ? `: is ${near} meant?` : ""}`;
    }),
  );
  if (faults.length > 0) throw new PluginError(`the plugins cannot be loaded:\n  ${faults.join("\n  ")}`);
  return used.map(({ plugin }) => plugin);
}

function annotationFaultsOf(found: readonly Found[]): string[] {
  const checks: CheckPlugin[] = [];
  return found.flatMap(({ plugin, from }) => {
    if (plugin.kind !== "check") return [];
    const faults = annotationFaults(plugin, checks);
    checks.push(plugin);
    return faults.map((fault) => `${from}: ${fault}`);
  });
}

const metricClaim = (name: string) => `the metric ${name}`;
const CORE_METRICS = Object.values(CATALOG).map(({ name }) => metricClaim(name));

/** A sentence for each thing that two claim, where only one can have it. */
function clashes(found: readonly Found[], claimsOf: (plugin: Plugin) => string[], ofCore: string[] = []): string[] {
  const holders = new Map(ofCore.map((claim) => [claim, "core"]));
  return found.flatMap(({ plugin, from }) =>
    claimsOf(plugin).flatMap((claim) => {
      const holder = holders.get(claim);
      if (holder === undefined) holders.set(claim, `${idOf(plugin)} (${from})`);
      return holder === undefined ? [] : [`${from}: ${claim} is taken by ${holder}`];
    })
  );
}

/** Code, and neither hidden, nor types alone, nor the test of a plugin beside it. */
const isPluginFile = (name: string): boolean =>
  !name.startsWith(".") && /\.(ts|mts|js|mjs)$/.test(name) && !/\.(d|test)\.m?[jt]s$/.test(name);

async function filesOf(dir: string, faults: string[]): Promise<string[]> {
  try {
    const names = await readdir(dir);
    return names.filter(isPluginFile).sort().map((name) => join(dir, name));
  } catch (error) {
    faults.push(`HEADWIND_PLUGINS_DIR: ${dir} cannot be read: ${(error as Error).message}`);
    return [];
  }
}

async function loadFile(file: string): Promise<Plugin> {
  const url = pathToFileURL(await realpath(file)).href;
  const module = await import(url) as { default?: unknown };
  return module.default as Plugin;
}

import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "../plugin.ts";
import { shapeFaults } from "./shape.ts";

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

/**
 * The plugins that there are: the built-in ones and those of a folder, each checked, none twice. Files whose name starts
 * with a dot are left out, since a mounted ConfigMap is made of links to such folders. Throws `PluginError` with every
 * fault at once.
 */
export async function loadPlugins({ builtins, dir, disabled = [] }: LoadOptions): Promise<Plugin[]> {
  const faults: string[] = [];
  const found: { plugin: Plugin; from: string }[] = builtins.map((plugin) => ({ plugin, from: "built in" }));
  for (const file of dir === undefined ? [] : await filesOf(dir, faults)) {
    const loaded = await loadFile(file).catch((error: Error) => void faults.push(`${file}: ${error.message}`));
    if (loaded) found.push({ plugin: loaded, from: file });
  }
  const byId = new Map<string, string>();
  for (const { plugin, from } of found) {
    const id = idOf(plugin);
    const wrong = shapeFaults(plugin);
    faults.push(...wrong.map((fault) => `${from}: ${fault}`));
    if (wrong.length > 0) continue;
    const taken = byId.get(id) ?? pathTaken(plugin, found.map(({ plugin }) => plugin));
    if (taken) faults.push(`${from}: ${id} clashes with ${taken}`);
    byId.set(id, from);
  }
  for (const id of disabled) if (!byId.has(id)) faults.push(`HEADWIND_DISABLED_PLUGINS: there is no plugin ${id}`);
  if (faults.length > 0) throw new PluginError(`the plugins cannot be loaded:\n  ${faults.join("\n  ")}`);
  return found.map(({ plugin }) => plugin).filter((plugin) => !disabled.includes(idOf(plugin)));
}

export const idOf = ({ kind, name }: Plugin): string => `${kind}/${name}`;

function pathTaken(plugin: Plugin, all: readonly Plugin[]): string | undefined {
  if (plugin.kind !== "trigger" || !plugin.webhook) return undefined;
  const { path } = plugin.webhook;
  const same = all.find((other) => other !== plugin && other.kind === "trigger" && other.webhook?.path === path);
  return same && all.indexOf(same) < all.indexOf(plugin) ? `${idOf(same)} by its path ${path}` : undefined;
}

async function filesOf(dir: string, faults: string[]): Promise<string[]> {
  try {
    const names = await readdir(dir);
    return names.filter((name) => !name.startsWith(".") && /\.(ts|mts|js|mjs)$/.test(name) && !name.endsWith(".d.ts"))
      .sort().map((name) => join(dir, name));
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

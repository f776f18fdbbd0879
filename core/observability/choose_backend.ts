import type { FoundPlace, FoundPlaces } from "./backend_services.ts";
import type { MetricsPlace, MetricsPlugin } from "../plugin.ts";
import { closestName } from "../lib/closest_name.ts";
import type { ObservabilitySettings } from "./observability_settings.ts";

/** Where a backend is, as an administrator wrote it, or as it was found; absent where the plugin knows it by itself. */
export interface Candidate {
  plugin: MetricsPlugin;
  place?: Omit<MetricsPlace, "token"> & { token?: string; tokenFile?: string };
  /** By looking, so that nobody vouches for it: it is sent no login. */
  found: boolean;
}

/** One that is not used, and why. */
export interface PassedBackend {
  name: string;
  title: string;
  url?: string;
  /** A sentence without a full stop. */
  why: string;
}

export interface Choice {
  /** Undefined where no metrics plugin is left. */
  chosen: Candidate | undefined;
  passed: PassedBackend[];
}

export interface ChoosingOptions {
  plugins: readonly MetricsPlugin[];
  settings: ObservabilitySettings;
  /** Looks for places in the cluster. */
  find(): Promise<FoundPlaces>;
  /** Undefined for one that can be used, else why not. */
  probe(candidate: Candidate): Promise<string | undefined>;
}

const FALLBACK = "live";
/** Headwind's order; what strangers bring comes before the last. */
const ORDER = ["prometheus", "victoriametrics", "influxdb"];

export const titleOf = ({ name, title = name }: MetricsPlugin): string => title;

/**
 * Which backend is used: the first that can be, of all, or of the one that `metricsBackend` names; the replica's own numbers
 * where none can.
 */
export async function chooseBackend({ plugins, settings, find, probe }: ChoosingOptions): Promise<Choice> {
  const passed: PassedBackend[] = [];
  let places: Promise<FoundPlaces> | undefined;
  const found = async (name: string) => {
    const { places: all, listed } = await (places ??= find());
    return { places: all.filter(({ plugin }) => plugin === name), listed };
  };
  for (const plugin of inOrder(plugins, settings, passed)) {
    const candidates = await candidatesOf(plugin, settings, found);
    if (typeof candidates === "string") {
      passed.push({ name: plugin.name, title: titleOf(plugin), why: candidates });
      continue;
    }
    const reasons = await Promise.all(candidates.list.map(probe));
    const good = reasons.indexOf(undefined);
    if (good >= 0) return { chosen: candidates.list[good], passed };
    passed.push(...passedOver(plugin, candidates, reasons as string[]));
  }
  return { chosen: undefined, passed };
}

function inOrder(
  plugins: readonly MetricsPlugin[],
  { metricsBackend }: ObservabilitySettings,
  passed: PassedBackend[],
): MetricsPlugin[] {
  const last = plugins.filter(({ name }) => name === FALLBACK);
  if (metricsBackend === FALLBACK) return last;
  if (metricsBackend !== "auto") {
    const named = plugins.filter(({ name }) => name === metricsBackend);
    if (named.length === 0) {
      const near = closestName(metricsBackend, plugins.map(({ name }) => name));
      const why = `there is no metrics plugin of that name${near ? `: is ${near} meant?` : ""}`;
      passed.push({ name: metricsBackend, title: metricsBackend, why });
    }
    return [...named, ...last];
  }
  const rank = ({ name }: MetricsPlugin) => ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length;
  return [...plugins.filter(({ name }) => name !== FALLBACK).sort((a, b) => rank(a) - rank(b)), ...last];
}

interface Candidates {
  list: Candidate[];
  found: boolean;
  /** Whether Services could be listed. */
  listed: boolean;
}

/** Those of one plugin, or why it has none. */
async function candidatesOf(
  plugin: MetricsPlugin,
  settings: ObservabilitySettings,
  find: (name: string) => Promise<{ places: FoundPlace[]; listed: boolean }>,
): Promise<Candidates | string> {
  const { name } = plugin;
  const isNamed = settings.metricsBackend === name;
  if (name === "influxdb") {
    const { enabled, url, org, bucket, token, tokenFile } = settings.influxdb;
    if (!enabled && !isNamed) return "it is not enabled in headwind-config";
    if (token === undefined && tokenFile === undefined) return "headwind-config has no token for it";
    const secret = tokenFile === undefined ? { token: token! } : { tokenFile };
    return { list: [{ plugin, place: { url, org, bucket, ...secret }, found: false }], found: false, listed: true };
  }
  if (name !== "prometheus" && name !== "victoriametrics") {
    return { list: [{ plugin, found: false }], found: false, listed: true };
  }
  const { enabled, url, tokenFile } = settings[name];
  if (!enabled && !isNamed) return "headwind-config turns it off";
  if (url !== undefined) {
    const place = { url, ...(tokenFile === undefined ? {} : { tokenFile }) };
    return { list: [{ plugin, place, found: false }], found: false, listed: true };
  }
  const { places, listed } = await find(name);
  return { list: places.map(({ url }) => ({ plugin, place: { url }, found: true })), found: true, listed };
}

/** Of the places that were only looked at, those that answer are told, and that there was none where none does. */
function passedOver(plugin: MetricsPlugin, { list, found, listed }: Candidates, reasons: string[]): PassedBackend[] {
  const of = { name: plugin.name, title: titleOf(plugin) };
  const told = list.flatMap(({ place }, index) => {
    const why = reasons[index]!;
    if (found && isAway(why)) return [];
    return [{ ...of, ...(place ? { url: place.url } : {}), why }];
  });
  if (told.length > 0 || !found) return told;
  const where = listed ? "among the cluster's Services" : "at its usual addresses, and Headwind may not list Services";
  return [{ ...of, why: `none answers ${where}` }];
}

/** Whether nobody is there, as at most of the usual addresses. */
const isAway = (why: string): boolean => why === AWAY || why.endsWith(" cannot be reached");

/** What a probe says where nothing came in its time. */
export const AWAY = "it does not answer";

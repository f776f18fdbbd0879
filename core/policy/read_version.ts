import { parseChartVersion } from "../charts/parse_version.ts";
import { parseVersion, type Version } from "../image/version.ts";
import type { ReadVersion } from "./types.ts";

export const readVersion: ReadVersion = (type, text) => type === "chart" ? parseChartVersion(text) : parseVersion(text);

const mostRemembered = 1_000;

/** Reads each text once, and forgets no more than it may hold: what comes after a thousand is read each time. */
export function rememberVersions(): ReadVersion {
  const known = new Map<string, Version | undefined>();
  return (type, text) => {
    const key = `${type} ${text}`;
    if (known.has(key)) return known.get(key);
    const version = readVersion(type, text);
    if (known.size < mostRemembered) known.set(key, version);
    return version;
  };
}

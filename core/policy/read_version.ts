import type { Artifact } from "../plugin.ts";
import { parseChartVersion } from "../charts/parse_version.ts";
import { parseVersion, type Version } from "../image/version.ts";

/** Reads a tag, or a chart's version, as what is published under such names has them; undefined for what is none. */
export function readVersion(type: Artifact["type"], text: string): Version | undefined {
  return type === "chart" ? parseChartVersion(text) : parseVersion(text);
}

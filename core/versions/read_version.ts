import type { Artifact } from "../plugin.ts";
import { parseChartVersion } from "./chart_version.ts";
import { createTagReader, parseVersion, type Version } from "./version.ts";

/** Reads a tag, or a chart's version, as what is published under such names has them; undefined for what is none. */
export type ReadVersion = (text: string) => Version | undefined;

export const readVersion = (type: Artifact["type"], text: string): Version | undefined =>
  type === "chart" ? parseChartVersion(text) : parseVersion(text);

/** For many texts of one artifact. `hashDigits` as for `createTagReader`. */
export const versionReader = (type: Artifact["type"], hashDigits: number): ReadVersion =>
  type === "chart" ? parseChartVersion : createTagReader(hashDigits);

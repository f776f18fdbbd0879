import { IndexError } from "./index_error.ts";

/** A version of a chart that a repository offers. */
export interface ChartVersion {
  /** As the repository writes it, with `+` before build metadata; not checked for being one. */
  version: string;
  /** Present where the repository says so. */
  deprecated?: true;
}

/** The versions of each wanted chart, by its name, in the repository's order; a chart that is not there has none. */
export type ChartVersions = ReadonlyMap<string, readonly ChartVersion[]>;

/**
 * The versions of one chart from what a parser made of its list, every scalar of which is a text, or what JSON has. An
 * item without a version, and one that is null, is left out, as Helm does it; so is a version that is too long for one.
 *
 * @throws an `IndexError` where it is no list of mappings with texts. `before`: how many items of the chart went before
 */
export function versionsOf(chart: string, list: unknown, before = 0): ChartVersion[] {
  if (isNull(list)) return [];
  if (!Array.isArray(list)) {
    throw new IndexError("malformed", `The entry of the chart ${chart} is no list of versions.`);
  }
  return list.filter((item) => !isNull(item)).flatMap((item, index): ChartVersion[] => {
    const place = `Item ${before + index + 1} of the chart ${chart}`;
    if (typeof item !== "object" || Array.isArray(item)) throw new IndexError("malformed", `${place} is no mapping.`);
    const { version, deprecated } = item as Record<string, unknown>;
    if (version === undefined || version === null || version === "") return [];
    if (typeof version !== "string") throw new IndexError("malformed", `${place} has a version that is no text.`);
    if (version.length > longest) return [];
    return [isTrue(deprecated) ? { version, deprecated: true } : { version }];
  });
}

/** As in `semver`: longer ones are none. */
const longest = 256;

/** An empty value, also where the parser has only texts. */
export function isNull(value: unknown): boolean {
  return value === null || value === undefined || typeof value === "string" && /^(~|null|)$/i.test(value);
}

const isTrue = (value: unknown) => value === true || typeof value === "string" && /^(true|yes|on)$/i.test(value);

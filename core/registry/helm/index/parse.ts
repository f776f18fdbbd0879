import { defineScalarTag, FAILSAFE_SCHEMA, loadAll, mergeTag, YAMLException } from "js-yaml";
import { type ChartVersion, isNull, versionsOf } from "./chart_versions.ts";
import {
  emptyIndex,
  entriesNoMapping,
  IndexError,
  noMapping,
  truncated,
  Unsure,
  withoutEntries,
} from "./index_error.ts";

/**
 * Scalars stay the texts they are written as. Helm (by sigs.k8s.io/yaml) makes a number of a version `1.10` and then the
 * text `1.1`: a version that the repository does not have.
 */
const asWritten = { matchByTagPrefix: true, resolve: (source: string) => source, identify: () => false };
const tagged = ["tag:yaml.org,2002:", "!"].map((prefix) => defineScalarTag(prefix, asWritten));
const schema = FAILSAFE_SCHEMA.withTags(mergeTag, ...tagged);

/**
 * The first document of a YAML text, as Helm takes it.
 *
 * @throws what js-yaml throws
 */
export const parseYaml = (text: string): unknown => loadAll(text, { schema })[0];

/**
 * A value that may be JSON. By `JSON.parse` where it is, unless it has versions that are numbers, whose text is then
 * lost.
 *
 * @throws what js-yaml throws
 */
export function parseFlow(text: string): unknown {
  let numbers = false;
  try {
    const value = JSON.parse(text, (key, value) => {
      if (key === "version" && typeof value === "number") numbers = true;
      return value;
    });
    if (!numbers) return value;
  } catch {
    // a syntax error of JSON, which YAML may know
  }
  return parseYaml(text);
}

/**
 * A part of an index, by one of the two parsers.
 *
 * @throws {Unsure} where it is not valid by itself
 */
export function parsePart(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Unsure(error instanceof YAMLException ? error.reason : String(error));
  }
}

/**
 * Reads a whole index with a full parser.
 *
 * @throws an `IndexError`
 */
export function parseIndex(text: string, wanted: ReadonlySet<string>): Map<string, readonly ChartVersion[]> {
  const index = documentOf(text);
  if (isNull(index) && !/\S/.test(text.replace(/#.*|^---/gm, ""))) throw emptyIndex();
  if (typeof index !== "object" || index === null || Array.isArray(index)) {
    throw noMapping();
  }
  const { entries, apiVersion } = index as Record<string, unknown>;
  if (entries === undefined && apiVersion === undefined) throw withoutEntries();
  const found = new Map<string, readonly ChartVersion[]>();
  if (isNull(entries)) return found;
  if (typeof entries !== "object" || Array.isArray(entries)) throw entriesNoMapping();
  for (const [chart, list] of Object.entries(entries as Record<string, unknown>)) {
    if (wanted.has(chart)) found.set(chart, versionsOf(chart, list));
  }
  return found;
}

function documentOf(text: string): unknown {
  try {
    return /^\s*[{[]/.test(text) ? parseFlow(text) : parseYaml(text);
  } catch (error) {
    const { reason, mark: at } = error instanceof YAMLException ? error : { reason: String(error), mark: undefined };
    if (at && !/\S/.test(text.slice(at.position))) throw truncated();
    const where = at ? `, at line ${at.line + 1}, column ${at.column + 1}` : "";
    throw new IndexError("malformed", `The index is not valid YAML: ${reason}${where}.`);
  }
}

import * as z from "zod";
import { closestName } from "../lib/closest_name.ts";
import { expectedValue } from "../lib/expected_value.ts";
import { schemaLayers } from "../lib/schema_layers.ts";

/** What a file with settings says. No sentence shows a value of it: there may be tokens. */
export type ReadConfig<T> =
  | {
    ok: true;
    value: T;
    /** The names that it sets, `observability.metricsBackend`. */
    given: string[];
    /** A sentence for each key that nobody reads. */
    unknown: string[];
  }
  /** A sentence for each mistake. */
  | { ok: false; problems: string[] };

/** Of mistakes, and of unknown keys, so many are told. */
const MOST_TOLD = 20;

/** Reads YAML, or JSON, by a schema. An empty file says nothing, and so all is as by default. */
export async function readConfig<T extends z.ZodType>(text: string, schema: T): Promise<ReadConfig<z.infer<T>>> {
  let said: unknown;
  try {
    said = text.trim() === "" ? {} : (await import("js-yaml")).load(text) ?? {};
  } catch (error) {
    // what comes after the first line shows lines of the file
    const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { ok: false, problems: [`it is no YAML: ${why}`] };
  }
  if (!isMapping(said)) return { ok: false, problems: ["it is no mapping of names to values"] };
  const read = schema.safeParse(said, { error: expectedValue });
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
    return { ok: false, problems: [...new Set(problems)].slice(0, MOST_TOLD) };
  }
  const given = schemaFields(schema).flatMap(({ path }) => hasPath(said, path) ? [path.join(".")] : []);
  return { ok: true, value: read.data, given, unknown: unknownKeys(schema, said, "").slice(0, MOST_TOLD) };
}

/** A setting in a file, by the names that lead to it. */
export interface SchemaField {
  path: readonly string[];
  schema: z.ZodType;
}

/** All that may be set in a file, its parts gone into. */
export function schemaFields(schema: z.ZodType, path: readonly string[] = []): SchemaField[] {
  const object = schemaLayers(schema).at(-1);
  if (!(object instanceof z.ZodObject)) return [{ path, schema }];
  return Object.entries(object.shape).flatMap(([name, part]) => schemaFields(part as z.ZodType, [...path, name]));
}

/** What stands at a place in a file, or in what was read of it. */
export function atPath(said: unknown, path: readonly string[]): unknown {
  return path.reduce((part, name) => isMapping(part) && Object.hasOwn(part, name) ? part[name] : undefined, said);
}

const hasPath = (said: unknown, path: readonly string[]) => atPath(said, path) !== undefined;

function unknownKeys(schema: z.ZodType, said: unknown, path: string): string[] {
  const object = schemaLayers(schema).at(-1);
  if (!(object instanceof z.ZodObject) || !isMapping(said)) return [];
  const known = new Set(Object.keys(object.shape));
  return Object.entries(said).slice(0, 1000).flatMap(([key, value]) => {
    if (known.has(key)) return unknownKeys(object.shape[key] as z.ZodType, value, `${path}${key}.`);
    const near = closestName(key, known);
    return [`${path}${short(key)} is no setting${near ? `: is ${path}${near} meant?` : ""}`];
  });
}

const short = (key: string) => key.length <= 100 ? key : `${key.slice(0, 100)}…`;

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

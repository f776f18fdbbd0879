import * as z from "zod";
import { schemaLayers } from "../../core/lib/schema_layers.ts";

/** One setting as a person is told of it, in Markdown. */
export interface DescribedSetting {
  name: string;
  /** What it may be: values, bounds; empty for any text. */
  values: string;
  /** The default, `required`, or empty where it may be left out. */
  standard: string;
  description: string;
}

/** Each setting of a schema. Throws where one has no description. */
export function describedSettings(schema: z.ZodObject): DescribedSetting[] {
  return Object.entries(schema.shape).map(([name, setting]) => {
    const found = schemaLayers(setting as z.ZodType);
    const description = found.map((layer) => layer.description).find((text) => text !== undefined);
    if (!description) throw new Error(`setting ${name} has no description: its schema wants .describe("…")`);
    return { name, values: valuesOf(found.at(-1)!), standard: standardOf(found), description };
  });
}

function valuesOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.map(code).join(", ");
  if (schema instanceof z.ZodBoolean) return "`true`, `false`";
  if (schema instanceof z.ZodURL) return "URL";
  if (!(schema instanceof z.ZodNumber)) return "";
  const bound = (value: number | null) => value !== null && Number.isFinite(value) && Math.abs(value) < 2 ** 53 - 1;
  const [least, most] = [schema.minValue, schema.maxValue];
  if (bound(least) && bound(most)) return `${least} to ${most}`;
  return bound(least) ? `from ${least}` : bound(most) ? `up to ${most}` : "number";
}

function standardOf(found: z.ZodType[]): string {
  const layer = found.find((layer) => layer instanceof z.ZodDefault || layer instanceof z.ZodPrefault);
  if (!layer) return found[0]!.safeParse(undefined).success ? "" : "required";
  const value = layer.def.defaultValue;
  const text = Array.isArray(value) ? value.join(",") : String(value);
  return text === "" ? "" : code(text);
}

const code = (value: string | number) => `\`${value}\``;

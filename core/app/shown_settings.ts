import * as z from "zod";
import { schemaLayers } from "../lib/schema_layers.ts";

/**
 * Whether people may be shown what a setting is set to. A number, a choice, `true` and `false` are; of a text its schema has to say so by
 * `.meta({ shown: true })`, since it may be a secret, or hold one as a URL does: of a text that says nothing only that it is set is told.
 */
export function isShown(schema: z.ZodType): boolean {
  const said = shownBySchema(schema);
  return said ?? !isText(schema);
}

/** What a schema says of itself; undefined where it says nothing. */
export function shownBySchema(schema: z.ZodType): boolean | undefined {
  for (const layer of schemaLayers(schema)) {
    const shown = layer.meta()?.shown;
    if (typeof shown === "boolean") return shown;
  }
  return undefined;
}

/** Whether anything may stand in it. */
export function isText(schema: z.ZodType): boolean {
  const innermost = schemaLayers(schema).at(-1)!;
  return !(innermost instanceof z.ZodNumber || innermost instanceof z.ZodBoolean || innermost instanceof z.ZodEnum);
}

import * as z from "zod";
import { validate } from "../../core/web.ts";

/**
 * What an address says after `?`, by a schema. Of a name that is there several times all values are taken where the schema
 * wants a list, else the last; what is empty counts as absent, as a form sends it for a field that nobody filled in.
 *
 * @throws {BadRequest} naming the field
 */
export function readQuery<Q extends z.ZodObject>(schema: Q, said: URLSearchParams): z.infer<Q> {
  const values: Record<string, unknown> = {};
  for (const name of new Set(said.keys())) {
    const all = said.getAll(name).filter((value) => value !== "");
    if (all.length > 0) values[name] = wantsList(schema, name) ? all : all.at(-1);
  }
  return validate(schema, values);
}

function wantsList(schema: z.ZodObject, name: string): boolean {
  let field: unknown = schema.shape[name];
  while (field instanceof z.ZodDefault || field instanceof z.ZodOptional) field = field.unwrap();
  return field instanceof z.ZodArray;
}

import type * as z from "zod";
import { BadRequest } from "./errors.ts";
import { parseJson, readBody } from "./body.ts";
import { wantedValue } from "../lib/wanted_value.ts";

/** A request's JSON body by its schema; an empty body is an empty object. Throws `BadRequest` naming the field. */
export async function bodyOf<T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> {
  const body = await readBody(request);
  return checked(schema, body.length === 0 ? {} : parseJson(body));
}

/** Throws `BadRequest` naming the field. */
export function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value, { error: wantedValue });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BadRequest(issue!.message, issue!.path.join(".") || "body");
}

import type * as z from "zod";
import { BadRequest } from "./http_errors.ts";
import { BodyRefused } from "../runtime/serve_limits.ts";
import { Unavailable } from "../lib/retryable.ts";
import { expectedValue } from "../lib/expected_value.ts";
import { decodeUtf8, readUpTo } from "../lib/bytes.ts";

/** Bodies above this are refused. */
export const BODY_LIMIT = 1 << 20;

/**
 * The body of a request, read no further than the limit.
 *
 * @throws {BadRequest} 413, 408 where it does not come in time, 400 where it is cut off; `Unavailable` where there is
 * no room for it
 */
export async function readBody(request: Request, limit: number = BODY_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  const refuse = () => new BadRequest(`the body is larger than ${limit} bytes`, "body", 413);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw refuse();
  const whole = await readUpTo(request.body, limit).catch((error: Error) => {
    throw cutOff(error);
  });
  if (!whole) throw refuse();
  return whole;
}

function cutOff(error: Error): Error {
  if (!(error instanceof BodyRefused)) return new BadRequest(`the body is cut off: ${error.message}`, "body");
  const message = `the body is not taken: ${error.message}`;
  return error.why === "late" ? new BadRequest(message, "body", 408) : new Unavailable(message, 1);
}

/** @throws {BadRequest} naming `field` where it is no JSON */
export function parseJson(body: Uint8Array, field = "body"): unknown {
  try {
    return JSON.parse(decodeUtf8(body));
  } catch (error) {
    throw new BadRequest(`the ${field} is no JSON: ${(error as Error).message}`, field);
  }
}

/**
 * A request's JSON body by its schema; an empty body is an empty object.
 *
 * @throws {BadRequest} naming the field
 */
export async function readJsonBody<T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> {
  const body = await readBody(request);
  return validate(schema, body.length === 0 ? {} : parseJson(body));
}

/** @throws {BadRequest} naming the field */
export function validate<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value, { error: expectedValue });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BadRequest(issue!.message, issue!.path.join(".") || "body");
}

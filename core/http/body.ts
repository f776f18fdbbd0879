import { BadRequest } from "./errors.ts";
import { BodyRefused } from "../runtime/bodies.ts";
import { Unavailable } from "../unavailable.ts";

/** Bodies above this are refused. */
export const BODY_LIMIT = 1 << 20;

/**
 * The body of a request, read no further than the limit. Throws `BadRequest`: 413, 408 where it
 * does not come in time, 400 where it is cut off; `Unavailable` where there is no room for it.
 */
export async function readBody(request: Request, limit: number = BODY_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  const refuse = () => new BadRequest(`the body is larger than ${limit} bytes`, "body", 413);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw refuse();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  const next = () =>
    reader?.read().catch((error: Error) => {
      throw cutOff(error);
    });
  for (let part = await next(); part && !part.done; part = await next()) {
    size += part.value.length;
    if (size > limit) {
      await reader!.cancel();
      throw refuse();
    }
    chunks.push(part.value);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function cutOff(error: Error): Error {
  if (!(error instanceof BodyRefused)) return new BadRequest(`the body is cut off: ${error.message}`, "body");
  const message = `the body is not taken: ${error.message}`;
  return error.why === "late" ? new BadRequest(message, "body", 408) : new Unavailable(message, 1);
}

/** Throws `BadRequest` naming `body` where it is no JSON. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new BadRequest(`the body is no JSON: ${(error as Error).message}`, "body");
  }
}

import { BadRequest, readBody } from "../../core/web.ts";

/** Bytes of a form. */
const LIMIT = 64 * 1024;

/**
 * The fields of a form as a browser sends it without JavaScript.
 *
 * @throws {BadRequest} 415 where it is no form, 413 where it is too large
 */
export async function readForm(request: Request, limit = LIMIT): Promise<URLSearchParams> {
  if (!isForm(request.headers)) {
    throw new BadRequest("a form (application/x-www-form-urlencoded) is wanted", "Content-Type", 415);
  }
  return new URLSearchParams(new TextDecoder().decode(await readBody(request, limit)));
}

export const isForm = (headers: Headers): boolean =>
  /^application\/x-www-form-urlencoded *(;|$)/i.test(headers.get("content-type") ?? "");

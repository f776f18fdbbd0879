import { BadRequest } from "../../../core/web.ts";

/** Whether who calls wants JSON and no page. */
export const isApiCall = (request: Request): boolean => new URL(request.url).pathname.startsWith("/api/");

/** What a page would show in its place, as JSON; without details for what is a fault of the program. */
export function apiFailure(error: Error, page: { status: number; retryAfter?: number }): Response {
  const { status, retryAfter } = page;
  const field = error instanceof BadRequest && error.field !== undefined ? { field: error.field } : {};
  const headers = new Headers({ "cache-control": "no-store" });
  if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
  const words = status === 500 ? "the dashboard failed; the operator's log has why" : error.message;
  return Response.json({ error: words, ...field }, { status, headers });
}

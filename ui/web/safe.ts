import { BadRequest, type Config, requireKnownHost, requireOwnPage } from "../../core/web.ts";
import { isForm } from "./form.ts";

/**
 * What each answer of the dashboard forbids a browser: anything from elsewhere, anything that is written into a page, to be shown
 * in another's frame, and to tell others where it was.
 */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Writes them over whatever an answer says. */
export function makeSafe(response: Response): void {
  for (const [name, value] of Object.entries(SAFE_HEADERS)) response.headers.set(name, value);
}

/** Names that browsers reach the dashboard by, besides those that are the cluster's own. */
export function ownHosts({ HEADWIND_UI_URL: url, HEADWIND_API_HOSTS: hosts }: Config): string[] {
  return [...hosts, ...(url === undefined ? [] : [new URL(url).hostname])];
}

/**
 * Refuses what no page of the dashboard's own would send: by a name that only leads here, by another method, and of what changes
 * something all that is no form, or comes from a page of another site.
 *
 * @throws {BadRequest} 403, 405 or 415
 */
export function requireSafe(request: Request, hosts: readonly string[]): void {
  requireKnownHost(request, hosts);
  const { method, headers } = request;
  if (method === "GET" || method === "HEAD") return;
  if (method !== "POST") throw new BadRequest(`GET, HEAD or POST is wanted, not ${method}`, undefined, 405);
  requireOwnPage(request, hosts);
  if (!isForm(headers)) {
    throw new BadRequest("a form (application/x-www-form-urlencoded) is wanted", "Content-Type", 415);
  }
}

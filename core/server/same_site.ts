import { BadRequest } from "./http_errors.ts";

/**
 * Refuses a write that a page of another site made a browser send (403), and one that is not said to be JSON (415): no page
 * sends that without being asked first. `hosts` are the names that the API is reached by besides what `Host` says. Calls that
 * no browser made and that have no body need not say what they are.
 */
export function requireSameSite(request: Request, hosts: readonly string[]): void {
  requireOwnPage(request, hosts);
  const { headers, body } = request;
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (!headers.has("content-type") && body === null && site === null && origin === null) return;
  if (!saysJson(headers)) throw new BadRequest("a write says application/json", "Content-Type", 415);
}

/**
 * Refuses what a page of another site made a browser send, with 403. What no browser sent passes.
 *
 * @throws {BadRequest}
 */
export function requireOwnPage({ headers }: Request, hosts: readonly string[]): void {
  const site = headers.get("sec-fetch-site");
  // browsers that say neither of a form say at least which page it stands on
  const field = site !== null ? "Sec-Fetch-Site" : headers.has("origin") ? "Origin" : "Referer";
  const page = headers.get("origin") ?? headers.get("referer");
  const isOthers = site === null ? page !== null && !isOwn(page, headers.get("host"), hosts) : !ownSites.includes(site);
  if (!isOthers) return;
  const from = page === null ? "another site" : URL.parse(page)?.host ?? page.slice(0, 100);
  throw new BadRequest(`a page of ${from} may not write here`, field, 403);
}

/** Whether a call is said to be `application/json`, which a page sends to no other site without being asked first. */
export const saysJson = (headers: Headers): boolean =>
  /^application\/json *(;|$)/i.test(headers.get("content-type") ?? "");

/** Of the values of `Sec-Fetch-Site`: `none` is the user's own doing. */
const ownSites = ["same-origin", "none"];

function isOwn(origin: string, host: string | null, hosts: readonly string[]): boolean {
  const from = URL.parse(origin);
  return from !== null && (from.host === host?.toLowerCase() || hosts.includes(from.hostname));
}

/**
 * Refuses a call by a name that is not this server's own, with 403: a page whose name was made to lead here is of the same site to
 * a browser. Addresses, `localhost`, names without a dot and those of a cluster's Services lead nowhere else; further ones are
 * in `hosts`.
 */
export function requireKnownHost({ headers }: Request, hosts: readonly string[]): void {
  const host = headers.get("host");
  if (host === null) return;
  const name = /^[^/?#@\s\\]+$/.test(host) ? URL.parse(`http://${host}`)?.hostname.replace(/\.$/, "") ?? "" : "";
  const isAddress = name.startsWith("[") || /^[\d.]+$/.test(name);
  const isLocal = (!name.includes(".") && name !== "") || /\.(localhost|svc|cluster\.local)$/.test(name);
  if (isAddress || isLocal || hosts.includes(name)) return;
  throw new BadRequest(
    `${JSON.stringify(host)} is no name of this server: HEADWIND_API_HOSTS lists those that are not the cluster's own`,
    "Host",
    403,
  );
}

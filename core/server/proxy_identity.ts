import type { Subject } from "../kube/access.ts";
import { BadRequest } from "./http_errors.ts";
import { vouchedSubject } from "./callers.ts";
import { isSameSecret } from "../lib/shared_secret.ts";
import { saysJson } from "./same_site.ts";
import { timesSent } from "../runtime/web_messages.ts";

/** The header by which a proxy proves itself. */
export const PROXY_SECRET_HEADER = "X-Headwind-Proxy-Secret";

export interface ProxyOptions {
  secret: string;
  userHeader: string;
  /** Its value is a list with commas. */
  groupsHeader: string;
}

/**
 * The person that a trusted proxy names in the headers of a call; undefined where the call shows no secret, so that its headers
 * mean nothing, or the proxy names nobody. A wrong secret is 401; a header that was sent twice, by the proxy and by its
 * client, is 400. A write that a browser may have sent without its user's will (a form of another site's page) is 415.
 */
export async function proxiedSubject(request: Request, options: ProxyOptions): Promise<Subject | undefined> {
  if (!showsSecret(request, options.secret)) return undefined;
  const subject = namedSubject(request, options);
  const reads = request.method === "GET" || request.method === "HEAD";
  if (subject && !reads && !saysJson(request.headers)) {
    throw new BadRequest("a call through a proxy says application/json", "Content-Type", 415);
  }
  return subject;
}

/** @throws {BadRequest} 401 where the secret that a call shows is another one */
export function showsSecret({ headers }: Request, secret: string): boolean {
  const shown = headers.get(PROXY_SECRET_HEADER);
  if (shown === null) return false;
  if (isSameSecret(shown, secret)) return true;
  throw new BadRequest("the proxy's secret is wrong", PROXY_SECRET_HEADER, 401);
}

/** Where a proxy writes whom it knows; without a header of groups they are in none. */
export type NamingHeaders = Pick<ProxyOptions, "userHeader"> & Partial<Pick<ProxyOptions, "groupsHeader">>;

/**
 * Whom the headers of a call name, which have to be a trusted proxy's.
 *
 * @throws {BadRequest} 400 where one was sent twice, 403 where it is a name of Kubernetes' own
 */
export function namedSubject(request: Request, { userHeader, groupsHeader }: NamingHeaders): Subject | undefined {
  const once = (name: string) => {
    if (timesSent(request, name) > 1) {
      throw new BadRequest("it is sent more than once, by others than the proxy", name, 400);
    }
    return request.headers.get(name) ?? "";
  };
  const user = once(userHeader).trim();
  if (user === "") return undefined;
  const groups = groupsHeader === undefined ? [] : once(groupsHeader).split(",").map((group) => group.trim());
  return vouchedSubject(user, groups.filter((group) => group !== ""));
}

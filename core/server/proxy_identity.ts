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
  const { headers } = request;
  const once = (name: string) => {
    if (timesSent(request, name) > 1) {
      throw new BadRequest("it is sent more than once, by others than the proxy", name, 400);
    }
    return headers.get(name);
  };
  const shown = headers.get(PROXY_SECRET_HEADER);
  if (shown === null) return undefined;
  if (!isSameSecret(shown, options.secret)) {
    throw new BadRequest("the proxy's secret is wrong", PROXY_SECRET_HEADER, 401);
  }
  const user = once(options.userHeader)?.trim();
  if (!user) return undefined;
  const reads = request.method === "GET" || request.method === "HEAD";
  if (!reads && !saysJson(headers)) {
    throw new BadRequest("a call through a proxy says application/json", "Content-Type", 415);
  }
  const groups = (once(options.groupsHeader) ?? "").split(",").map((group) => group.trim());
  return vouchedSubject(user, groups.filter((group) => group !== ""));
}

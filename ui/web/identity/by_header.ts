import { isIP } from "node:net";
import {
  BadRequest,
  type DashboardContext,
  namedSubject,
  PROXY_SECRET_HEADER,
  rangesOf,
  showsSecret,
} from "../../../core/web.ts";
import type { Identity } from "./identity.ts";
import { createPeople } from "./person.ts";

/**
 * A trusted proxy says in a header who asks: in `X-User` (`simple`), or in `HEADWIND_UI_PROXY_HEADER`, with their groups in
 * `HEADWIND_PROXY_GROUPS_HEADER` (`proxy`). Trusted is who shows the secret, or asks from an address of the list.
 */
export function byHeader(context: DashboardContext): Identity {
  const { config, callers } = context;
  const inRange = rangesOf(config.HEADWIND_UI_TRUSTED_PROXIES);
  const secret = config.HEADWIND_PROXY_SECRET;
  const headers = config.HEADWIND_UI_AUTH_MODE === "simple"
    ? { userHeader: "X-User" }
    : { userHeader: config.HEADWIND_UI_PROXY_HEADER, groupsHeader: config.HEADWIND_PROXY_GROUPS_HEADER };
  const personOf = createPeople(context);

  return {
    async identify(request, { address = "" }) {
      const shows = secret !== undefined && showsSecret(request, secret);
      if (!shows && (isIP(address) === 0 || !inRange(address))) {
        throw new BadRequest(
          `${headers.userHeader} is believed of a trusted proxy alone: this call came from ${
            address || "nowhere"
          }, which ` +
            `HEADWIND_UI_TRUSTED_PROXIES does not name, without the secret in ${PROXY_SECRET_HEADER}`,
          headers.userHeader,
          401,
        );
      }
      const subject = namedSubject(request, headers);
      if (!subject) throw new BadRequest("the proxy does not say who asks", headers.userHeader, 401);
      return { person: await personOf({ caller: callers.vouch(subject), proof: "header" }) };
    },
  };
}

import type { Subject } from "../kube/access.ts";
import { BadRequest } from "./http_errors.ts";
import { vouchedSubject } from "./callers.ts";

/** Which claims of an OpenID issuer name a person, and how their names are told from the cluster's own. */
export interface ClaimNames {
  /** `email` falls back to `sub` where a token has none and there is a prefix: else a subject could be another's address. */
  usernameClaim: string;
  groupsClaim: string;
  /** Comes before the names of users and groups. */
  prefix: string;
}

/**
 * Whom claims name that are proven to be the issuer's.
 *
 * @throws {BadRequest} 401 where they name nobody, 403 where it is a name of Kubernetes' own
 */
export function subjectOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { usernameClaim, groupsClaim, prefix }: ClaimNames,
): Subject {
  const isEmail = usernameClaim === "email";
  if (isEmail && claims.email !== undefined && !isVerified(claims.email_verified)) {
    throw refusal("the token's email is not verified");
  }
  const user = claims[usernameClaim] ?? (isEmail && prefix !== "" ? claims.sub : undefined);
  if (isEmail && user === undefined) {
    throw refusal("the token has no claim email, and sub is taken only where HEADWIND_OIDC_PREFIX is set");
  }
  if (typeof user !== "string" || user === "") throw refusal(`the token has no claim ${usernameClaim}`);
  const groups = claims[groupsClaim] ?? [];
  const names = (Array.isArray(groups) ? groups : [groups]).filter((group) =>
    typeof group === "string" && group !== ""
  );
  return vouchedSubject(prefix + user, names.map((name) => prefix + name));
}

/** Issuers that say nothing of it are believed, as the API server does. */
const isVerified = (claim: unknown) => claim === undefined || claim === true || claim === "true";

const refusal = (message: string) => new BadRequest(message, "Authorization", 401);

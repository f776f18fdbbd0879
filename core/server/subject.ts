import type { Subject } from "../kube/access.ts";
import { BadRequest } from "./errors.ts";

const reserved = "system:";
/** As long as `spec.decision.by` may be. */
const longest = 512;

/**
 * A person that a proxy or an issuer vouches for, as the API server is asked about them. Names that start with `system:` are
 * Kubernetes' own: as a user they are refused (403), as a group left out. Like everybody the API server knows, they are in
 * `system:authenticated`.
 */
export function personOf(user: string, groups: readonly string[]): Subject {
  if (user.startsWith(reserved)) {
    throw new BadRequest(`${user} is a name of Kubernetes' own, no person's`, undefined, 403);
  }
  if (user.length > longest) throw new BadRequest(`a user's name has at most ${longest} characters`, undefined, 403);
  return { user, groups: [...groups.filter((group) => !group.startsWith(reserved)), "system:authenticated"] };
}

import { parseReference } from "../versions/reference.ts";
import { retryForSender } from "./soon.ts";
import type { VersionLookup } from "./registry_access.ts";
import type { ProposedUpdate } from "./wanted.ts";
import { accessKey } from "./way.ts";

/** The digest that a registry has for a want's tag; undefined where it has none. */
export type DigestOf = (want: ProposedUpdate) => Promise<string | undefined>;

/**
 * The digests of the tags that containers of one repository want, each asked for with the container's own login: one that may not
 * read keeps no other waiting, and learns nothing from another's. Asked once for each tag, with what was told of it, and login, when
 * first needed.
 */
export function digestsOf(lookup: VersionLookup): DigestOf {
  const asked = new Map<string, Promise<string | undefined>>();
  return ({ slotRef, candidate }) => {
    const key = JSON.stringify([candidate.tag, candidate.digest, accessKey(slotRef)]);
    const { registry } = parseReference(slotRef.slot.current);
    const answer = asked.get(key) ?? retryForSender(() => lookup(slotRef, candidate.tag), candidate.digest, registry);
    asked.set(key, answer);
    return answer;
  };
}

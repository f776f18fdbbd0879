import { bearerToken, type Callers, forbidden, type Right } from "./callers.ts";
import { believedOf } from "./believed.ts";
import { BadRequest } from "./http_errors.ts";
import { MOST_NAMESPACES, namespacesWhere } from "./namespaces_where.ts";
import type { UpdateRequest } from "../requests/update_request.ts";

/** Somebody who reads, and what they may. */
export interface Reader {
  may(right: Right): Promise<boolean>;
  /** @throws {BadRequest} 403 where they lack it in its namespace */
  require(right: Right): Promise<void>;
}

/** Who reads: proven as whoever writes is, but what the API server has said of them is believed for a while. */
export function createReaders(callers: Callers): (request: Request) => Promise<Reader> {
  const believed = believedOf(callers);
  return async (request) => {
    const token = bearerToken(request.headers);
    // without one it may be a proxy that says who it is, in other headers
    const caller = await (token === undefined ? callers.resolve(request) : believed.ofToken(token));
    const may = async (right: Right) => caller.kind === "anonymous" || await believed.may(caller, right);
    return {
      may,
      async require(right) {
        if (caller.kind !== "anonymous" && !await may(right)) throw forbidden(caller.user, right);
      },
    };
  };
}

/**
 * Those of the requests that a reader may list.
 *
 * @throws {BadRequest} 403 where it takes too many questions to tell
 */
export async function filterReadable(requests: UpdateRequest[], reader: Reader): Promise<UpdateRequest[]> {
  const { where } = await namespacesWhere(reader, "list", () => {
    const namespaces = [...new Set(requests.map(({ metadata }) => metadata.namespace))];
    if (namespaces.length <= MOST_NAMESPACES) return namespaces;
    throw new BadRequest("you may not list those of all namespaces, and there are many: say which", "namespace", 403);
  });
  return where === "all" ? requests : requests.filter(({ metadata }) => where.has(metadata.namespace));
}

import { type Caller, type Callers, forbidden, hasRight, type Right } from "./callers.ts";
import { BadRequest } from "./http_errors.ts";
import { hash } from "node:crypto";
import { RESOURCE, type UpdateRequest } from "../requests/update_request.ts";
import { createAnswerCache } from "../lib/answer_cache.ts";

/** Somebody who reads, and what they may. */
export interface Reader {
  may(right: Right): Promise<boolean>;
  /** @throws {BadRequest} 403 where they lack it in its namespace */
  require(right: Right): Promise<void>;
}

/** How long it is believed who a token is of, and what they may read. */
const believedMs = 10_000;
const mostTokens = 256;
const mostRights = 4096;
/** Namespaces that are asked about for who may not list them all. */
const mostNamespaces = 100;
const atOnce = 8;

/** Who reads: proven as whoever writes is, but each token and each right is asked of the API server once in ten seconds. */
export function createReaders(callers: Callers): (request: Request) => Promise<Reader> {
  const holders = createAnswerCache<Caller>(believedMs, mostTokens);
  const rights = createAnswerCache<boolean>(believedMs, mostRights);
  return async (request) => {
    const proof = request.headers.get("authorization") ?? "";
    // without a bearer token it is a proxy that says who it is, in other headers
    const shown = /^Bearer /i.test(proof) ? hash("sha256", proof, "base64url") : undefined;
    const caller = await (shown ? holders(shown, () => callers.resolve(request)) : callers.resolve(request));
    const who = caller.kind === "vouched"
      ? JSON.stringify([caller.user, caller.groups])
      : caller.kind === "token"
      ? shown
      : "";
    const may = (right: Right) =>
      caller.kind === "anonymous"
        ? Promise.resolve(true)
        : rights(JSON.stringify([who, right]), () => hasRight(caller, right));
    return {
      may,
      async require(right) {
        if (caller.kind !== "anonymous" && !await may(right)) throw forbidden(caller.user, right);
      },
    };
  };
}

/** The right to read UpdateRequests: of all namespaces where it is `""`, and one of them where it is named. */
export const readRight = (namespace: string, name = ""): Right => ({
  verb: name === "" ? "list" : "get",
  group: RESOURCE.group,
  resource: RESOURCE.plural,
  namespace,
  name,
});

/**
 * Those of the requests that a reader may list.
 *
 * @throws {BadRequest} 403 where it takes too many questions to tell
 */
export async function filterReadable(requests: UpdateRequest[], reader: Reader): Promise<UpdateRequest[]> {
  if (await reader.may(readRight(""))) return requests;
  const namespaces = [...new Set(requests.map(({ metadata }) => metadata.namespace))];
  if (namespaces.length > mostNamespaces) {
    throw new BadRequest("you may not list those of all namespaces, and there are many: say which", "namespace", 403);
  }
  const allowed = new Set<string>();
  for (let start = 0; start < namespaces.length; start += atOnce) {
    await Promise.all(
      namespaces.slice(start, start + atOnce).map(async (namespace) => {
        if (await reader.may(readRight(namespace))) allowed.add(namespace);
      }),
    );
  }
  return requests.filter(({ metadata }) => allowed.has(metadata.namespace));
}

import { containersOf, isFor } from "../requests/containers.ts";
import { order } from "../versions/compare.ts";
import { isByHand, isProposal, seenAt, typeOf, type UpdateRequest } from "../requests/update_request.ts";

/**
 * The request that makes `request` needless, if there is one among `others`: a newer one for its container, and for each of its
 * others one too.
 */
export function supersededBy(
  request: UpdateRequest,
  others: readonly UpdateRequest[],
  confirmed: (request: UpdateRequest) => boolean,
): UpdateRequest | undefined {
  if (request.spec.decision?.approved) return undefined;
  const successors = containersOf(request).map((container) =>
    others.find((other) =>
      other !== request &&
      isFor(other, container) &&
      other.spec.decision?.approved !== false &&
      confirmed(other) &&
      // no reason to withhold what Headwind has found
      (isByHand(request) || !isProposal(other)) &&
      newer(other, request)
    )
  );
  return successors.includes(undefined) ? undefined : successors[0];
}

/** By version where the two have an order, else by when they were seen; the name settles a tie. */
function newer(a: UpdateRequest, b: UpdateRequest): boolean {
  const byVersion = order(typeOf(a), a.spec.newImage, b.spec.newImage);
  if (byVersion) return byVersion > 0;
  const [seenA, seenB] = [seenAt(a), seenAt(b)];
  return seenA === seenB ? a.metadata.name > b.metadata.name : seenA > seenB;
}

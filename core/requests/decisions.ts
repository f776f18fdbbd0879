import type { KubeClient } from "../kube/client.ts";
import type { Decision, UpdateRequest } from "./update_request.ts";

/** What the approval API asks of the store. */
export interface Decisions {
  /**
   * Writes the decision, with `writer` where the one who decides has their own, and gives back the request with it. Throws
   * `AlreadyDecided` where it no longer waits for one, a `KubeError` where the API server refuses.
   */
  decide(
    namespace: string,
    name: string,
    decision: Decision,
    writer?: KubeClient,
  ): Promise<UpdateRequest | undefined>;
}

/** The request is not (or no longer) waiting for a decision. */
export class AlreadyDecided extends Error {
  override name = "AlreadyDecided";
}

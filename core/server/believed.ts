import { type Callers, hasRight, type ProvenCaller, type Right } from "./callers.ts";
import { createAnswerCache } from "../lib/answer_cache.ts";
import { hash } from "node:crypto";

/**
 * Who somebody is and what they may, as the API server has said within the last ten seconds. It is for what is shown: of whoever changes
 * something it is asked anew.
 */
export interface Believed {
  /** As `Callers`. */
  ofToken(token: string): Promise<ProvenCaller>;
  may(caller: ProvenCaller, right: Right): Promise<boolean>;
  /** As `Callers`. */
  itself(right: Right): Promise<boolean>;
}

const BELIEVED_MS = 10_000;
const MOST_TOKENS = 1024;
const MOST_RIGHTS = 8192;

const known = new WeakMap<Pick<Callers, "ofToken" | "itself">, Believed>();

/** Of the same callers the same: what the API was told the dashboard need not ask. */
export function believedOf(callers: Pick<Callers, "ofToken" | "itself">): Believed {
  let believed = known.get(callers);
  if (!believed) known.set(callers, believed = createBelieved(callers));
  return believed;
}

function createBelieved(callers: Pick<Callers, "ofToken" | "itself">): Believed {
  const holders = createAnswerCache<ProvenCaller>(BELIEVED_MS, MOST_TOKENS);
  const rights = createAnswerCache<boolean>(BELIEVED_MS, MOST_RIGHTS);
  /** By which token: one of the same person may do less. */
  const tokens = new WeakMap<ProvenCaller, string>();
  const who = (caller: ProvenCaller) => tokens.get(caller) ?? [caller.kind, caller.user, caller.groups];
  return {
    ofToken(token) {
      const shown = hash("sha256", token, "base64url");
      return holders(shown, async () => {
        const caller = await callers.ofToken(token);
        if (caller.kind === "token") tokens.set(caller, shown);
        return caller;
      });
    },
    may: (caller, right) => rights(JSON.stringify([who(caller), right]), () => hasRight(caller, right)),
    itself: (right) => rights(JSON.stringify(["", right]), () => callers.itself(right)),
  };
}

import {
  type Caller,
  createAnswerCache,
  hasRight,
  type ProvenCaller,
  type ResourceAttributes,
} from "../../../core/ui.ts";

/** By what it is known who somebody is. */
export type Proof = "none" | "header" | "token" | "oidc";

/** Who looks at a page, and what they may. */
export interface Person {
  name: string;
  groups: readonly string[];
  proof: Proof;
  /** With whose rights something is done: then they are asked for again. */
  caller: Caller;
  /** What the API server says; believed for ten seconds. */
  may(right: ResourceAttributes): Promise<boolean>;
  /** Persons who have it in common see the same pages. */
  sharedKey: string;
  /** Whether they signed in here, so that they can sign out. */
  isSignedIn: boolean;
}

/** Somebody who is known. */
export interface Known {
  caller: ProvenCaller;
  proof: Proof;
  isSignedIn?: boolean;
}

/** How long the API server's word on a right is believed, for pages. */
const BELIEVED_MS = 10_000;
const MOST_RIGHTS = 4096;

/**
 * Persons, whose rights are asked about once in ten seconds. Who has all of `everything` sees what all others see who have it.
 *
 * @param everything The rights on which what a page shows depends, in all namespaces.
 */
export function createPeople(everything: readonly ResourceAttributes[]): (known: Known) => Promise<Person> {
  const rights = createAnswerCache<boolean>(BELIEVED_MS, MOST_RIGHTS);
  return async ({ caller, proof, isSignedIn = false }) => {
    const { user: name, groups } = caller;
    const who = JSON.stringify([caller.kind, name, groups]);
    const may = (right: ResourceAttributes) => rights(JSON.stringify([who, right]), () => hasRight(caller, right));
    const mayAll = async () => {
      for (const right of everything) if (!await may(right)) return false;
      return true;
    };
    const sharedKey = await mayAll() ? "everything" : who;
    return { name, groups, proof, caller, may, sharedKey, isSignedIn };
  };
}

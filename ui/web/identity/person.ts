import {
  believedOf,
  type Caller,
  type DashboardContext,
  type ProvenCaller,
  type ResourceAttributes,
  rightOnRequests,
} from "../../../core/web.ts";

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

const READS = ["get", "list", "watch"];

/**
 * Persons, whose rights are asked about once in ten seconds. Who has all rights that pages ask about sees what all others see who have
 * them.
 */
export function createPeople(
  { callers, health, workloadKinds }: Pick<DashboardContext, "callers" | "health" | "workloadKinds">,
): (known: Known) => Promise<Person> {
  const believed = believedOf(callers);
  const everything = everythingOn(workloadKinds);

  /** What Headwind writes for somebody the API server has to let it write, too. */
  function canItself(right: ResourceAttributes): Promise<boolean> {
    const isUnasked = right.verb === "approve" && health.approvals !== undefined && health.approvals() !== "enforced";
    return isUnasked ? Promise.resolve(true) : believed.itself(right);
  }

  return async ({ caller, proof, isSignedIn = false }) => {
    const { user: name, groups } = caller;
    const who = JSON.stringify([caller.kind, name, groups]);
    const ask = (right: ResourceAttributes) => believed.may(caller, right);
    async function may(right: ResourceAttributes): Promise<boolean> {
      if (!await ask(right)) return false;
      // a decision is a patch, by whoever writes it
      if (caller.kind === "token") return right.verb !== "approve" || await ask({ ...right, verb: "patch" });
      return READS.includes(right.verb) || await canItself(right);
    }
    const mayAll = async () => {
      for (const right of everything) if (!await may(right)) return false;
      return true;
    };
    const sharedKey = await mayAll() ? "everything" : who;
    return { name, groups, proof, caller, may, sharedKey, isSignedIn };
  };
}

/** Verbs on UpdateRequests that pages and what is pressed on them ask about. */
const REQUEST_VERBS = ["list", "get", "approve", "patch", "create", "delete"];

/** All rights on which it depends what a page shows, in all namespaces. */
function everythingOn(kinds: DashboardContext["workloadKinds"]): ResourceAttributes[] {
  return [
    ...REQUEST_VERBS.map((verb) => rightOnRequests(verb, "")),
    ...kinds.flatMap(({ group, plural }) =>
      ["get", "patch"].map((verb) => ({ verb, group, resource: plural, namespace: "", name: "" }))
    ),
  ];
}

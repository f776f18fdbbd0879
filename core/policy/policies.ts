import { all } from "./all.ts";
import { force } from "./force.ts";
import { glob } from "./glob.ts";
import { major, minor, patch } from "./semver.ts";
import { closestName } from "../lib/closest_name.ts";
import { none } from "./none.ts";
import { patternFault } from "./pattern.ts";
import type { PolicyDefinition } from "./policy.ts";

/** All policies, in the order in which people are told of them. */
export const POLICIES = [none, patch, minor, major, glob, force, all] as const;

/** The values of `headwind.sh/policy`. */
export type PolicyName = (typeof POLICIES)[number]["name"];

export const POLICY_NAMES: readonly PolicyName[] = POLICIES.map(({ name }) => name);

/** Which versions a workload wants. */
export interface Policy {
  name: PolicyName;
  /** `headwind.sh/pattern`, for a policy that needs one. */
  pattern?: string;
}

/** What counts where no annotation says a policy. */
export const NO_POLICY: Policy = { name: none.name };

const byName: ReadonlyMap<string, PolicyDefinition> = new Map(POLICIES.map((policy) => [policy.name, policy]));

/** The policy of a name; `none` for what is no policy. */
export function definitionOf({ name }: Pick<Policy, "name">): PolicyDefinition {
  return byName.get(name) ?? none;
}

/** An annotation that says no policy; the message is a sentence that names it. */
export class InvalidPolicy extends Error {
  override name = "InvalidPolicy";
  /** The annotation to put right. */
  readonly annotation: "headwind.sh/policy" | "headwind.sh/pattern";

  constructor(annotation: InvalidPolicy["annotation"], message: string) {
    super(`${annotation} ${message}`);
    this.annotation = annotation;
  }
}

/**
 * Reads the annotations of a policy.
 *
 * @param name `headwind.sh/policy`, in any case
 * @param pattern `headwind.sh/pattern`, passed over by policies that need none
 * @throws {InvalidPolicy}
 */
export function parsePolicy(name: string, pattern?: string): Policy {
  const wanted = name.trim().toLowerCase();
  const found = POLICIES.find((policy) => policy.name === wanted);
  if (!found) {
    const given = JSON.stringify(name.slice(0, 64));
    const near = closestName(wanted, POLICY_NAMES);
    const meant = near ? ` (is ${near} meant?)` : "";
    throw new InvalidPolicy("headwind.sh/policy", `is ${given}, not one of ${POLICY_NAMES.join(", ")}${meant}`);
  }
  if (!found.needsPattern) return { name: found.name };
  const trimmed = pattern?.trim();
  if (trimmed === undefined) {
    throw new InvalidPolicy("headwind.sh/pattern", `is missing, which policy ${found.name} needs`);
  }
  const fault = patternFault(trimmed);
  if (fault !== undefined) throw new InvalidPolicy("headwind.sh/pattern", fault);
  return { name: found.name, pattern: trimmed };
}

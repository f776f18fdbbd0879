import type { Policy, PolicyName } from "./types.ts";
import { nearest } from "../lib/nearest.ts";
import { patternFault } from "./pattern.ts";

export const POLICY_NAMES: readonly PolicyName[] = ["none", "patch", "minor", "major", "glob", "force", "all"];

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
 * Reads the annotations `headwind.sh/policy` (in any case) and `headwind.sh/pattern` (used by `glob`, passed over by the
 * others). Throws `InvalidPolicy`.
 */
export function parsePolicy(name: string, pattern?: string): Policy {
  const wanted = name.trim().toLowerCase();
  const known = POLICY_NAMES.find((policy) => policy === wanted);
  if (!known) {
    const given = JSON.stringify(name.slice(0, 64));
    const near = nearest(wanted, POLICY_NAMES);
    const meant = near ? ` (is ${near} meant?)` : "";
    throw new InvalidPolicy("headwind.sh/policy", `is ${given}, not one of ${POLICY_NAMES.join(", ")}${meant}`);
  }
  if (known !== "glob") return { name: known };
  const trimmed = pattern?.trim();
  if (trimmed === undefined) throw new InvalidPolicy("headwind.sh/pattern", "is missing, which policy glob needs");
  const fault = patternFault(trimmed);
  if (fault !== undefined) throw new InvalidPolicy("headwind.sh/pattern", fault);
  return { name: known, pattern: trimmed };
}

import { BadRequest } from "./errors.ts";

/** Refuses what is said of a namespace that this operator is not for, with 404. `namespaces`: those that it is for; all if empty. */
export function requireServed(namespace: string, namespaces: readonly string[]): void {
  if (namespaces.length === 0 || namespaces.includes(namespace)) return;
  throw new BadRequest(`${namespace} is not among the namespaces of HEADWIND_NAMESPACES`, "namespace", 404);
}

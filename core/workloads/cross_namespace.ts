import { ALLOW_FROM } from "./annotations.ts";
import { MAX_LENGTH } from "./annotation_bounds.ts";
import type { FindObject } from "../plugin.ts";

/** Which objects of other namespaces workloads may refer to at all. */
export interface CrossNamespace {
  /** `HEADWIND_CROSS_NAMESPACE`. */
  isOn: boolean;
  /** Those that are served; empty: all. */
  namespaces: readonly string[];
}

/** What holds where nobody says otherwise, as with `--no-cross-namespace-refs` of Flux. */
export const OWN_NAMESPACE_ONLY: CrossNamespace = { isOn: false, namespaces: [] };

const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Whether an object's `headwind.sh/allow-from` (namespaces separated by commas, or `*`) lets workloads of a namespace use
 * it. One that cannot be read allows nobody.
 */
export function allowsNamespace(allowFrom: string | undefined, namespace: string): boolean {
  if (allowFrom === undefined || allowFrom.length > MAX_LENGTH) return false;
  const names = allowFrom.split(",").map((part) => part.trim()).filter((part) => part !== "");
  if (!names.every((one) => one === "*" || NAMESPACE.test(one))) return false;
  return names.includes("*") || names.includes(namespace);
}

/**
 * Looks for objects on behalf of a workload of a namespace: what stands in another one is found only where the setting
 * and the object itself allow that. Whether an object that does not allow it exists is not told.
 */
export function findAllowed(find: FindObject, from: string, { isOn, namespaces }: CrossNamespace): FindObject {
  return (reference) => {
    if (reference.namespace === from) return find(reference);
    const refused = (problem: string) => ({ problem, passing: false, reason: "CrossNamespace" });
    if (!isOn) {
      return refused(`it is in another namespace, for which HEADWIND_CROSS_NAMESPACE and its ${ALLOW_FROM} are needed`);
    }
    if (namespaces.length > 0 && !namespaces.includes(reference.namespace)) {
      return refused("its namespace is not among HEADWIND_NAMESPACES");
    }
    const found = find(reference);
    if ("problem" in found) return found;
    if ("object" in found && allowsNamespace(allowFromOf(found.object), from)) return found;
    return refused(`it does not exist, or its ${ALLOW_FROM} does not name ${from}`);
  };
}

/** What an object says of who may use it; undefined where it says nothing. */
export function allowFromOf(object: unknown): string | undefined {
  const { metadata } = (object ?? {}) as { metadata?: { annotations?: Record<string, string> } };
  return metadata?.annotations?.[ALLOW_FROM];
}

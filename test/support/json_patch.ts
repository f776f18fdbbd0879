import type { PatchOperation } from "../../core/kube/client.ts";

const missing = Symbol("missing");

/**
 * An object with a JSON patch applied, all of it or nothing: undefined where it is refused. A test for null also holds
 * where there is nothing, as in the API server (evanphx/json-patch).
 */
export function patched<T>(object: T, operations: readonly PatchOperation[]): T | undefined {
  let result: unknown = object;
  for (const { op, path, value } of operations) {
    const parts = path.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    const at = lookUp(result, parts);
    if (op === "test") {
      if (!isSame(at === missing ? null : at, value)) return undefined;
      continue;
    }
    if (op !== "add" && op !== "replace") throw new Error(`the API server knows no operation ${op}`);
    if (lookUp(result, parts.slice(0, -1)) === missing || (op === "replace" && at === missing)) return undefined;
    result = withValue(result, parts, value);
  }
  return result as T;
}

function lookUp(object: unknown, parts: readonly string[]): unknown {
  let at = object;
  for (const part of parts) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return missing;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function withValue(object: unknown, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value;
  const child = withValue((object as Record<string, unknown>)[part], rest, value);
  if (Array.isArray(object)) return object.map((item, index) => index === Number(part) ? child : item);
  return { ...object as object, [part]: child };
}

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

import * as fc from "fast-check";
import type { Call } from "./reading.ts";

type Path = readonly (string | number)[];

/** JSON that throws where it is compared with a number, or put into a text. */
const neitherTextNorNumber = { toString: [] };
const gone = Symbol("gone");

/** Calls that differ from these ones in a single place of the body, where there is any JSON, or nothing. */
export function bodiesLike(calls: readonly Call[]): fc.Arbitrary<Call> {
  if (calls.length === 0) return fc.jsonValue().map((body) => ({ body }));
  const instead = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(gone, null, "", 0, [], {}, neitherTextNorNumber, "a:b@c/d", "x".repeat(300)),
  );
  return fc.constantFrom(...calls).chain((call) =>
    fc.tuple(fc.constantFrom(...pathsOf(call.body)), instead)
      .map(([path, value]) => ({ ...call, body: changed(call.body, path, value) }))
  );
}

function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [[]];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [[], ...inner.flatMap(([key, part]) => pathsOf(part).map((path) => [key, ...path]))];
}

function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to === gone ? {} : to;
  const copy = Array.isArray(value) ? [...value] : { ...value as object };
  const parts = copy as Record<string | number, unknown>;
  if (rest.length > 0 || to !== gone) parts[key] = changed(parts[key], rest, to);
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete parts[key];
  return copy;
}

import { RegistryError } from "./errors.ts";

/**
 * The error for `what` that could not be asked or read to the end, since `error` came in between. Its message is the same whatever that
 * was, so that nobody finds out by it what there is in the operator's network; its cause says more, to an administrator.
 */
export function unreachable(registry: string, what: string, error: unknown): RegistryError {
  return new RegistryError("unreachable", registry, `${what}.`, { cause: new Error(reason(error)) });
}

/** What the innermost cause says, without URLs: a query may hold a signature. */
function reason(error: unknown): string {
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error && cause.cause instanceof Error; depth++) cause = cause.cause;
  if (!(cause instanceof Error)) return "the connection failed";
  const text = cause.message || (cause as { code?: string }).code || cause.name;
  return text.replaceAll(/\S*:\/\/\S*/g, "…").replaceAll(/\s+/g, " ").slice(0, 200).replace(/\.$/, "");
}

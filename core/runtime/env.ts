import process from "node:process";

export type Environment = Record<string, string | undefined>;

/** A copy of the process's environment. */
export function environment(): Environment {
  return "Deno" in globalThis ? Deno.env.toObject() : { ...process.env };
}

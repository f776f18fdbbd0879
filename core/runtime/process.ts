import process from "node:process";
import { readFile, stat } from "node:fs/promises";

export type Environment = Record<string, string | undefined>;

/** A copy of the process's environment. */
export function environment(): Environment {
  return "Deno" in globalThis ? Deno.env.toObject() : { ...process.env };
}

export type TerminationSignal = "SIGTERM" | "SIGINT";

/** Calls `handler` for each SIGTERM and SIGINT, which then no longer end the process by themselves. Returns how to stop that. */
export function onTermination(handler: (signal: TerminationSignal) => void): () => void {
  const signals: TerminationSignal[] = ["SIGTERM", "SIGINT"];
  const listeners = signals.map((signal) => ({ signal, listener: () => handler(signal) }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}

/** The text of a UTF-8 file. Rejects, naming the path, when it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  return await readFile(path, "utf8");
}

/** Whether there is something at `path` that this process may see. Not by `access`, for which Deno wants `--allow-sys=uid`. */
export async function fileExists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}

/** The release, as in package.json. */
export const VERSION = "0.1.0";

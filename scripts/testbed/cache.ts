import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** The folder under the user's cache where the test bed keeps what it built. `HEADWIND_CACHE` moves it. */
export function cacheFolder(env: Record<string, string | undefined> = process.env): string {
  const base = env.HEADWIND_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "headwind");
  return join(base, "testbed");
}

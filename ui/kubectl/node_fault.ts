import { shellLine } from "./command_line.ts";

const least = [22, 19] as const;

/** Why this version of Node will not do, and the line that runs `words` without it; undefined where it does. */
export function nodeFault(version: string, words: readonly string[]): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return undefined;
  return `kubectl headwind needs Node ${least.join(".")} or newer, or Deno, and this is Node ${version}. ` +
    `npm brings Deno: ${shellLine(["npx", "--yes", "deno", "run", "--allow-all", ...words])}`;
}

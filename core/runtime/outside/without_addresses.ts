import { isIP } from "node:net";

const candidate = /\[?[0-9a-f]*[:.][0-9a-f:.]*[0-9a-f](?:%\w+)?\]?(?::\d{1,5})?/gi;
/** Characters. The search takes the square of a word's length, and a plugin may throw what a stranger's server said. */
const longest = 2048;

/**
 * The text of an error that a runtime or a plugin wrote, for whoever has a workload: pods' and the operator's addresses are none of their
 * business. Of a very long one only the beginning, up to the end of a word.
 */
export function withoutAddresses(whole: string): string {
  const text = whole.length > longest ? `${whole.slice(0, Math.max(0, whole.lastIndexOf(" ", longest)))} …` : whole;
  return text.replaceAll(candidate, (word) => isAddress(word) ? "…" : word);
}

function isAddress(word: string): boolean {
  const [, inside] = /^\[([^\]%]+)(?:%\w+)?\](?::\d+)?$/.exec(word) ?? [];
  return isIP(inside ?? word) !== 0 || isIP(word.replace(/:\d+$/, "")) !== 0;
}

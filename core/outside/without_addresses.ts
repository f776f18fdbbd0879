import { isIP } from "node:net";

const candidate = /\[?[0-9a-f]*[:.][0-9a-f:.]*[0-9a-f](?:%\w+)?\]?(?::\d{1,5})?/gi;

/**
 * The text of an error that a runtime or a plugin wrote, for whoever has a workload: pods' and the operator's addresses are none of their
 * business.
 */
export function withoutAddresses(text: string): string {
  return text.replaceAll(candidate, (word) => isAddress(word) ? "…" : word);
}

function isAddress(word: string): boolean {
  const [, inside] = /^\[([^\]%]+)(?:%\w+)?\](?::\d+)?$/.exec(word) ?? [];
  return isIP(inside ?? word) !== 0 || isIP(word.replace(/:\d+$/, "")) !== 0;
}

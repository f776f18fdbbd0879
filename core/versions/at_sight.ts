import { isDigit, isPlainPrefix, mostNumbers } from "./tag_head.ts";
import type { Difference } from "./version_order.ts";
import type { Version } from "./version.ts";

const hashLike = 7;
const [dot, hyphen, underscore] = [46, 45, 95];

/**
 * What sets a tag apart from a version where that is seen without reading all of it; undefined where it has to be read.
 * It is the same that `difference` says of what is read, of which most of a long list is spared so. Given tags alone.
 */
export function differenceAtSight(running: Version): (tag: string) => Difference | undefined {
  const { prefix, numbers, writing, suffix, text } = running;
  const ending = /(?<=^|[-_])[A-Za-z]+$/.exec(suffix)?.[0] ?? "";
  const word = text.endsWith(ending) ? ending : "";
  if (numbers.length === 1 || !isPlainPrefix(prefix)) return () => undefined;
  return (tag) => {
    const start = isDigit(tag.charCodeAt(0)) ? 0 : prefix.length;
    if (start > 0 && !tag.startsWith(prefix)) return undefined;
    const count = countNumbers(tag, start);
    if (count < 2 || count > mostNumbers) return undefined;
    if (start === 0 && prefix !== "") return "prefix";
    if (count !== numbers.length || writing !== "") return "parts";
    return word !== "" && !tag.includes(word) ? "suffix" : undefined;
  };
}

/**
 * 0 where something is glued to the numbers, which belongs to them or makes the tag no version, and where the last is as
 * long as a commit's hash.
 */
function countNumbers(tag: string, start: number): number {
  let count = 1;
  let last = start;
  for (let at = start;; at++) {
    const code = tag.charCodeAt(at);
    if (isDigit(code)) continue;
    if (at === start || at - last >= hashLike) return 0;
    if (code !== dot) return at === tag.length || code === hyphen || code === underscore ? count : 0;
    if (!isDigit(tag.charCodeAt(at + 1))) return count;
    count++;
    last = at + 1;
  }
}

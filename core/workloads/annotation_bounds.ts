import { type Mistake, PREFIX } from "./annotations.ts";

/** Most characters of an annotation that a person writes. */
export const LONGEST = 4096;
/** Most characters of the annotations that Headwind writes itself: it lets the oldest go before they become longer. */
export const LONGEST_WRITTEN = { history: 65_536, held: 65_536 } as const;
/** Names that nobody knows, of which a workload is told. */
export const MOST_UNKNOWN = 20;

const longestOf: Readonly<Record<string, number>> = {
  [`${PREFIX}update-history`]: LONGEST_WRITTEN.history,
  [`${PREFIX}held`]: LONGEST_WRITTEN.held,
};

/** What was left out before anything was read. */
export interface Beyond {
  /** Annotations that are too long, a sentence each; they stand there as an empty text. */
  tooLong: readonly Mistake[];
  /** Names that nobody knows, besides the first ones. */
  unknown: number;
}

/** An object's annotations as far as they are read. */
export interface Bounded {
  annotations: Record<string, string>;
  /** Undefined where nothing was left out. */
  beyond?: Beyond;
}

/**
 * An object's annotations without what is too much of them: what a tenant writes is bounded before it is read, so that no
 * reading of it, and nothing that is kept of it, is larger than that. The same object where nothing is.
 */
export function bounded(annotations: Record<string, string>, isKnown: (name: string) => boolean): Bounded {
  let [isTooMuch, unknown] = [false, 0];
  for (const name in annotations) {
    if (!name.startsWith(PREFIX)) continue;
    if (!isKnown(name)) unknown++;
    if (String(annotations[name]).length > mostOf(name)) isTooMuch = true;
  }
  if (!isTooMuch && unknown <= MOST_UNKNOWN) return { annotations };
  const kept: Record<string, string> = {};
  const tooLong: Mistake[] = [];
  let left = MOST_UNKNOWN;
  for (const name in annotations) {
    if (!name.startsWith(PREFIX)) continue;
    const value = String(annotations[name]);
    const isShort = value.length <= mostOf(name);
    if (isKnown(name) || left-- > 0) kept[name] = isShort ? value : "";
    if (!isShort && isKnown(name)) {
      const message = `${name} has ${value.length} characters, more than ${mostOf(name)}: it is not read`;
      tooLong.push({ annotation: name, message });
    }
  }
  return { annotations: kept, beyond: { tooLong, unknown: Math.max(0, unknown - MOST_UNKNOWN) } };
}

/** Headwind's annotations alone, within their bounds: what is kept of an object that is read again later. */
export function ownAnnotations(bounded: Bounded): Bounded {
  const own = Object.entries(bounded.annotations).filter(([name]) => name.startsWith(PREFIX));
  return { ...bounded, annotations: Object.fromEntries(own) };
}

const mostOf = (name: string): number => longestOf[name] ?? LONGEST;

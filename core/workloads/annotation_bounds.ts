import { type Mistake, PREFIX } from "./annotations.ts";

/** Most characters of an annotation that a person writes. */
export const MAX_LENGTH = 4096;
/** Most characters of the annotations that Headwind writes itself: it lets the oldest go before they become longer. */
export const MAX_WRITTEN_LENGTH = { history: 65_536, held: 65_536, lastCheck: 65_536 } as const;
/** Names that nobody knows, of which a workload is told. */
export const MAX_UNKNOWN = 20;

const MAX_LENGTHS: Readonly<Record<string, number>> = {
  [`${PREFIX}update-history`]: MAX_WRITTEN_LENGTH.history,
  [`${PREFIX}held`]: MAX_WRITTEN_LENGTH.held,
  [`${PREFIX}last-check`]: MAX_WRITTEN_LENGTH.lastCheck,
};

/** What was left out before anything was read. */
export interface OmittedAnnotations {
  /** Annotations that are too long, a sentence each; they stand there as an empty text. */
  tooLong: readonly Mistake[];
  /** Names that nobody knows, besides the first ones. */
  unknown: number;
}

/** An object's annotations as far as they are read. */
export interface BoundedAnnotations {
  annotations: Record<string, string>;
  /** Undefined where nothing was left out. */
  omitted?: OmittedAnnotations;
}

/**
 * An object's annotations without what is too much of them: what a tenant writes is bounded before it is read, so that no
 * reading of it, and nothing that is kept of it, is larger than that. The same object where nothing is.
 */
export function boundAnnotations(
  annotations: Record<string, string>,
  isKnown: (name: string) => boolean,
): BoundedAnnotations {
  let [isTooMuch, unknown] = [false, 0];
  for (const name in annotations) {
    if (!name.startsWith(PREFIX)) continue;
    if (!isKnown(name)) unknown++;
    if (String(annotations[name]).length > maxLengthOf(name)) isTooMuch = true;
  }
  if (!isTooMuch && unknown <= MAX_UNKNOWN) return { annotations };
  const kept: Record<string, string> = {};
  const tooLong: Mistake[] = [];
  let left = MAX_UNKNOWN;
  for (const name in annotations) {
    if (!name.startsWith(PREFIX)) continue;
    const value = String(annotations[name]);
    const isShort = value.length <= maxLengthOf(name);
    if (isKnown(name) || left-- > 0) kept[name] = isShort ? value : "";
    if (!isShort && isKnown(name)) {
      const message = `${name} has ${value.length} characters, more than ${maxLengthOf(name)}: it is not read`;
      tooLong.push({ annotation: name, message });
    }
  }
  return { annotations: kept, omitted: { tooLong, unknown: Math.max(0, unknown - MAX_UNKNOWN) } };
}

/** Headwind's annotations alone, within their bounds: what is kept of an object that is read again later. */
export function ownAnnotations(bounded: BoundedAnnotations): BoundedAnnotations {
  const own = Object.entries(bounded.annotations).filter(([name]) => name.startsWith(PREFIX));
  return { ...bounded, annotations: Object.fromEntries(own) };
}

const maxLengthOf = (name: string): number => MAX_LENGTHS[name] ?? MAX_LENGTH;

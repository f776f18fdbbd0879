/** Stands for Headwind itself where an annotation says by whom something was done. */
export const HEADWIND = "headwind";
/** Stands there for somebody who did it with another tool, and whom nobody knows. */
export const SOMEBODY = "person";

const TEXTS: Readonly<Record<string, string>> = { [HEADWIND]: "Headwind", [SOMEBODY]: "a person" };

/** Who did something, in the words of every face. */
export const actorText = (by: string): string => Object.hasOwn(TEXTS, by) ? TEXTS[by]! : by;

/** A word as a POSIX shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Words as a line that a shell reads back into them. */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(" ");

/** Gives the line that runs a command of this program in the same place as the line that is being answered. */
export type Advise = (...words: string[]) => string;

/** `flags` are those that chose the cluster, the namespace and the user, as they were given. */
export function adviseWith(flags: readonly string[]): Advise {
  return (...words) => shellLine(["kubectl", "headwind", ...words, ...flags]);
}

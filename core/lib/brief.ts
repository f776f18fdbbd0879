/** Characters of a text of others in a line of a list: two sentences. */
const USUAL = 240;

/**
 * A text as a line of a list has it, whatever its writer wrote: cut at a word, with `…` where it goes on. The whole of it stands on the
 * page of what it is about.
 */
export function brief(text: string, most: number = USUAL): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most + 1);
  const word = start.search(/\s\S*$/);
  // a single word of that length is cut within, but not within a character
  const end = word > most / 2 ? word : /[\ud800-\udbff]/.test(start[most - 1]!) ? most - 1 : most;
  return `${start.slice(0, end).trimEnd()} …`;
}

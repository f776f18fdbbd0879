/** Reads a header's value from left to right. Each step takes linear time, whatever a server sends. */
export interface HeaderScan {
  done(): boolean;
  /** Takes spaces, tabs and the commas that part a list. */
  separators(): void;
  space(): void;
  /** Takes this character if it comes next. */
  is(character: string): boolean;
  /** A token of RFC 9110. */
  token(): string | undefined;
  /** The inside of a quoted string of RFC 9110, its escapes undone. */
  quoted(): string | undefined;
  /** What comes before the next space, comma, semicolon or quote. */
  bare(): string | undefined;
  /** What comes before `character`, which is taken too; all that is left if there is none. */
  until(character: string): string;
}

export function scanHeader(text: string): HeaderScan {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  return {
    done: () => at >= text.length,
    separators: () => void take(/[ \t,]*/y),
    space: () => void take(/[ \t]*/y),
    is(character) {
      const next = text[at] === character;
      if (next) at++;
      return next;
    },
    token: () => take(/[!#$%&'*+.^_`|~0-9A-Za-z-]+/y),
    quoted: () => take(/"(?:[^"\\]|\\.)*"/y)?.slice(1, -1).replaceAll(/\\(.)/g, "$1"),
    bare: () => take(/[^\s",;]+/y),
    until(character) {
      const end = text.indexOf(character, at);
      const found = end < 0 ? text.slice(at) : text.slice(at, end);
      at = end < 0 ? text.length : end + 1;
      return found;
    },
  };
}

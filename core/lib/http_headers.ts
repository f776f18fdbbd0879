/** One challenge of a `WWW-Authenticate` header; scheme and parameter names in lower case. */
export interface Challenge {
  scheme: string;
  parameters: Map<string, string>;
}

/**
 * The challenges of a `WWW-Authenticate` header, several headers joined by commas included. What cannot be read is left out.
 *
 * Source: RFC 9110, section 11.6.1.
 */
export function parseChallenges(header: string | null): Challenge[] {
  const scan = scanHeader(header ?? "");
  const challenges: Challenge[] = [];
  while (!scan.done()) {
    scan.separators();
    const name = scan.token()?.toLowerCase();
    if (name === undefined) {
      scan.until(",");
      continue;
    }
    scan.space();
    const parameters = challenges.at(-1)?.parameters;
    if (parameters && scan.is("=")) {
      scan.space();
      const value = scan.quoted() ?? scan.bare();
      if (value !== undefined && !parameters.has(name)) parameters.set(name, value);
    } else {
      challenges.push({ scheme: name, parameters: new Map() });
    }
  }
  return challenges;
}

/**
 * The target of the first link with `rel="next"` in a `Link` header, as it is written there; undefined when there is none.
 *
 * Source: RFC 8288, section 3.
 */
export function nextLink(header: string | null): string | undefined {
  const scan = scanHeader(header ?? "");
  while (!scan.done()) {
    scan.separators();
    if (!scan.is("<")) {
      scan.until(",");
      continue;
    }
    const target = scan.until(">");
    let rel: string | undefined;
    scan.space();
    while (scan.is(";")) {
      scan.space();
      const name = scan.token()?.toLowerCase();
      scan.space();
      const value = scan.is("=") ? (scan.space(), scan.quoted() ?? scan.bare()) : undefined;
      if (name === "rel") rel ??= value;
      scan.space();
    }
    if (rel?.toLowerCase().split(/\s+/).includes("next")) return target.trim();
  }
  return undefined;
}

/** Reads a header's value from left to right. Each step takes linear time, whatever a server sends. */
interface HeaderScan {
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

function scanHeader(text: string): HeaderScan {
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

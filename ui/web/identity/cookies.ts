/** Bytes of a cookie's value: with its name and attributes it stays below the 4,096 that browsers keep. */
const LONGEST_PIECE = 3000;
/** Together they stay below the 16 KiB that node:http reads of a head. */
const MOST_PIECES = 4;

/** Names and attributes of what the dashboard has browsers keep. */
export interface CookieJar {
  /** Of a request: what `set` gave a browser. */
  read(headers: Headers): string | undefined;
  /**
   * The `Set-Cookie` headers by which a browser keeps a value, without what it kept before.
   *
   * @throws {TooLarge}
   */
  set(value: string, request: Headers): string[];
  /** Those by which it forgets it. */
  clear(request: Headers): string[];
}

/** A value that no browser, or no server, would take. */
export class TooLarge extends Error {
  override name = "TooLarge";
}

export interface CookieOptions {
  /** Without the prefix that makes it this very host's. */
  name: string;
  /** Whether it goes over plain http too. */
  insecure: boolean;
  /** Seconds that a browser keeps it; until it is closed where absent. */
  maxAge?: number;
  /** @default 4 */
  pieces?: number;
}

/**
 * One value in up to four cookies, `name`, `name-2` … of which the first says how many there are. Names that begin with `__Host-` are set
 * by this very host over https alone (draft-ietf-httpbis-rfc6265bis, section 4.1.3.2), so that no neighbour can plant one.
 */
export function createCookieJar({ name, insecure, maxAge, pieces: most = MOST_PIECES }: CookieOptions): CookieJar {
  const base = insecure ? name : `__Host-${name}`;
  const named = (index: number) => index === 0 ? base : `${base}-${index + 1}`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${insecure ? "" : "; Secure"}`;
  const kept = maxAge === undefined ? "" : `; Max-Age=${maxAge}`;
  const forget = (index: number) => `${named(index)}=; ${attributes}; Max-Age=0`;
  const sent = (headers: Headers) => {
    const cookies = cookiesIn(headers);
    return Array.from({ length: MOST_PIECES }, (_, index) => index).filter((index) => cookies.has(named(index)));
  };
  return {
    read(headers) {
      const cookies = cookiesIn(headers);
      const [, count, first] = /^([1-4])\.(.*)$/.exec(cookies.get(base) ?? "") ?? [];
      if (first === undefined) return undefined;
      const pieces = [first];
      for (let index = 1; index < Number(count); index++) pieces.push(cookies.get(named(index)) ?? "");
      return pieces.every((piece) => piece !== "") ? pieces.join("") : undefined;
    },
    set(value, request) {
      const count = Math.ceil(value.length / LONGEST_PIECE);
      if (count > most) throw new TooLarge(`it has ${value.length} bytes, and browsers keep ${most * LONGEST_PIECE}`);
      const pieces = Array.from(
        { length: count },
        (_, index) => value.slice(index * LONGEST_PIECE, (index + 1) * LONGEST_PIECE),
      );
      return [
        ...pieces.map((piece, index) =>
          `${named(index)}=${index === 0 ? `${count}.` : ""}${piece}; ${attributes}${kept}`
        ),
        ...sent(request).filter((index) => index >= count).map(forget),
      ];
    },
    clear: (request) => sent(request).map(forget),
  };
}

/** RFC 6265, section 4.2.1. Of two of a name the first counts, as the one of the longer path. */
function cookiesIn(headers: Headers): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}

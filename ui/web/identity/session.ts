import * as z from "zod";
import type { CookieJar } from "./cookies.ts";
import { createSeal, type SealOptions } from "./seal.ts";

/** Whom a browser's session is of: the token that they brought, or whom the OpenID issuer named. */
export type Holder = { token: string } | { user: string; groups: readonly string[] };

/** A session as a browser brings it. */
export interface Session {
  holder: Holder;
  /** When they signed in; seconds since the epoch, as are all here. */
  begun: number;
  /** When it ends unless it is used before. */
  ends: number;
  /** When it ends whatever is done: with the token, or the longest time. */
  last: number;
}

export interface Sessions {
  /** The session that a request brings; undefined where there is none, or none that counts any more. */
  read(headers: Headers): Promise<Session | undefined>;
  /**
   * The `Set-Cookie` headers of a new one.
   *
   * @param until Seconds since the epoch at which it ends at the latest.
   * @throws {TooLarge} where no browser would keep it
   */
  begin(holder: Holder, headers: Headers, until?: number): Promise<string[]>;
  /** Those by which one that is used goes on; none where it was not long ago that it was. */
  goOn(session: Session, headers: Headers): Promise<string[]>;
  end(headers: Headers): string[];
}

/** A session that is not used for as long ends. */
export const IDLE_SECONDS = 3600;
/** It ends after as long, however much it is used: until then a group that somebody left still counts. */
export const LONGEST_SECONDS = 12 * 3600;
/** How long after it was sealed a used one is sealed anew. */
const RENEW_SECONDS = 300;

/** `audience`: the way that people prove themselves, and where. A session of another is none. */
export interface SessionsOptions extends SealOptions {
  jar: CookieJar;
}

const claims = z.object({
  exp: z.number(),
  beg: z.number(),
  end: z.number(),
  tok: z.string().optional(),
  sub: z.string().optional(),
  grp: z.array(z.string()).default([]),
});

/**
 * Sessions that the browser itself keeps, sealed, so that each replica with the same keys reads them. Whoever has a browser's
 * cookie has its session, until it ends.
 */
export function createSessions({ jar, now, ...sealing }: SessionsOptions): Sessions {
  const seal = createSeal({ now, ...sealing });
  const seconds = () => Math.floor(now().getTime() / 1000);

  async function close({ holder, begun, last }: Omit<Session, "ends">): Promise<string> {
    const who = "token" in holder ? { tok: holder.token } : { sub: holder.user, grp: [...holder.groups] };
    return await seal.close({ ...who, beg: begun, end: last }, Math.min(seconds() + IDLE_SECONDS, last));
  }

  async function open(sealed: string): Promise<Session | undefined> {
    const read = claims.safeParse(await seal.open(sealed));
    if (!read.success || seconds() >= read.data.end) return undefined;
    const { exp, beg, end, tok, sub, grp } = read.data;
    const holder = tok !== undefined ? { token: tok } : sub !== undefined ? { user: sub, groups: grp } : undefined;
    return holder && { holder, begun: beg, ends: exp, last: end };
  }

  return {
    async read(headers) {
      const sealed = jar.read(headers);
      return sealed === undefined ? undefined : await open(sealed);
    },
    async begin(holder, headers, until = Infinity) {
      const begun = seconds();
      return jar.set(await close({ holder, begun, last: Math.min(begun + LONGEST_SECONDS, until) }), headers);
    },
    async goOn(session, headers) {
      const isFresh = session.ends >= session.last || session.ends - IDLE_SECONDS + RENEW_SECONDS > seconds();
      return isFresh ? [] : jar.set(await close(session), headers);
    },
    end: (headers) => jar.clear(headers),
  };
}

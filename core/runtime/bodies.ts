import { createSharedTimer } from "../lib/deadline.ts";

export interface BodyLimits {
  /** Bytes of all bodies in hand, from when they come until they are answered. */
  bytes: number;
  /** Bytes of each that are not counted, since there are never more of these than connections: so a small body always comes in. */
  free: number;
  /** How long a body may take. */
  wholeMs: number;
  /** How long it may take from one piece to the next. */
  pieceMs: number;
  /** How old one has to be before it gives way to another. */
  settledMs: number;
}

/** Why a body is not read on: there is no room for it, or it did not come in time. */
export type BodyRefusal = "bodies" | "late";

export class BodyRefused extends Error {
  override name = "BodyRefused";
  readonly why: BodyRefusal;
  constructor(why: BodyRefusal, message: string) {
    super(message);
    this.why = why;
  }
}

/** The part that one body has of what is in hand. */
export interface BodyShare {
  /** Counts a piece that came. Throws `BodyRefused` where there is no room for it. */
  take(bytes: number): void;
  /** It has come whole. */
  whole(): void;
  /** It is answered, or given up. */
  close(): void;
}

export interface Bodies {
  /** A body that begins to come; `cut` is told where it has to end. */
  open(cut: (error: BodyRefused) => void): BodyShare;
  /** Bytes that are counted now. */
  inHand(): number;
  free: number;
}

const standard: BodyLimits = { bytes: 16 << 20, free: 16 << 10, wholeMs: 10_000, pieceMs: 5_000, settledMs: 250 };

/**
 * The bodies that a process has in hand. Where there is no room for a piece that came, the oldest bodies that have not come whole
 * give way: a sender that means well is done in milliseconds. Where there are none, the piece's own body is refused.
 */
export function createBodies(
  options: Partial<BodyLimits> = {},
  onRefused: (why: BodyRefusal) => void = () => {},
  now: () => number = () => performance.now(),
): Bodies {
  const { bytes: most, free, wholeMs, pieceMs, settledMs } = { ...standard, ...options };
  const deadlines = createSharedTimer();
  const coming = new Set<{ at: number; counted(): number; cut(error: BodyRefused): void }>();
  let total = 0;

  function makeRoom(bytes: number, own: unknown): boolean {
    for (const body of coming) {
      if (total + bytes <= most) break;
      if (body === own || body.counted() === 0) continue;
      if (now() - body.at < settledMs) break;
      body.cut(new BodyRefused("bodies", "it came too slowly, and there is no room for it any more"));
    }
    return total + bytes <= most;
  }

  return {
    free,
    inHand: () => total,
    open(cut) {
      let size = 0;
      let counted = 0;
      let pieceAt = now();
      const body = {
        at: pieceAt,
        counted: () => counted,
        cut(error: BodyRefused) {
          close();
          onRefused(error.why);
          cut(error);
        },
      };
      let forget = deadlines(Math.min(wholeMs, pieceMs), look);
      function look(): void {
        const left = Math.min(body.at + wholeMs, pieceAt + pieceMs) - now();
        if (left > 0) forget = deadlines(left, look);
        else {body.cut(
            new BodyRefused(
              "late",
              `it did not come within ${wholeMs / 1000} s, or ${pieceMs / 1000} s were between two pieces`,
            ),
          );}
      }
      function whole(): void {
        forget();
        coming.delete(body);
      }
      function close(): void {
        whole();
        total -= counted;
        counted = 0;
      }
      coming.add(body);
      return {
        take(bytes) {
          pieceAt = now();
          size += bytes;
          const more = Math.max(0, size - free - counted);
          if (total + more > most && !makeRoom(more, body)) {
            onRefused("bodies");
            throw new BodyRefused("bodies", "there is no room for it: too many are in hand");
          }
          counted += more;
          total += more;
        },
        whole,
        close,
      };
    },
  };
}

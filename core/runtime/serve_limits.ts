import { createCounts } from "../lib/fair_queue.ts";
import { createSharedTimer } from "../lib/deadline.ts";

/** What is known of a connection here. Node's sockets are such, on Node and on Deno. */
export interface Connection {
  remoteAddress?: string | undefined;
  /** Closes it at once. */
  destroy(): unknown;
}

export interface ConnectionLimits {
  /** Connections that are open at the same time. */
  connections: number;
  /** Of these, from one address. */
  perAddress: number;
}

/** Why a connection is not, or no longer, served: there are too many, or too many from its address. */
export type ExceededLimit = "connections" | "address";

export interface Connections<C extends Connection> {
  /** Makes room for it by closing the one that has waited longest, if need be. Says why where all are at work. */
  open(connection: C): ExceededLimit | undefined;
  closed(connection: C): void;
  /** The head of a request has come. */
  begin(connection: C): void;
  /** It has come whole: from now on the connection gives way to none. */
  whole(connection: C): void;
  /** It is answered. */
  end(connection: C): void;
  /** Whether a request of it is in hand. */
  isBusy(connection: C): boolean;
  /** Closes those that have no request in hand. */
  closeWaiting(): void;
  closeAll(): void;
}

/** How long a body may be on its way before its connection gives way to another. */
const BODY_SETTLED_MS = 1000;

/**
 * The open connections of a server, up to its limits. Beyond them a new one takes the place of one that waits: first of those
 * that have asked for nothing yet, then of those that are kept alive, then of those whose body is on its way, the oldest
 * first. So whoever asks at once is served, however many connections are held open by others. `cut` is told of each that
 * is closed for another.
 */
export function createConnections<C extends Connection>(
  { connections: most, perAddress }: ConnectionLimits,
  cut: (why: ExceededLimit) => void,
  now: () => number = () => performance.now(),
): Connections<C> {
  const open = new Map<C, { address: string; inHand: number }>();
  const ofAddress = createCounts();
  const silent = new Set<C>();
  const idle = new Set<C>();
  const coming = new Map<C, number>();

  function settle(connection: C): void {
    silent.delete(connection);
    idle.delete(connection);
    coming.delete(connection);
  }
  function closed(connection: C): void {
    const known = open.get(connection);
    if (!known) return;
    open.delete(connection);
    settle(connection);
    ofAddress.add(known.address, -1);
  }
  function close(connection: C): void {
    closed(connection);
    connection.destroy();
  }
  function* waiting(): Generator<C> {
    yield* silent;
    yield* idle;
    for (const [connection, at] of coming) if (now() - at >= BODY_SETTLED_MS) yield connection;
  }
  function makeRoom(why: ExceededLimit, address?: string): boolean {
    for (const connection of waiting()) {
      if (address !== undefined && open.get(connection)!.address !== address) continue;
      close(connection);
      cut(why);
      return true;
    }
    return false;
  }

  return {
    open(connection) {
      const address = connection.remoteAddress ?? "";
      if (ofAddress.of(address) >= perAddress && !makeRoom("address", address)) return "address";
      if (open.size >= most && !makeRoom("connections")) return "connections";
      open.set(connection, { address, inHand: 0 });
      ofAddress.add(address, 1);
      silent.add(connection);
      return undefined;
    },
    closed,
    begin(connection) {
      const known = open.get(connection);
      if (!known) return;
      known.inHand++;
      settle(connection);
      coming.set(connection, now());
    },
    whole: (connection) => void coming.delete(connection),
    end(connection) {
      const known = open.get(connection);
      if (!known || --known.inHand > 0) return;
      settle(connection);
      idle.add(connection);
    },
    isBusy: (connection) => (open.get(connection)?.inHand ?? 0) > 0,
    closeWaiting() {
      for (const connection of [...silent, ...idle]) close(connection);
    },
    closeAll() {
      for (const connection of [...open.keys()]) close(connection);
    },
  };
}

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

const STANDARD_LIMITS: BodyLimits = {
  bytes: 16 << 20,
  free: 16 << 10,
  wholeMs: 10_000,
  pieceMs: 5_000,
  settledMs: 250,
};

/**
 * The bodies that a process has in hand. Where there is no room for a piece that came, the oldest bodies that have not come whole
 * give way: a sender that means well is done in milliseconds. Where there are none, the piece's own body is refused.
 */
export function createBodies(
  options: Partial<BodyLimits> = {},
  onRefused: (why: BodyRefusal) => void = () => {},
  now: () => number = () => performance.now(),
): Bodies {
  const { bytes: most, free, wholeMs, pieceMs, settledMs } = { ...STANDARD_LIMITS, ...options };
  const deadlines = createSharedTimer();
  const late = `it did not come within ${wholeMs / 1000} s, or ${pieceMs / 1000} s were between two pieces`;
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
        else body.cut(new BodyRefused("late", late));
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

import { createCounts } from "../lib/counts.ts";

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
export type Crowded = "connections" | "address";

export interface Connections<C extends Connection> {
  /** Makes room for it by closing the one that has waited longest, if need be. Says why where all are at work. */
  open(connection: C): Crowded | undefined;
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
const settledMs = 1000;

/**
 * The open connections of a server, up to its limits. Beyond them a new one takes the place of one that waits: first of those
 * that have asked for nothing yet, then of those that are kept alive, then of those whose body is on its way, the oldest
 * first. So whoever asks at once is served, however many connections are held open by others. `cut` is told of each that
 * is closed for another.
 */
export function createConnections<C extends Connection>(
  { connections: most, perAddress }: ConnectionLimits,
  cut: (why: Crowded) => void,
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
    for (const [connection, at] of coming) if (now() - at >= settledMs) yield connection;
  }
  function makeRoom(why: Crowded, address?: string): boolean {
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

/** How keys share the workers. */
export interface Sharing {
  /** Whose a key is, such as its namespace: these take turns. */
  ownerOf(key: string): string;
  /** What kind of work a key stands for now. Lanes take turns, and none ever gets the last quarter of the workers. */
  laneOf(key: string): string;
}

/** The keys that wait for a worker, in the order in which they are to get one, and those in hand. */
export interface Turns {
  /** Nothing where it waits already, but that it may change its lane. */
  add(key: string): void;
  /** The next one whose lane and owner may have one more in hand; it is in hand then. */
  take(): string | undefined;
  /** It is not in hand any more. */
  done(key: string): void;
  /** Keys that wait. */
  size(): number;
  clear(): void;
  /** How many workers there are. */
  share(workers: number): void;
}

interface Ticket {
  lane: string;
  owner: string;
}

/** By owner, the next one first; Maps and Sets keep the order of insertion. */
type Lane = Map<string, Set<string>>;

/** Without `sharing` first come, first served. */
export function createTurns(sharing?: Sharing): Turns {
  const lanes = new Map<string, Lane>();
  const waiting = new Map<string, Ticket>();
  const inHand = new Map<string, Ticket>();
  const handsOf = new Map<string, number>();
  let mostOfLane = Infinity;
  let mostOfOwner = Infinity;
  const ticketOf = (key: string): Ticket =>
    sharing ? { lane: sharing.laneOf(key), owner: sharing.ownerOf(key) } : { lane: "", owner: "" };
  const ownerId = ({ lane, owner }: Ticket) => `${lane}\n${owner}`;
  const hands = (id: string) => handsOf.get(id) ?? 0;

  function count(ticket: Ticket, by: 1 | -1): void {
    for (const id of [ticket.lane, ownerId(ticket)]) {
      const now = hands(id) + by;
      if (now === 0) handsOf.delete(id);
      else handsOf.set(id, now);
    }
  }

  function leave(key: string, { lane, owner }: Ticket): void {
    const owners = lanes.get(lane)!;
    const keys = owners.get(owner)!;
    waiting.delete(key);
    keys.delete(key);
    if (keys.size === 0) owners.delete(owner);
    if (owners.size === 0) lanes.delete(lane);
  }

  return {
    add(key) {
      const ticket = ticketOf(key);
      const before = waiting.get(key);
      if (before?.lane === ticket.lane && before.owner === ticket.owner) return;
      if (before) leave(key, before);
      const owners: Lane = lanes.get(ticket.lane) ?? new Map();
      const keys = owners.get(ticket.owner) ?? new Set();
      lanes.set(ticket.lane, owners.set(ticket.owner, keys.add(key)));
      waiting.set(key, ticket);
    },
    take() {
      for (const [lane, owners] of lanes) {
        if (hands(lane) >= mostOfLane) continue;
        for (const [owner, keys] of owners) {
          const ticket = { lane, owner };
          if (hands(ownerId(ticket)) >= mostOfOwner) continue;
          const [key] = keys;
          leave(key!, ticket);
          toTheEnd(owners, owner);
          toTheEnd(lanes, lane);
          inHand.set(key!, ticket);
          count(ticket, 1);
          return key;
        }
      }
      return undefined;
    },
    done(key) {
      const ticket = inHand.get(key);
      if (ticket) count(ticket, -1);
      inHand.delete(key);
    },
    size: () => waiting.size,
    clear() {
      lanes.clear();
      waiting.clear();
    },
    share(workers) {
      if (!sharing) return;
      mostOfLane = workers - Math.floor(workers / 4);
      mostOfOwner = Math.ceil(mostOfLane * 3 / 4);
    },
  };
}

function toTheEnd<T>(all: Map<string, T>, key: string): void {
  const value = all.get(key);
  if (value === undefined) return;
  all.delete(key);
  all.set(key, value);
}

import { createCounts, createFairQueue } from "./fair_queue.ts";

/** How keys share the workers. */
export interface Sharing {
  /** Whose a key is, such as its namespace: these take turns. */
  ownerOf(key: string): string;
  /**
   * What kind of work a key stands for now. Lanes take turns, and none ever gets the last quarter of the workers. All keys are of one
   * kind, for which all workers are there, if absent.
   */
  laneOf?(key: string): string;
}

/** The keys that wait for a worker, in the order in which they are to get one, and those in hand. */
export interface WorkOrder {
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

/** Without `sharing` first come, first served. */
export function createWorkOrder(sharing?: Sharing): WorkOrder {
  const line = createFairQueue<string>();
  const waiting = new Map<string, Ticket>();
  const inHand = new Map<string, Ticket>();
  /** In hand, by lane and by owner within one. */
  const hands = createCounts();
  let mostOfLane = Infinity;
  let mostOfOwner = Infinity;
  const ticketOf = (key: string): Ticket => ({
    lane: sharing?.laneOf?.(key) ?? "",
    owner: sharing?.ownerOf(key) ?? "",
  });
  const ownerId = (lane: string, owner: string) => `${lane}\n${owner}`;
  const mayLane = (lane: string) => hands.of(lane) < mostOfLane;
  const mayOwner = (lane: string, owner: string) => hands.of(ownerId(lane, owner)) < mostOfOwner;

  function count({ lane, owner }: Ticket, by: 1 | -1): void {
    hands.add(lane, by);
    hands.add(ownerId(lane, owner), by);
  }

  return {
    add(key) {
      const ticket = ticketOf(key);
      const before = waiting.get(key);
      if (before?.lane === ticket.lane && before.owner === ticket.owner) return;
      if (before) line.remove(before.lane, before.owner, key);
      line.add(ticket.lane, ticket.owner, key);
      waiting.set(key, ticket);
    },
    take() {
      const key = line.take(mayLane, mayOwner);
      if (key === undefined) return undefined;
      const ticket = waiting.get(key)!;
      waiting.delete(key);
      inHand.set(key, ticket);
      count(ticket, 1);
      return key;
    },
    done(key) {
      const ticket = inHand.get(key);
      if (ticket) count(ticket, -1);
      inHand.delete(key);
    },
    size: () => waiting.size,
    clear() {
      line.clear();
      waiting.clear();
    },
    share(workers) {
      if (!sharing) return;
      mostOfLane = sharing.laneOf ? workers - Math.floor(workers / 4) : workers;
      mostOfOwner = Math.ceil(mostOfLane * 3 / 4);
    },
  };
}

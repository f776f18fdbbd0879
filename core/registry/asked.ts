import { withDeadline } from "../lib/deadline.ts";
import type { Room } from "./room.ts";

/** One call that is under way, however many questions it needs. */
export interface Asked {
  /** Aborted once it is over, or given up. */
  signal: AbortSignal;
  /** Runs what the call's time counts for: not what it waits for its turn. */
  counted<T>(task: () => Promise<T>): Promise<T>;
  /** Takes memory for so many bytes more; may wait for them. */
  grow(bytes: number): Promise<void>;
  /** Gives memory back. */
  shrink(bytes: number): void;
  /** Whether others wait for memory until this call is over. */
  isLarge(): boolean;
}

export interface CallOptions {
  room: Room;
  /** Whose turn it takes where memory is short. */
  lane: string;
  host: string;
  /** The time that it has in all. */
  ms: number;
  /** Each ends it, with its reason. */
  signals: readonly (AbortSignal | undefined)[];
  /** The error when it is not over in its time. */
  late: () => Error;
}

/** Runs a call within its time, and gives its memory back when it is over. */
export async function inCall<T>(
  { room, lane, host, ...limits }: CallOptions,
  task: (asked: Asked) => Promise<T>,
): Promise<T> {
  const held = room.enter(lane, host);
  try {
    return await withDeadline({ ...limits, stopped: true }, (deadline) =>
      task({
        signal: deadline.signal,
        counted: deadline.counted,
        grow: (bytes) => held.grow(bytes, deadline),
        shrink: held.shrink,
        isLarge: held.isLarge,
      }));
  } finally {
    held.leave();
  }
}

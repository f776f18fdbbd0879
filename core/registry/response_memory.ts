import { RegistryError } from "./registry_error.ts";
import type { Deadline } from "../lib/deadline.ts";
import { abortable } from "../lib/delay.ts";
import { createCounts } from "../lib/fair_queue.ts";

/** Memory for what registries and chart repositories answer, all of it that is in hand together. */
export interface ResponseMemory {
  /** Begins with nothing in hand. `lane` is whose turn it takes, such as a namespace. */
  reserve(lane: string, host: string): Reservation;
  /** Bytes that are in hand now. */
  taken(): number;
}

/** What one answer has in hand. */
export interface Reservation {
  /**
   * Takes so many bytes more; waits where they make it a large answer whose turn it is not yet. Waiting costs none of the limit's time.
   * Once that is aborted it takes nothing, since what was given up has left, whatever it still does.
   */
  grow(bytes: number, deadline: Deadline): Promise<void>;
  /** Gives some of it back. */
  shrink(bytes: number): void;
  /** Whether it is the one large answer that is read now, which others wait for. */
  isLarge(): boolean;
  /** Gives all of it back. */
  release(): void;
}

export interface ResponseMemoryOptions {
  /**
   * Bytes up to which an answer is small.
   *
   * @default 1 MiB
   */
  small?: number;
  /**
   * Bytes of all small answers together, of which one lane gets a quarter.
   *
   * @default 16 MiB
   */
  smallInAll?: number;
  /**
   * How long a large answer keeps its turn while others wait for theirs.
   *
   * @default 20 s
   */
  turnMs?: number;
}

/**
 * Small answers are read as they come, up to a sum. All others wait for their turn: one large answer is read at a time, lanes take turns,
 * and one that takes too long while others wait is given up.
 */
export function createResponseMemory(options: ResponseMemoryOptions = {}): ResponseMemory {
  const { small = 1 << 20, smallInAll = 16 << 20, turnMs = 20_000 } = options;
  const byLane = createCounts();
  let smallTaken = 0;
  let taken = 0;
  let large: { end(): void } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Who waits for a turn by lane, the next lane first. */
  const waiting = new Map<string, (() => void)[]>();

  const count = (lane: string, bytes: number) => {
    smallTaken += bytes;
    byLane.add(lane, bytes);
  };
  const fits = (lane: string, bytes: number) =>
    smallTaken + bytes <= smallInAll && byLane.of(lane) + bytes <= smallInAll / 4;

  /** The turn is bounded while somebody waits for it. */
  function watch(): void {
    if (large && waiting.size > 0) timer ??= setTimeout(() => large?.end(), turnMs);
    else {
      clearTimeout(timer);
      timer = undefined;
    }
  }

  function wait(lane: string, begin: () => void): void {
    const others = waiting.get(lane);
    if (others) others.push(begin);
    else waiting.set(lane, [begin]);
    watch();
  }

  function giveUp(lane: string, begin: () => void): void {
    const left = waiting.get(lane)?.filter((other) => other !== begin) ?? [];
    if (left.length > 0) waiting.set(lane, left);
    else waiting.delete(lane);
    watch();
  }

  function passOn(): void {
    large = undefined;
    clearTimeout(timer);
    timer = undefined;
    const [next] = waiting;
    if (next) {
      const [lane, [begin, ...left]] = next;
      waiting.delete(lane);
      if (left.length > 0) waiting.set(lane, left);
      begin?.();
    }
    watch();
  }

  return {
    taken: () => taken,
    reserve(lane, host) {
      let own = 0;
      let ownSmall = 0;
      let isLarge = false;

      async function becomeLarge(deadline: Deadline): Promise<void> {
        const begin = () => {
          isLarge = true;
          large = {
            end() {
              isLarge = false;
              deadline.abort(tooSlow(host, turnMs));
              passOn();
            },
          };
          count(lane, -ownSmall);
          ownSmall = 0;
        };
        if (!large) return begin();
        let start = () => {};
        const started = new Promise<void>((resolve) => {
          start = () => {
            if (deadline.signal.aborted) return passOn();
            begin();
            resolve();
          };
        });
        wait(lane, start);
        try {
          await deadline.uncounted(() => abortable(started, deadline.signal));
        } catch (error) {
          giveUp(lane, start);
          throw error;
        }
      }

      return {
        async grow(bytes, deadline) {
          deadline.signal.throwIfAborted();
          if (!isLarge) {
            if (own + bytes > small || !fits(lane, bytes)) await becomeLarge(deadline);
            else {
              count(lane, bytes);
              ownSmall += bytes;
            }
          }
          own += bytes;
          taken += bytes;
        },
        shrink(bytes) {
          const less = Math.min(bytes, own);
          own -= less;
          taken -= less;
          const lessSmall = Math.min(less, ownSmall);
          count(lane, -lessSmall);
          ownSmall -= lessSmall;
        },
        isLarge: () => isLarge,
        release() {
          taken -= own;
          own = 0;
          count(lane, -ownSmall);
          ownSmall = 0;
          if (isLarge) {
            isLarge = false;
            passOn();
          }
        },
      };
    },
  };
}

function tooSlow(host: string, ms: number): RegistryError {
  const message = `${host} took longer than ${ms / 1000} s for a large answer, while others waited to be read.`;
  return new RegistryError("unreachable", host, message);
}

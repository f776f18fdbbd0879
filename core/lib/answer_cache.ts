import { createLru } from "./lru.ts";
import { hash } from "node:crypto";

/** A longer key, as one with somebody's many groups in it, is kept as its hash: what strangers say costs no memory. */
const LONGEST_KEY = 128;

export interface AnswerCacheOptions<T> {
  /** @default `performance.now` */
  now?(): number;
  /**
   * What an answer counts for in `most`.
   *
   * @default 1
   */
  weigh?(answer: T): number;
}

/**
 * Remembers answers for a while, so that who asks again and again costs one question. What fails is asked again.
 *
 * @param ms Milliseconds for which an answer is remembered, from its question on.
 * @param most Answers that are remembered at most.
 */
export function createAnswerCache<T>(
  ms: number,
  most: number,
  { now = () => performance.now(), weigh }: AnswerCacheOptions<T> = {},
): (key: string, ask: () => Promise<T>) => Promise<T> {
  const known = createLru<{ at: number; answer: Promise<T>; weight: number }>(most, ({ weight }) => weight);
  return (long, ask) => {
    const key = long.length > LONGEST_KEY ? hash("sha256", long, "base64url") : long;
    const kept = known.get(key);
    if (kept && now() - kept.at < ms) return kept.answer;
    const one = { at: now(), answer: ask(), weight: 1 };
    known.set(key, one);
    one.answer.then((answer) => {
      if (!weigh || known.get(key) !== one) return;
      one.weight = weigh(answer);
      known.set(key, one);
    }, () => {
      if (known.get(key) === one) known.delete(key);
    });
    return one.answer;
  };
}

/** Runs a task for a key, unless one is under way: then its outcome is the one for this call too. */
export function createSingleFlight<T>(): (key: string, task: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, task) => {
    const known = underWay.get(key);
    if (known) return known;
    const running = task().finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
}

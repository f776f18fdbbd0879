import { createLru } from "./lru.ts";

/**
 * Remembers answers for a while, so that who asks again and again costs one question. What fails is asked again.
 *
 * @param ms Milliseconds for which an answer is remembered, from its question on.
 * @param most Answers that are remembered at most.
 */
export function createAnswerCache<T>(
  ms: number,
  most: number,
  now: () => number = () => performance.now(),
): (key: string, ask: () => Promise<T>) => Promise<T> {
  const known = createLru<{ at: number; answer: Promise<T> }>(most);
  return (key, ask) => {
    const kept = known.get(key);
    if (kept && now() - kept.at < ms) return kept.answer;
    const one = { at: now(), answer: ask() };
    known.set(key, one);
    one.answer.catch(() => {
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

import { createLru } from "../lib/lru.ts";

/**
 * Remembers answers for a while, so that who asks again and again costs one question: at most `most` of them, for `ms`
 * milliseconds. What fails is asked again.
 */
export function createBriefly<T>(ms: number, most: number, now: () => number = () => performance.now()) {
  const known = createLru<{ at: number; answer: Promise<T> }>(most);
  return (key: string, ask: () => Promise<T>): Promise<T> => {
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

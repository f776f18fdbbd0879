/** A clock that tells no millisecond twice, as long as it is not asked more often than that for a second. */
export function neverTwice(now: () => Date): () => Date {
  let last = 0;
  return () => {
    const time = now().getTime();
    const soonAfter = time <= last && last - time < 1000;
    return new Date(last = soonAfter ? last + 1 : time);
  };
}

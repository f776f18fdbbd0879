/**
 * Tells of the first of a kind, and of the others of the next `ms` milliseconds only how many there were, when the kind comes
 * up again after that. `kind` is one of few.
 */
export function createSeldom(ms = 10_000, now: () => number = () => performance.now()) {
  const told = new Map<string, { at: number; unsaid: number }>();
  return (kind: string, tell: (unsaid: number) => void): void => {
    const last = told.get(kind);
    if (last && now() - last.at < ms) return void last.unsaid++;
    told.set(kind, { at: now(), unsaid: 0 });
    tell(last?.unsaid ?? 0);
  };
}

const LONGEST_NAME = 128;

/** The known name that a mistyped one is closest to; undefined where none is close, and for what is too long to be a name. */
export function closestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 6)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const steps = distance(name, candidate, least);
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** Letters to add, drop or change (Levenshtein), as far as they are fewer than `enough`. */
function distance(a: string, b: string, enough: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let fewest = i;
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const steps = Math.min(row[j]! + 1, next[j - 1]! + 1, change);
      next.push(steps);
      if (steps < fewest) fewest = steps;
    }
    if (fewest >= enough) return enough;
    row = next;
  }
  return row[b.length]!;
}

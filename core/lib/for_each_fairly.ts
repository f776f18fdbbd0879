export interface FairOptions<T> {
  /** How many are worked on at the same time. */
  atOnce: number;
  /** Whose an item is, such as its namespace: these take turns. */
  ownerOf(item: T): string;
  /** Whether the rest may be left. */
  isOver(): boolean;
}

/** Does work for each item: one that takes long keeps none waiting but those of its owner, as long as there is room for others. */
export async function forEachFairly<T>(
  items: readonly T[],
  { atOnce, ownerOf, isOver }: FairOptions<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const order = items.length > 1 ? inTurn(items, ownerOf) : items;
  let next = 0;
  const worker = async () => {
    while (next < order.length && !isOver()) await work(order[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, order.length) }, worker));
}

/** The first of each owner, then the second of each, and so on. */
function inTurn<T>(items: readonly T[], ownerOf: (item: T) => string): T[] {
  const rounds: T[][] = [];
  const seen = new Map<string, number>();
  for (const item of items) {
    const owner = ownerOf(item);
    const round = seen.get(owner) ?? 0;
    seen.set(owner, round + 1);
    (rounds[round] ??= []).push(item);
  }
  return rounds.flat();
}

import { type Breach, breachOf } from "./promises.ts";
import type { Fact, Setting } from "./move.ts";
import { firstWorld, type World } from "./world.ts";
import { keyOf } from "./key.ts";
import { movesOf } from "./moves.ts";
import { restless } from "./rest.ts";

export interface Walked {
  /** Worlds that can be told apart. */
  states: number;
  /** All that happened in any of them. */
  moves: number;
  /** Moves from the first world to the farthest. */
  depth: number;
  /** Worlds in which nothing more happens, and that came to rest. */
  rests: number;
  /** What was written, such as `apply` and `Completed`. */
  seen: ReadonlySet<string>;
  /** The first breach, and the shortest way to it. */
  breach: (Breach & { path: readonly string[] }) | undefined;
}

/** Walks through every world that can come of the first one, breadth first, until a promise is broken. */
export function walk(setting: Setting): Walked {
  const first = firstWorld(setting.bounds);
  const known = new Set([keyOf(first, setting)]);
  const resting = new Set<string>();
  const seen = new Set<string>();
  /** By the worlds' numbers: the world that each came from, and how. */
  const ways = [{ from: 0, what: "" }];
  let [moves, depth, number] = [0, -1, 0];
  const ended = (): Walked => ({ states: known.size, moves, depth, rests: resting.size, seen, breach: undefined });
  const broken = (breach: Breach, last: readonly string[]): Walked => {
    const path = [...last].reverse();
    for (let at = number; at > 0; at = ways[at]!.from) path.push(ways[at]!.what);
    return { ...ended(), breach: { ...breach, path: path.reverse() } };
  };

  for (let front: World[] = [first]; front.length > 0; depth++) {
    const next: World[] = [];
    for (const world of front) {
      const unrest = restless(world, setting, resting);
      if (unrest) return broken(unrest.breach, unrest.path);
      for (const move of movesOf(world, setting)) {
        moves++;
        for (const fact of move.facts) seen.add(nameOf(fact));
        const breach = breachOf(world, move);
        if (breach) return broken(breach, [move.what]);
        const key = keyOf(move.world, setting);
        if (known.has(key)) continue;
        known.add(key);
        ways.push({ from: number, what: move.what });
        next.push(move.world);
      }
      number++;
    }
    front = next;
  }
  return ended();
}

function nameOf(fact: Fact): string {
  if (fact.type === "patched") return fact.step.type;
  return fact.type === "statusWritten" ? fact.after.status?.phase ?? "" : fact.type;
}

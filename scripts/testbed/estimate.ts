import { availableParallelism } from "node:os";
import type { Recipe } from "./recipes.ts";

/** How long builds still take, by how long they took on another machine, and by how this one has done so far. */
export interface Estimate {
  /** The build of the recipe at this place begins. Gives what is to be called at its end. */
  begin(index: number): () => void;
  /** In words: `about 4 min left on 2 cores`. */
  left(): string;
}

export interface EstimateOptions {
  /** @default those of this machine */
  cores?: number;
  /** In milliseconds. @default `performance.now` */
  now?: () => number;
}

/** The table of recipes was measured on so many. */
const measuredOn = 2;
/** As if so many seconds of building had gone by at the pace of the table: the first program does not decide all alone. */
const trustSeconds = 60;

/** `recipes` are built in this order. */
export function createEstimate(
  recipes: readonly Pick<Recipe, "seconds" | "secondsFirst" | "module">[],
  { cores = availableParallelism(), now = () => performance.now() }: EstimateOptions = {},
): Estimate {
  const expected = expectedSeconds(recipes);
  const spent = { expected: trustSeconds, taken: trustSeconds * measuredOn / cores };
  let current = 0;
  let since = now();
  const elapsed = () => (now() - since) / 1000;
  return {
    begin(index) {
      current = index;
      since = now();
      return () => {
        spent.expected += expected[index]!;
        spent.taken += elapsed();
        current = index + 1;
        since = now();
      };
    },
    left() {
      const pace = spent.taken / spent.expected;
      const [first = 0, ...later] = expected.slice(current).map((seconds) => seconds * pace);
      const seconds = Math.max(first - elapsed(), first / 10) + later.reduce((sum, one) => sum + one, 0);
      return `about ${inWords(seconds)} left on ${cores} ${cores === 1 ? "core" : "cores"}`;
    },
  };
}

/** The first of a module compiles what the others of it share. */
export function expectedSeconds(recipes: readonly Pick<Recipe, "seconds" | "secondsFirst" | "module">[]): number[] {
  return recipes.map(({ seconds, secondsFirst = seconds, module }, index) =>
    recipes.findIndex((other) => other.module === module) === index ? secondsFirst : seconds
  );
}

function inWords(seconds: number): string {
  return seconds < 90 ? `${Math.max(10, Math.ceil(seconds / 10) * 10)} s` : `${Math.round(seconds / 60)} min`;
}

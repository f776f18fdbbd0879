import { type Callback, suite, type Test } from "uvu";
import { recentLogs } from "../support/operator.ts";

/**
 * A suite whose failing tests also show what the operators that still run wrote last, and whose failing hooks say why:
 * uvu itself swallows what a hook throws.
 */
export function e2e(name: string): Test {
  const plain = suite(name);
  const shown = (title: string, test: Callback) =>
    plain(title, async (context) => {
      try {
        await test(context);
      } catch (error) {
        console.error(await recentLogs());
        throw error;
      }
    });
  const loud = (add: (hook: Callback) => void) => (hook: Callback) =>
    add(async (context) => {
      try {
        await hook(context);
      } catch (error) {
        console.error(error, await recentLogs());
        throw error;
      }
    });
  return Object.assign(shown as Test, plain, { before: loud(plain.before), after: loud(plain.after) });
}

/** Adds tests that mostly wait, each in what is its own: they all begin with the first of them, and each is told of in its turn. */
export function together(suite: Test, tests: Record<string, () => Promise<void>>): void {
  let begun: Record<string, Promise<void>> | undefined;
  const begin = () =>
    Object.fromEntries(
      Object.entries(tests).map(([title, test]) => {
        const running = test();
        running.catch(() => {});
        return [title, running];
      }),
    );
  for (const title of Object.keys(tests)) suite(title, () => (begun ??= begin())[title]!);
}

/** Asks until there is an answer other than false or undefined, and gives it. Throws after so many seconds with what was last the case. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | false | undefined>,
  { seconds = 30, last }: { seconds?: number; last?: () => unknown } = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let problem: unknown;
  for (;;) {
    try {
      const answer = await ask();
      problem = undefined;
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > deadline) {
      const state = problem ?? (last && JSON.stringify(await last(), null, 1));
      throw new Error(`waited ${seconds} s in vain: ${what}${state ? `\n${state}` : ""}`);
    }
    await pause(50);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

import { importsOf, nearestTests, testFiles } from "./nearest_tests.ts";
import type { Mutant } from "./sample.ts";
import type { Workspace } from "./workspace.ts";

/** What became of a mutant. */
export interface Fate extends Mutant {
  fate: "killed" | "late" | "survived";
  /** The test file that killed it. */
  by?: string;
}

export interface Measured {
  fates: Fate[];
  /** Test files that fail without a mutant, and are not used. */
  leftOut: string[];
}

/** Runs the tests on each mutant. The first that fails, or takes far too long, kills it. */
export async function measure({ mutants, workspaces, root, tests, limit, progress }: {
  mutants: Mutant[];
  /** One for each mutant at a time. */
  workspaces: Workspace[];
  root: string;
  /** The folder of the tests. */
  tests: string;
  /** Test files that a mutant is shown at most. */
  limit: number;
  progress(line: string): void;
}): Promise<Measured> {
  const all = await testFiles(root, tests);
  const imports = await importsOf(root, all);
  const paths = [...new Set(mutants.map(({ path }) => path))];
  const choose = (from: string[]) => new Map(paths.map((path) => [path, nearestTests(path, from, imports, limit)]));

  const used = [...new Set([...choose(all).values()].flat())];
  progress(`${used.length} test files run without a mutant`);
  const { leftOut, milliseconds } = await runWithout(used, workspaces[0]!);
  const time = (test: string) => milliseconds.get(test) ?? 0;
  // the nearest first, then the quick ones: whichever kills, the sooner the better
  const chosen = new Map(
    [...choose(all.filter((test) => !leftOut.includes(test)))].map(([path, [nearest, ...others]]) => [
      path,
      nearest === undefined ? [] : [nearest, ...others.sort((a, b) => time(a) - time(b))],
    ]),
  );
  // an endless loop is not waited for long, and a busy machine kills no mutant
  const deadline = (test: string) => 15_000 + 10 * time(test);

  const fates: Fate[] = new Array(mutants.length);
  let done = 0;
  await eachAtATime([...mutants.entries()], workspaces, async ([index, mutant], workspace) => {
    const files = chosen.get(mutant.path)!;
    const ran = files.length > 0 && await workspace.withMutant(mutant, () => workspace.run(files, deadline));
    fates[index] = !ran || ran.outcome === "passed"
      ? { ...mutant, fate: "survived" }
      : { ...mutant, fate: ran.outcome === "failed" ? "killed" : "late", ...(ran.at ? { by: ran.at } : {}) };
    if (++done % 50 === 0) progress(`${done} of ${mutants.length} mutants`);
  });
  return { fates, leftOut };
}

/** Runs all tests as they are, and finds those that fail then, alone or after others. */
async function runWithout(tests: string[], workspace: Workspace) {
  const leftOut: string[] = [];
  const milliseconds = new Map<string, number>();
  for (let open = tests; open.length > 0;) {
    const ran = await workspace.run(open, () => 300_000);
    for (const [test, took] of ran.milliseconds) milliseconds.set(test, took);
    if (ran.at) leftOut.push(ran.at);
    open = ran.at ? open.slice(open.indexOf(ran.at) + 1) : [];
  }
  return { leftOut, milliseconds };
}

async function eachAtATime<T, W>(items: T[], workers: W[], work: (item: T, worker: W) => Promise<void>): Promise<void> {
  const open = [...items].reverse();
  await Promise.all(workers.map(async (worker) => {
    for (let item = open.pop(); item !== undefined; item = open.pop()) await work(item, worker);
  }));
}

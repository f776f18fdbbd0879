import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** What each file imports, by paths relative to the root. Types do not count: no behaviour comes with them. */
export type Imports = Map<string, string[]>;

/** All test files of a folder. */
export async function testFiles(root: string, folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true });
  return names.filter((name) => name.endsWith(".test.ts")).sort().map((name) => `${folder}/${name}`);
}

/** Reads what the files import, and what that imports. */
export async function importsOf(root: string, files: string[]): Promise<Imports> {
  const found: Imports = new Map();
  const open = [...files];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    const text = await readFile(join(root, path), "utf8").catch(() => "");
    const imported = specifiersIn(text).map((specifier) => relative(root, join(root, dirname(path!), specifier)));
    found.set(path, imported);
    open.push(...imported);
  }
  return found;
}

/** The relative paths that a text imports from, without those it takes types alone from. */
export function specifiersIn(text: string): string[] {
  const froms = text.matchAll(/^(?:import|export)\s+(?!type\b)[^;"]*?from "(\.[^"]+)"/gm);
  const others = text.matchAll(/\bimport\(?\s*"(\.[^"]+)"/g);
  return [...froms, ...others].map(([, specifier]) => specifier!);
}

/**
 * The tests that a file's mutants are shown, in this order: the one of the same path under `test/`, then by the number of
 * imports between the two, and among those of one number the test that imports least.
 */
export function nearestTests(subject: string, tests: string[], imports: Imports, limit: number): string[] {
  const own = `test/${subject.replace(/\.ts$/, ".test.ts")}`;
  return tests.map((test) => ({ test, ...distance(test, subject, imports) }))
    .filter(({ steps }) => steps !== undefined)
    .map((found) => found.test === own ? { ...found, steps: 0 } : found)
    .sort((a, b) => a.steps! - b.steps! || a.reached - b.reached || (a.test < b.test ? -1 : 1))
    .slice(0, limit).map(({ test }) => test);
}

function distance(from: string, to: string, imports: Imports): { steps: number | undefined; reached: number } {
  const steps = new Map([[from, 0]]);
  for (const path of steps.keys()) {
    for (const next of imports.get(path) ?? []) if (!steps.has(next)) steps.set(next, steps.get(path)! + 1);
  }
  return { steps: steps.get(to), reached: steps.size };
}

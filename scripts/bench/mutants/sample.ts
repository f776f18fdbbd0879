import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MutantArguments } from "./arguments.ts";
import { mutationsIn } from "./mutations.ts";
import type { Mutation } from "./operators.ts";

/** A file that is mutated. */
export interface Subject {
  /** Relative to the root, such as `core/policy/glob.ts`. */
  path: string;
  /** What it counts under. */
  folder: string;
}

export interface Mutant extends Mutation, Subject {
  /** The replaced text. */
  before: string;
}

/** The files that the command line asks for. */
export async function subjectsOf(root: string, { files, folders }: MutantArguments): Promise<Subject[]> {
  if (files) return parseSubjects(await readFile(files, "utf8"));
  const found = await Promise.all(folders.map(async (folder) => {
    const names = await readdir(join(root, folder), { recursive: true });
    return names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort()
      .map((name): Subject => ({ path: `${folder}/${name}`, folder }));
  }));
  return found.flat();
}

/** Lines of a path and the folder that it counts under; without one, the folder that it lies in. */
export function parseSubjects(text: string): Subject[] {
  return text.split("\n").map((line) => line.trim().split(/\s+/)).filter(([path]) => path)
    .map(([path, folder]) => ({ path: path!, folder: folder ?? path!.slice(0, path!.lastIndexOf("/")) }));
}

/** All mutants of the files, by folder. */
export async function mutantsOf(root: string, subjects: Subject[]): Promise<Map<string, Mutant[]>> {
  const found = new Map<string, Mutant[]>();
  for (const subject of subjects) {
    const text = await readFile(join(root, subject.path), "utf8");
    const mutants = mutationsIn(text)
      .map((mutation): Mutant => ({ ...subject, ...mutation, before: text.slice(mutation.start, mutation.end) }));
    found.set(subject.folder, [...found.get(subject.folder) ?? [], ...mutants]);
  }
  return found;
}

/**
 * Chooses the same number of mutants in each folder, all where there are no more. A larger count takes those of a
 * smaller one, and others.
 */
export function sample(mutants: Map<string, Mutant[]>, count: number, seed: number): Mutant[] {
  const each = Math.ceil(count / mutants.size);
  return [...mutants.values()].flatMap((all) => shuffle(all, seed).slice(0, each));
}

function shuffle<T>(all: readonly T[], seed: number): T[] {
  const random = randomOf(seed);
  const list = [...all];
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}

/** Numbers from 0 up to 1: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { readFile, writeFile } from "node:fs/promises";
import { machineOf, tables } from "./report.ts";
import type { BenchResults } from "./results.ts";

/** What is kept of a run for the README. */
export interface KeptFigures {
  /** RFC 3339. */
  date: string;
  /** In words. */
  machine: string;
  versions: Record<string, string>;
  /** As they are printed; the first row of each is its head. */
  tables: string[][][];
}

/** Where `npm run bench -- --save` keeps the last run. */
export const keptFile = new URL("./latest.json", import.meta.url);

export async function keep(results: BenchResults, file: URL = keptFile): Promise<void> {
  const { date, versions } = results;
  const kept: KeptFigures = { date, machine: machineOf(results), versions, tables: tables(results) };
  await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`);
}

/** The run that was kept last; undefined when none was. */
export async function readKept(file: URL = keptFile): Promise<KeptFigures | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/**
 * The path of a binary: that which a variable names, or one of these names on the `PATH`; else what is fetched. Throws where none of
 * them is to be had.
 */
export async function findBinary<T>(variable: string, names: string[], fetched: () => Promise<T>): Promise<string | T> {
  const { [variable]: given, PATH = "" } = process.env;
  if (given) {
    if (!existsSync(given)) throw new Error(`${variable} names ${given}, which is not there`);
    return given;
  }
  const installed = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (installed) return installed;
  try {
    return await fetched();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${variable} may name a binary instead`);
  }
}

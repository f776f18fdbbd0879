import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Attack } from "./attack.ts";

const folder = fileURLToPath(new URL("./", import.meta.url));

/** Every attack of this folder, by name. */
export async function allAttacks(): Promise<Attack[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
  const modules = await Promise.all(names.map((name) => import(`./${name}`) as Promise<{ default?: Attack }>));
  return modules.flatMap(({ default: attack }) => attack ? [attack] : []);
}

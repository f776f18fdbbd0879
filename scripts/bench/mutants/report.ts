import { textTable } from "../table.ts";
import type { Measured } from "./measure.ts";

/** The share killed by folder, then the survivors. `sites`: how many mutants each folder has in all. */
export function report({ fates, leftOut }: Measured, sites: Map<string, number>): string {
  const rows = [...sites].map(([folder, all]) => rowOf(folder, all, fates.filter((fate) => fate.folder === folder)));
  const total = rowOf("all", [...sites.values()].reduce((sum, count) => sum + count, 0), fates);
  const survivors = fates.filter(({ fate }) => fate === "survived")
    .map(({ path, line, operator, before, replacement }) =>
      `${path}:${line}  ${operator}  ${briefly(before)}  →  ${briefly(replacement)}`
    ).sort();
  return [
    textTable([["", "possible", "tried", "killed", "of these late", "survived", "share killed", "±"], ...rows, total]),
    "",
    "±: what a share of so few tried may be off by, with a confidence of 95 %",
    ...leftOut.map((test) => `${test}: left out, it fails without a mutant`),
    "",
    "survivors:",
    ...survivors,
  ].join("\n");
}

function rowOf(folder: string, all: number, fates: Measured["fates"]): string[] {
  const count = (fate: string) => fates.filter((one) => one.fate === fate).length;
  const [late, survived] = [count("late"), count("survived")];
  const killed = fates.length - survived;
  const share = killed / fates.length;
  // of all there are, none is left to chance
  const unseen = 1 - fates.length / all;
  const off = 1.96 * Math.sqrt(share * (1 - share) / fates.length * unseen);
  const percent = (part: number) => fates.length === 0 ? "" : `${(100 * part).toFixed(1)} %`;
  return [folder, ...[all, fates.length, killed, late, survived].map(String), percent(share), percent(off)];
}

/** One line, with what is long cut in its middle. */
export function briefly(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "") return "(nothing)";
  return line.length <= 70 ? line : `${line.slice(0, 45)} … ${line.slice(-20)}`;
}

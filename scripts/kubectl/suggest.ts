import { nearest } from "../../core/nearest.ts";
import type { Cluster } from "./cluster.ts";
import { listNames } from "./list_names.ts";

/** The name that was meant by one that is mistyped, or only begun; undefined where none is close. Pure. */
export function meant(name: string, known: readonly string[]): string | undefined {
  const begun = known.filter((one) => one.startsWith(name));
  return begun.length === 1 ? begun[0] : nearest(name, known);
}

/** `: is web meant?`, of the objects at a path; empty where none is close, or they may not be listed. */
export async function isMeant(
  cluster: Cluster,
  name: string,
  paths: readonly string[],
  text: (name: string, path: string) => string,
): Promise<string> {
  const lists = await Promise.all(paths.map((path) => listNames(cluster, path).catch(() => [])));
  const known = new Map(
    lists.flatMap((list, index) => list.map(({ name }) => [name, text(name, paths[index]!)] as const)),
  );
  const near = meant(name, [...known.keys()]);
  return near === undefined ? "" : `: is ${known.get(near)} meant?`;
}

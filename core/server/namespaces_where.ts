import { type Right, rightOnRequests } from "./callers.ts";

/** Namespaces that are asked about one by one, for who has no right in all of them. */
export const MOST_NAMESPACES = 100;
const AT_ONCE = 8;

/** Of some namespaces those in which a person may do something with all UpdateRequests; `complete` unless there are too many to ask. */
export interface NamespacesWhere {
  /** `all` where they may do it everywhere. */
  where: "all" | ReadonlySet<string>;
  isComplete: boolean;
}

export const isWhere = ({ where }: NamespacesWhere, namespace: string): boolean =>
  where === "all" || where.has(namespace);

/** Asks once for all namespaces, and where that is refused for each of the first hundred. */
export async function namespacesWhere(
  { may }: { may(right: Right): Promise<boolean> },
  verb: string,
  namespaces: () => readonly string[],
): Promise<NamespacesWhere> {
  if (await may(rightOnRequests(verb, ""))) return { where: "all", isComplete: true };
  const where = new Set<string>();
  const all = namespaces();
  const asked = all.slice(0, MOST_NAMESPACES);
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    await Promise.all(
      asked.slice(start, start + AT_ONCE).map(async (namespace) => {
        if (await may(rightOnRequests(verb, namespace))) where.add(namespace);
      }),
    );
  }
  return { where, isComplete: asked.length === all.length };
}

import type { Attack } from "./attack.ts";
import { checkedUpdate } from "./checked_update.ts";

/** Queries for the series of another namespace, by all names that PromQL has for it. */
export const foreignQueries = (namespace: string): Record<string, string> => ({
  "named": `{namespace="${namespace}",__name__=~".+"}`,
  "matched": `{namespace=~"${namespace}|none",__name__=~".+"}`,
  "bare": "balance",
  "within": "max_over_time(balance[1m])",
  "commented": "absent_here # all\r or balance",
});

/** A tenant asks for the series of somebody else, with the operator's token. */
const attack: Attack = {
  name: "foreign_metrics",
  async begin(world) {
    for (const [name, query] of Object.entries(foreignQueries(world.victim.ns.namespace))) {
      await checkedUpdate(world, name, { "check-promql": query, "check-promql-max": "0" });
    }
  },
};
export default attack;

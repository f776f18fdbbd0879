import type { LabelSelector } from "../plugin.ts";

/**
 * A selector as the text of the query parameter `labelSelector`, the same for equal ones; empty where it selects all.
 * Undefined where the API server would not take it.
 */
export function labelSelectorText({ matchLabels, matchExpressions }: LabelSelector): string | undefined {
  const parts = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of matchExpressions ?? []) {
    if (operator === "Exists") parts.push(key);
    else if (operator === "DoesNotExist") parts.push(`!${key}`);
    else if (values.length === 0 || (operator !== "In" && operator !== "NotIn")) return undefined;
    else parts.push(`${key} ${operator.toLowerCase()} (${[...values].sort().join(",")})`);
  }
  return parts.sort().join(",");
}

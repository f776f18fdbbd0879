import type { LabelSelector } from "../plugin.ts";

/** What a resource is called in the API's paths: group (`""` for the core one), version, and lower case plural. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
}

/** The path of a resource, of one namespace's or all, down to an object and its subresource. */
export function resourcePath(
  { group, version, plural }: Resource,
  namespace?: string,
  name?: string,
  subresource?: string,
): string {
  const parts = [group === "" ? `/api/${version}` : `/apis/${group}/${version}`];
  if (namespace !== undefined) parts.push("namespaces", encodeURIComponent(namespace));
  parts.push(plural);
  if (name !== undefined) parts.push(encodeURIComponent(name));
  if (subresource !== undefined) parts.push(subresource);
  return parts.join("/");
}

/** Group and plural that a path is about, such as `apps/deployments` or `pods`: few values, so good as a metric's label. */
export function resourceOf(path: string): string {
  const parts = path.split("?", 1)[0]!.split("/").filter((part) => part !== "");
  const [root, group] = parts;
  if (root !== "api" && root !== "apis") return root ?? "";
  const rest = parts.slice(root === "api" ? 2 : 3);
  const scoped = rest[0] === "namespaces" && rest.length > 2 ? rest.slice(2) : rest;
  const plural = scoped[0] ?? "";
  return root === "api" ? plural : `${group}/${plural}`;
}

/** `namespace/name`, or only the name of what lives in no namespace. */
export function objectKey(metadata: { namespace?: string; name?: string }): string {
  const name = metadata.name ?? "";
  return metadata.namespace ? `${metadata.namespace}/${name}` : name;
}

/**
 * A selector as the text of the query parameter `labelSelector`, the same for equal ones; empty where it selects all.
 * Undefined where the API server would not take it.
 */
export function formatLabelSelector({ matchLabels, matchExpressions }: LabelSelector): string | undefined {
  const parts = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of matchExpressions ?? []) {
    if (operator === "Exists") parts.push(key);
    else if (operator === "DoesNotExist") parts.push(`!${key}`);
    else if (values.length === 0 || (operator !== "In" && operator !== "NotIn")) return undefined;
    else parts.push(`${key} ${operator.toLowerCase()} (${[...values].sort().join(",")})`);
  }
  return parts.sort().join(",");
}

import { hash } from "node:crypto";
import type { UpdateRequestSpec } from "./update_request.ts";

const MANAGED_BY = "app.kubernetes.io/managed-by";
const KIND = "headwind.sh/workload-kind";
const NAME = "headwind.sh/workload-name";
const CONTAINER = "headwind.sh/container";

/** The labels of UpdateRequests, for people to select by. Headwind itself reads none: people may change them. */
export const LABELS = [MANAGED_BY, KIND, NAME, CONTAINER] as const;

/** What Headwind writes on a request that it makes; where that is for several containers, the first of them. */
export function labelsOf({ targetRef, containerName }: UpdateRequestSpec): Record<string, string> {
  return {
    [MANAGED_BY]: "headwind",
    [KIND]: labelValue(targetRef.kind),
    [NAME]: labelValue(targetRef.name),
    ...(containerName === undefined ? {} : { [CONTAINER]: labelValue(containerName) }),
  };
}

const longest = 63;
const hashLength = 10;

/**
 * Text as the value of a label. Where it is longer than one may be, or has other characters, what fits of it, and a hash
 * that tells it from others.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function labelValue(text: string): string {
  if (text.length <= longest && /^([A-Za-z0-9]([\w.-]*[A-Za-z0-9])?)?$/.test(text)) return text;
  const fits = text.replaceAll(/[^\w.-]+/g, "-").slice(0, longest - hashLength - 1).replaceAll(/^[^A-Za-z0-9]+/g, "");
  const digest = hash("sha256", text, "hex").slice(0, hashLength);
  return fits === "" ? digest : `${fits}-${digest}`;
}

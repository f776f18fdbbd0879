import { hash } from "node:crypto";
import type { TargetRef } from "../workloads/workload.ts";
import type { UpdateRequestSpec } from "./update_request.ts";

/** What an UpdateRequest's name is computed from: the same update has the same name on every replica, at any time. */
export interface NameParts {
  target: TargetRef;
  /** The workload's uid, so that a workload made anew under an old name is another one. */
  uid: string;
  /** Those that move together; their order is of no account. */
  containers: readonly string[];
  newImage: string;
  /** Tag of `newImage`, for the readable part of the name. */
  tag: string;
}

const LONGEST_NAME = 253;
const HASH_LENGTH = 10;
/** Of the names of several containers, in the readable part. */
const LONGEST_NAMES = 100;

/**
 * `web-app-1-3-0-4f1c9a2b3d`: workload, containers and version for people, a hash of all of it for certainty. `taken` are the
 * uids of requests that others put there under the names before this one: nobody knows a uid before it is given.
 */
export function updateRequestName(parts: NameParts, taken: readonly string[] = []): string {
  const { target, uid, newImage } = parts;
  const names = [...parts.containers].sort();
  const whole = [
    target.apiVersion,
    target.kind,
    target.namespace,
    target.name,
    uid,
    names.join(","),
    newImage,
    ...taken,
  ]
    .join("\n");
  const digest = hash("sha256", whole, "hex").slice(0, HASH_LENGTH);
  const named = names.length === 1 ? names[0] : names.join("-").slice(0, LONGEST_NAMES);
  const readable = `${target.name}-${named}-${parts.tag}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const cut = readable.slice(0, LONGEST_NAME - HASH_LENGTH - 1).replaceAll(/^-+|-+$/g, "");
  return `${cut}-${digest}`;
}

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

const LONGEST_LABEL = 63;

/**
 * Text as the value of a label. Where it is longer than one may be, or has other characters, what fits of it, and a hash
 * that tells it from others.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function labelValue(text: string): string {
  if (text.length <= LONGEST_LABEL && /^([A-Za-z0-9]([\w.-]*[A-Za-z0-9])?)?$/.test(text)) return text;
  const fits = text.replaceAll(/[^\w.-]+/g, "-").slice(0, LONGEST_LABEL - HASH_LENGTH - 1).replaceAll(
    /^[^A-Za-z0-9]+/g,
    "",
  );
  const digest = hash("sha256", text, "hex").slice(0, HASH_LENGTH);
  return fits === "" ? digest : `${fits}-${digest}`;
}

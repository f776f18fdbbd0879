import { hash } from "node:crypto";
import type { TargetRef } from "../workloads/workload.ts";

/** What an UpdateRequest's name is computed from: the same wish has the same name on every replica, at any time. */
export interface Wish {
  target: TargetRef;
  /** The workload's uid, so that a workload made anew under an old name is another one. */
  uid: string;
  /** Those that move together; their order is of no account. */
  containers: readonly string[];
  newImage: string;
  /** Tag of `newImage`, for the readable part of the name. */
  tag: string;
}

const longestName = 253;
const hashLength = 10;
/** Of the names of several containers, in the readable part. */
const longestNames = 100;

/**
 * `web-app-1-3-0-4f1c9a2b3d`: workload, containers and version for people, a hash of the whole wish for certainty. `taken` are the
 * uids of requests that others put there under the names before this one: nobody knows a uid before it is given.
 */
export function updateRequestName(wish: Wish, taken: readonly string[] = []): string {
  const { target, uid, newImage } = wish;
  const names = [...wish.containers].sort();
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
  const digest = hash("sha256", whole, "hex").slice(0, hashLength);
  const named = names.length === 1 ? names[0] : names.join("-").slice(0, longestNames);
  const readable = `${target.name}-${named}-${wish.tag}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const cut = readable.slice(0, longestName - hashLength - 1).replaceAll(/^-+|-+$/g, "");
  return `${cut}-${digest}`;
}

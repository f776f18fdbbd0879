import type { TargetRef } from "./update_request.ts";

/** What an UpdateRequest's name is computed from: the same wish has the same name on every replica, at any time. */
export interface Wish {
  target: TargetRef;
  /** The workload's uid, so that a workload made anew under an old name is another one. */
  uid: string;
  container: string;
  newImage: string;
  /** Tag of `newImage`, for the readable part of the name. */
  tag: string;
}

const longestName = 253;
const hashLength = 10;

/** `web-app-1-3-0-4f1c9a2b3d`: workload, container and version for people, a hash of the whole wish for certainty. */
export async function updateRequestName(wish: Wish): Promise<string> {
  const { target, uid, container, newImage } = wish;
  const whole = [target.apiVersion, target.kind, target.namespace, target.name, uid, container, newImage].join("\n");
  const hash = await shortHash(whole, hashLength);
  const readable = `${target.name}-${container}-${wish.tag}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const cut = readable.slice(0, longestName - hashLength - 1).replaceAll(/^-+|-+$/g, "");
  return `${cut}-${hash}`;
}

/** The first `length` hexadecimal digits of the SHA-256 of a text. */
export async function shortHash(text: string, length: number): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  let hex = "";
  for (let index = 0; hex.length < length; index++) hex += (digest[index] ?? 0).toString(16).padStart(2, "0");
  return hex.slice(0, length);
}

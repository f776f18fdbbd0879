import { compareVersions, parseVersion } from "../../../core/image/version.ts";
import { readHolds } from "../../../core/updates/holds.ts";
import { readImage, sameRepository } from "../../../core/updates/compare.ts";
import type { Candidate } from "../../../core/policy/types.ts";
import type { StoryInput } from "./story.ts";

/**
 * All versions of a container's repository that anybody knows of: the registry, UpdateRequests, holds, and what runs.
 * The highest first, then what is no version, by name. Pure.
 */
export function candidatesOf({ workload, slot, requests, registry }: StoryInput): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = ({ tag, digest }: Candidate) => {
    const known = found.get(tag);
    if (!known || (digest !== undefined && known.digest === undefined)) {
      found.set(tag, { tag, ...(digest === undefined ? {} : { digest }) });
    } else if (digest !== undefined && known.digest !== digest) found.set(`${tag}@${digest}`, { tag, digest });
  };
  const follows = workload.settings?.policy.name === "force";
  if (registry && "tags" in registry) { for (const tag of registry.tags) add({ tag }); }
  if (registry && "followed" in registry) {
    add({ tag: registry.followed, ...(registry.digest === undefined ? {} : { digest: registry.digest }) });
  }
  const images = [
    slot.current,
    ...requests.filter(({ spec }) => spec.containerName === slot.name).map(({ spec }) => spec.newImage),
    ...readHolds(workload.annotations.held)
      .flatMap(({ container, image, resumedAt }) => container === slot.name && image && !resumedAt ? [image] : []),
  ];
  for (const image of images) {
    const read = readImage(image);
    if (!read || !sameRepository(image, slot.current)) continue;
    const tag = read.tag ?? (read.digest === undefined ? "latest" : undefined);
    if (tag === undefined) continue;
    add({ tag, ...(follows && read.digest ? { digest: read.digest } : {}) });
  }
  return [...found.values()].sort(highestFirst);
}

function highestFirst(a: Candidate, b: Candidate): number {
  const [x, y] = [parseVersion(a.tag), parseVersion(b.tag)];
  if (x && y) return compareVersions(y, x) || (a.tag < b.tag ? -1 : 1);
  if (x || y) return x ? -1 : 1;
  return a.tag === b.tag ? 0 : a.tag < b.tag ? -1 : 1;
}

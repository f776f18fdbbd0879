import { definitionOf } from "../policy/policies.ts";
import { compareText } from "../lib/compare_text.ts";
import { compareVersions } from "../versions/version_order.ts";
import { isFor } from "../requests/containers.ts";
import { isRange } from "../versions/range.ts";
import { isResolved } from "./range_report.ts";
import { readAs, sameRepository, versionOf } from "../versions/compare.ts";
import { readHolds } from "../requests/holds.ts";
import type { Candidate } from "../policy/policy.ts";
import type { ReportInput } from "./slot_report.ts";

/**
 * All versions of a container's repository that anybody knows of: the registry, UpdateRequests, holds, and what runs.
 * The highest first, then what is no version, by name. Pure.
 */
export function knownVersions({ workload, slot, requests, registry }: ReportInput): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = ({ tag, digest, deprecated }: Candidate) => {
    const candidate = { tag, ...(digest === undefined ? {} : { digest }), ...(deprecated ? { deprecated } : {}) };
    const known = found.get(tag);
    if (!known || (digest !== undefined && known.digest === undefined)) found.set(tag, candidate);
    else if (digest !== undefined && known.digest !== digest) found.set(`${tag}@${digest}`, candidate);
  };
  const { settings } = workload;
  const follows = settings !== undefined && definitionOf(settings.policy).follows === "digest";
  if (registry && "versions" in registry) registry.versions.forEach(add);
  if (registry && "followed" in registry) {
    add({ tag: registry.followed, ...(registry.digest === undefined ? {} : { digest: registry.digest }) });
  }
  const isCurrentRange = (tag: string) => slot.type === "chart" && isRange(tag) && slot.current === slot.prefix + tag;
  const images = [
    slot.current,
    ...requests.filter((request) => isFor(request, slot.name)).map(({ spec }) => spec.newImage),
    ...readHolds(workload.annotations.held)
      .flatMap(({ container, image, resumedAt }) => container === slot.name && image && !resumedAt ? [image] : []),
  ];
  for (const image of images) {
    const read = readAs(slot, image);
    if (!read || !sameRepository(image, slot.current)) continue;
    const tag = read.tag ?? (read.digest === undefined ? "latest" : undefined);
    if (tag === undefined || isCurrentRange(tag)) continue;
    add({ tag, ...(follows && read.digest ? { digest: read.digest } : {}) });
  }
  const { resolved } = slot;
  if (resolved && ![...found.keys()].some((tag) => isResolved(slot, tag))) add({ tag: resolved });
  return [...found.values()].sort((a, b) => highestFirst(slot.type, a.tag, b.tag));
}

function highestFirst(type: ReportInput["slot"]["type"], a: string, b: string): number {
  const [x, y] = [versionOf(type, a), versionOf(type, b)];
  if (x && y) return compareVersions(y, x) || (a < b ? -1 : 1);
  if (x || y) return x ? -1 : 1;
  return compareText(a, b);
}

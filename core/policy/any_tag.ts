/**
 * What the policies have in common that take tags of any form, `all` and `glob`.
 *
 * @module
 */
import { followedTag, type Judgement, leave, type Reading, type VersionRef } from "./policy.ts";
import type { Version } from "../versions/version.ts";
import { comparable, compareVersions, isLower, isOtherCommit, isPrerelease } from "../versions/version_order.ts";

/** What a container runs. */
export interface Running {
  tag: string | undefined;
  version: Version | undefined;
  /** Whether its tag names a commit and no version. */
  isCommit: boolean;
}

export function runningOf(current: VersionRef, { read, namesCommit }: Reading): Running {
  const tag = followedTag(current);
  const version = tag === undefined ? undefined : read(tag);
  return { tag, version, isCommit: tag !== undefined && !version && namesCommit(tag) };
}

export interface OrderOptions {
  /** As in `Judgement`. */
  order: 1 | 2;
  /** As in `Subject`. */
  complete: boolean;
  /** Whether a pre-release is taken where none runs. */
  prereleases: boolean;
}

/** What the order of two versions says; undefined where it says nothing, as where only the commits differ. */
export function judgeByOrder(version: Version, running: Version, options: OrderOptions): Judgement | undefined {
  if (!comparable(version, running)) return isLower(version, running) ? leave("lower") : undefined;
  const direction = compareVersions(version, running);
  if (direction < 0) return leave("lower");
  if (direction === 0) {
    if (!isOtherCommit(version, running)) return leave("same");
    return options.complete ? leave("hash") : undefined;
  }
  if (!options.prereleases && isPrerelease(version) && !isPrerelease(running)) return leave("prerelease");
  return { allowed: true, why: "higher", version, order: options.order };
}

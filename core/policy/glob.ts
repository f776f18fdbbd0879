import {
  comparable,
  compareVersions,
  isLower,
  isOtherCommit,
  isPrerelease,
  type Version,
} from "../versions/version.ts";
import { freePart, matcher } from "./pattern.ts";
import { type Family, followedTag, type Judgement, leave } from "./judge.ts";

/**
 * `glob`: a tag that matches the pattern, and is not lower. Two tags are compared as whole versions, else by what the
 * pattern leaves free (`1.2-alpine3.19`, `1.2-alpine3.20` by `1.2-alpine*`), where that reads as versions. A commit's hash
 * is none, nor a part of one. Tags without an order: taken when just seen, left in a list of all tags. Pre-releases only
 * from a pre-release.
 */
export const glob: Family = ({ policy: { pattern = "" }, current, complete }, { read, namesCommit }) => {
  const matches = matcher(pattern);
  const followed = followedTag(current);
  const running = followed === undefined ? undefined : read(followed);
  const runsCommit = followed !== undefined && !running && namesCommit(followed);
  const partOf = (tag: string) => {
    const part = freePart(pattern, tag);
    return part === tag ? undefined : read(part);
  };
  const runningPart = followed !== undefined && !runsCommit && matches(followed) ? partOf(followed) : undefined;
  return ({ tag }) => {
    if (!matches(tag)) return leave("pattern");
    if (tag === followed) return leave("same");
    const version = read(tag);
    if (version && running) {
      if (comparable(version, running)) {
        const judgement = compare(version, running, 2);
        if (judgement) return judgement;
        if (complete) return leave("hash");
      } else if (isLower(version, running)) return leave("lower");
    }
    const isCommit = !version && namesCommit(tag);
    const part = runningPart && !isCommit ? partOf(tag) : undefined;
    const byPart = part && runningPart && comparable(part, runningPart) ? compare(part, runningPart, 1) : undefined;
    if (byPart) return byPart;
    if (complete) return leave(isCommit || runsCommit ? "hash" : "no-order");
    if (version && isPrerelease(version) && !(running && isPrerelease(running))) return leave("prerelease");
    const rank = version ?? (isCommit ? undefined : partOf(tag));
    return { allowed: true, why: "other-tag", ...(rank ? { version: rank } : {}), order: 0 };
  };
};

/** Undefined where only the commits differ. */
function compare(version: Version, running: Version, order: 1 | 2): Judgement | undefined {
  const direction = compareVersions(version, running);
  if (direction === 0) return isOtherCommit(version, running) ? undefined : leave("same");
  if (direction < 0) return leave("lower");
  if (isPrerelease(version) && !isPrerelease(running)) return leave("prerelease");
  return { allowed: true, why: "higher", version, order };
}

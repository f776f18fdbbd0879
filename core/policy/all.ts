import { comparable, compareVersions, isLower, isOtherCommit } from "../versions/version.ts";
import { type Family, followedTag, leave } from "./judge.ts";

/**
 * `all`: any higher version, pre-releases too. A tag that has no order with the current one is taken when it was just
 * seen, since somebody pushed it, unless its numbers are lower; in a list of all tags nothing tells that it is newer.
 */
export const all: Family = ({ current, complete }, { read, namesCommit }) => {
  const followed = followedTag(current);
  const running = followed === undefined ? undefined : read(followed);
  const runsCommit = followed !== undefined && !running && namesCommit(followed);
  return ({ tag }) => {
    if (tag === followed) return leave("same");
    const version = read(tag);
    if (version && running) {
      if (comparable(version, running)) {
        const order = compareVersions(version, running);
        if (order < 0) return leave("lower");
        if (order > 0) return { allowed: true, why: "higher", version, order: 2 };
        if (!isOtherCommit(version, running)) return leave("same");
        if (complete) return leave("hash");
      } else if (isLower(version, running)) return leave("lower");
    }
    if (complete) return leave(runsCommit || !version && namesCommit(tag) ? "hash" : "no-order");
    return { allowed: true, why: "other-tag", ...(version ? { version } : {}), order: 0 };
  };
};

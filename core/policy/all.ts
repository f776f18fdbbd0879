import { comparable, compareVersions, isLower } from "../image/version.ts";
import { type Family, followedTag, leave } from "./judge.ts";
import { readVersion } from "./read_version.ts";

/**
 * `all`: any higher version, pre-releases too. A tag that has no order with the current one is taken when it was just
 * seen, since somebody pushed it, unless its numbers are lower; in a list of all tags nothing tells that it is newer.
 */
export const all: Family = ({ current, complete, type = "image", read = readVersion }) => {
  const followed = followedTag(current);
  const running = followed === undefined ? undefined : readVersion(type, followed);
  return ({ tag }) => {
    if (tag === followed) return leave("same");
    const version = read(type, tag);
    if (version && running) {
      if (isLower(version, running)) return leave("lower");
      if (comparable(version, running)) {
        if (compareVersions(version, running) === 0) return leave("same");
        return { allowed: true, why: "higher", version, order: 2 };
      }
    }
    if (complete) return leave("no-order");
    return { allowed: true, why: "other-tag", ...(version ? { version } : {}), order: 0 };
  };
};

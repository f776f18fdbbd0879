import { comparable, compareVersions, isLower, isPrerelease, type Version } from "../image/version.ts";
import { freePart, matcher } from "./pattern.ts";
import { type Family, followedTag, type Judgement, leave } from "./judge.ts";
import { readVersion } from "./read_version.ts";

/**
 * `glob`: a tag that matches the pattern, and is not lower. Two tags are compared as whole versions, else by what the
 * pattern leaves free (`main-123`, `main-124` by `main-*`), where that reads as versions. Tags without an order: taken
 * when just seen, left in a list of all tags. Pre-releases only from a pre-release.
 */
export const glob: Family = ({ policy: { pattern = "" }, current, complete, type = "image", read = readVersion }) => {
  const parseVersion = (text: string) => readVersion(type, text);
  const matches = matcher(pattern);
  const followed = followedTag(current);
  const running = followed === undefined ? undefined : parseVersion(followed);
  const runningPart = followed !== undefined && matches(followed)
    ? parseVersion(freePart(pattern, followed))
    : undefined;
  return ({ tag }) => {
    if (!matches(tag)) return leave("pattern");
    if (tag === followed) return leave("same");
    const version = read(type, tag);
    if (version && running && comparable(version, running)) return compare(version, running, 2);
    if (version && running && isLower(version, running)) return leave("lower");
    const part = parseVersion(freePart(pattern, tag));
    if (part && runningPart && comparable(part, runningPart)) return compare(part, runningPart, 1);
    if (complete) return leave("no-order");
    if (version && isPrerelease(version) && !(running && isPrerelease(running))) return leave("prerelease");
    const rank = version ?? part;
    return { allowed: true, why: "other-tag", ...(rank ? { version: rank } : {}), order: 0 };
  };
};

function compare(version: Version, running: Version, order: 1 | 2): Judgement {
  const direction = compareVersions(version, running);
  if (direction <= 0) return leave(direction < 0 ? "lower" : "same");
  if (isPrerelease(version) && !isPrerelease(running)) return leave("prerelease");
  return { allowed: true, why: "higher", version, order };
}

import { type Family, leave } from "./judge.ts";
import { isAbove, nextRange } from "../versions/range.ts";
import { isPrerelease } from "../versions/version.ts";

/**
 * Where a chart's version is a range, Flux moves within it by itself. Only policy `major` makes a new range, for a version
 * above the whole of it, and of the same form.
 */
export const range: Family = ({ policy, current }, { read }) => {
  if (policy.name === "none") return () => leave("policy-none");
  if (policy.name === "force") return () => leave("force-needs-image");
  const { tag: running = "" } = current;
  return ({ tag }) => {
    const version = read(tag);
    if (!version) return leave("not-a-version");
    const above = isAbove(version, running);
    if (above === undefined) return leave("range-unread");
    if (!above) return leave("within-range");
    if (isPrerelease(version)) return leave("prerelease");
    if (policy.name !== "major") return leave("range-needs-major");
    const next = nextRange(running, version);
    if (next === undefined) return leave("range-form");
    return { allowed: true, why: "beyond-range", version, order: 2, writtenAs: next };
  };
};

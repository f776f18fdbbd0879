import { isAbove, nextRange } from "../versions/range.ts";
import { isPrerelease } from "../versions/version_order.ts";
import { type Judge, leave, type PolicyDefinition, type Reading, type Subject } from "./policy.ts";

/**
 * Where a chart's version is a range, Flux moves within it by itself: whatever versions a policy follows, all it can do is to
 * write a new range, for a version above the whole of it, and of the same form.
 */
export function judgeRange(
  { raisesRanges }: Pick<PolicyDefinition, "raisesRanges">,
  { current: { tag: range = "" } }: Subject,
  { read }: Reading,
): Judge {
  return ({ tag }) => {
    const version = read(tag);
    if (!version) return leave("not-a-version");
    const above = isAbove(version, range);
    if (above === undefined) return leave("range-unread");
    if (!above) return leave("within-range");
    if (isPrerelease(version)) return leave("prerelease");
    if (!raisesRanges) return leave("range-needs-major");
    const next = nextRange(range, version);
    if (next === undefined) return leave("range-form");
    return { allowed: true, why: "beyond-range", version, order: 2, writtenAs: next };
  };
}

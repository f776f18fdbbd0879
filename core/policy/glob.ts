import { comparable, isPrerelease } from "../versions/version_order.ts";
import { freePart, matcher } from "./pattern.ts";
import { judgeByOrder, runningOf } from "./any_tag.ts";
import { leave, type PolicyDefinition } from "./policy.ts";

/**
 * A tag that matches the pattern, and is not lower. Two tags are compared as whole versions, else by what the pattern
 * leaves free (`1.2-alpine3.19`, `1.2-alpine3.20` by `1.2-alpine*`), where that reads as versions. A commit's hash is none,
 * nor a part of one. Tags without an order: taken when just seen, left in a list of all tags. Pre-releases only from a
 * pre-release.
 */
export const glob: PolicyDefinition<"glob"> = {
  name: "glob",
  summary: "to tags that match `headwind.sh/pattern`, never to a lower one",
  follows: "versions",
  raisesRanges: false,
  takesDeprecated: false,
  needsPattern: true,
  judge({ pattern = "", current, complete }, reading) {
    const { read, namesCommit } = reading;
    const matches = matcher(pattern);
    const running = runningOf(current, reading);
    const partOf = (tag: string) => {
      const part = freePart(pattern, tag);
      return part === tag ? undefined : read(part);
    };
    const isPartRead = running.tag !== undefined && !running.isCommit && matches(running.tag);
    const runningPart = isPartRead ? partOf(running.tag!) : undefined;
    const ofWhole = { order: 2, complete, prereleases: false } as const;
    const ofPart = { order: 1, complete: false, prereleases: false } as const;
    return ({ tag }) => {
      if (!matches(tag)) return leave("pattern");
      if (tag === running.tag) return leave("same");
      const version = read(tag);
      const judgement = version && running.version && judgeByOrder(version, running.version, ofWhole);
      if (judgement) return judgement;
      const isCommit = !version && namesCommit(tag);
      const part = runningPart && !isCommit ? partOf(tag) : undefined;
      const byPart = part && comparable(part, runningPart!) ? judgeByOrder(part, runningPart!, ofPart) : undefined;
      if (byPart) return byPart;
      if (complete) return leave(isCommit || running.isCommit ? "hash" : "no-order");
      const isFirstPrerelease = version && isPrerelease(version) && !(running.version && isPrerelease(running.version));
      if (isFirstPrerelease) return leave("prerelease");
      const rank = version ?? (isCommit ? undefined : partOf(tag));
      return { allowed: true, why: "other-tag", ...(rank ? { version: rank } : {}), order: 0 };
    };
  },
};

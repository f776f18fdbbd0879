import { judgeByOrder, runningOf } from "./any_tag.ts";
import { leave, type PolicyDefinition } from "./policy.ts";

/**
 * Any higher version, pre-releases too. A tag that has no order with the current one is taken when it was just seen, since
 * somebody pushed it, unless its numbers are lower; in a list of all tags nothing tells that it is newer.
 */
export const all: PolicyDefinition<"all"> = {
  name: "all",
  summary: "to any other tag that a webhook names, pre-releases included, and by polling to any higher version",
  follows: "versions",
  raisesRanges: false,
  takesDeprecated: true,
  needsPattern: false,
  judge({ current, complete }, reading) {
    const { read, namesCommit } = reading;
    const running = runningOf(current, reading);
    const options = { order: 2, complete, prereleases: true } as const;
    return ({ tag }) => {
      if (tag === running.tag) return leave("same");
      const version = read(tag);
      const judgement = version && running.version && judgeByOrder(version, running.version, options);
      if (judgement) return judgement;
      if (complete) return leave(running.isCommit || !version && namesCommit(tag) ? "hash" : "no-order");
      return { allowed: true, why: "other-tag", ...(version ? { version } : {}), order: 0 };
    };
  },
};

import type { Version } from "../versions/version.ts";
import {
  compareVersions,
  difference,
  isOtherCommit,
  isPrerelease,
  quickDifference,
} from "../versions/version_order.ts";
import { leave, type PolicyDefinition } from "./policy.ts";

export const patch = semver("patch", 2, "to a higher patch: `1.2.3` → `1.2.4`");
export const minor = semver("minor", 1, "to a higher minor or patch: `1.2.3` → `1.3.0`");
/** The only one that moves a chart's range of versions, since what is above a range is another major version mostly. */
export const major = semver("major", 0, "to any higher version");

/**
 * A higher version with the same words, variant, number of parts and way to count builds, of which the first two numbers
 * (`patch`), the first one (`minor`), or none (`major`) stay. So `1.2` moves by `minor` and `major`, `1` by `major` alone,
 * and to a later build of the same version each of them moves. Pre-releases are taken only from a pre-release, and then by
 * the same rules: `17-rc1` moves to `17` by each of the three.
 *
 * @param kept how many leading numbers stay
 */
function semver<Name extends string>(name: Name, kept: number, summary: string): PolicyDefinition<Name> {
  return {
    name,
    summary,
    follows: "versions",
    raisesRanges: kept === 0,
    takesDeprecated: false,
    needsPattern: false,
    judge({ current, type = "image" }, { read, namesCommit }) {
      if (current.tag === undefined) return () => leave("current-untagged");
      const running = read(current.tag);
      if (!running) {
        const why = namesCommit(current.tag) ? "current-hash" : "current-not-a-version";
        return () => leave(why);
      }
      const atSight = type === "image" ? quickDifference(running) : () => undefined;
      return ({ tag }) => {
        const unlike = atSight(tag);
        if (unlike) return leave(`other-${unlike}`);
        const version = read(tag);
        if (!version) return leave(namesCommit(tag) ? "hash" : "not-a-version");
        if (tag === running.text) return leave("same");
        const other = difference(version, running);
        if (other) return leave(`other-${other}`);
        const order = compareVersions(version, running);
        if (order <= 0) return leave(order < 0 ? "lower" : isOtherCommit(version, running) ? "hash" : "same");
        if (isPrerelease(version) && !isPrerelease(running)) return leave("prerelease");
        if (!keeps(version, running, kept)) return leave("beyond-policy");
        return { allowed: true, why: "higher", version, order: 2 };
      };
    },
  };
}

function keeps(version: Version, running: Version, kept: number): boolean {
  return running.numbers.slice(0, kept).every((number, i) => number === version.numbers[i]);
}

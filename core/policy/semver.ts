import {
  compareVersions,
  difference,
  differenceAtSight,
  isOtherCommit,
  isPrerelease,
  type Version,
} from "../versions/version.ts";
import { type Family, leave } from "./judge.ts";

/** How many leading numbers a policy keeps. */
const KEPT: Record<"patch" | "minor" | "major", number> = { patch: 2, minor: 1, major: 0 };

/**
 * `patch`, `minor`, `major`: a higher version with the same words, variant, number of parts and way to count builds, of
 * which the first two numbers, the first one, or none stay. So `1.2` moves by `minor` and `major`, `1` by `major` alone,
 * and to a later build of the same version each of them moves. Pre-releases are taken only from a pre-release, and then by
 * the same rules: `17-rc1` moves to `17` by each of the three.
 */
export function semver(policy: "patch" | "minor" | "major"): Family {
  const kept = KEPT[policy];
  return ({ current, type = "image" }, { read, namesCommit }) => {
    if (current.tag === undefined) return () => leave("current-untagged");
    const running = read(current.tag);
    if (!running) {
      const why = namesCommit(current.tag) ? "current-hash" : "current-not-a-version";
      return () => leave(why);
    }
    const atSight = type === "image" ? differenceAtSight(running) : () => undefined;
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
  };
}

function keeps(version: Version, running: Version, kept: number): boolean {
  return running.numbers.slice(0, kept).every((number, i) => number === version.numbers[i]);
}

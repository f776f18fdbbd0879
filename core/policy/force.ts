import { followedTag, leave, type PolicyDefinition } from "./policy.ts";

/**
 * Follows the digest of the current tag, wherever it moves. A container that is not pinned to a digest yet is pinned to the
 * one that was seen. The digest is the image index's on multi-platform images.
 */
export const force: PolicyDefinition<"force"> = {
  name: "force",
  summary: "with the digest of its own tag: `app:latest` becomes `app:latest@sha256:…` and follows it",
  follows: "digest",
  raisesRanges: false,
  takesDeprecated: false,
  needsPattern: false,
  judge({ current, type }) {
    if (type === "chart") return () => leave("force-needs-image");
    const followed = followedTag(current);
    return ({ tag, digest }) => {
      if (followed === undefined) return leave("current-untagged");
      if (tag !== followed) return leave("not-followed");
      if (digest === undefined) return leave("digest-unknown");
      if (digest === current.digest) return leave("same");
      return { allowed: true, why: current.digest === undefined ? "digest-pinned" : "digest-moved", order: 0 };
    };
  },
};

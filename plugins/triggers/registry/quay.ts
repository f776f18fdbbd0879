import { type Format, untagged } from "./format.ts";
import { names } from "./names.ts";
import { list, once, parse } from "./parse.ts";

const push = once((z, references) => {
  const { hostedImage, tagOrDigest } = names({ z, references });
  return z.object({ docker_url: hostedImage, updated_tags: list(z, tagOrDigest) });
});

/**
 * Quay's notification "Push to Repository". Its others (builds, vulnerabilities, mirrors) have no `updated_tags`.
 *
 * Source: https://docs.quay.io/guides/notifications.html
 */
export const quay: Format = {
  recognises: (body) => "docker_url" in body,
  read(body, call) {
    if (!("updated_tags" in body)) return ["a notification of Quay without updated_tags tells of no new version"];
    const { docker_url: { repository }, updated_tags } = parse(push(call), body, call);
    return updated_tags.length === 0
      ? [untagged]
      : updated_tags.map((tag) => call.references.isDigest(tag) ? untagged : { repository, tag });
  },
};

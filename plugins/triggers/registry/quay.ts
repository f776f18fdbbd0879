import type { Format } from "./format.ts";
import { names } from "./names.ts";
import { list, once, parse } from "./parse.ts";

const push = once((z) => {
  const { hostedImage, tag } = names(z);
  return z.object({ docker_url: hostedImage, updated_tags: list(z, tag) });
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
    const { docker_url: { repository }, updated_tags } = parse(push(call.z), body, call);
    return updated_tags.map((tag) => ({ repository, tag }));
  },
};

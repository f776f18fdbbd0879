import { type Finding, type Format, quoted, untagged } from "./format.ts";
import { names } from "./names.ts";
import { timeOf } from "./reading.ts";
import { list, once, parse } from "./parse.ts";

/** Types of events, and where what was pushed stands. */
const pushes = new Map([["PUSH_ARTIFACT", "event_data"], ["harbor.artifact.pushed", "data"]]);
const kind = once((z) => z.object({ type: z.string() }));
const data = once((z, references) => {
  const { hostedImage, tagOrDigest, digest } = names({ z, references });
  return z.object({
    resources: list(
      z,
      z.object({
        resource_url: hostedImage,
        tag: tagOrDigest.or(z.literal("")).nullish(),
        digest: digest.or(z.literal("")).nullish(),
      }),
    ),
  });
});

/**
 * Harbor's webhooks, in its format of old and as CloudEvents. Where an artifact was pushed without a tag, its digest
 * stands for it, in `tag` too. Nothing tells a chart from an image.
 *
 * Source: https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/
 */
export const harbor: Format = {
  recognises: ({ type, event_data }) =>
    event_data !== undefined || (typeof type === "string" && (pushes.has(type) || type.startsWith("harbor."))),
  read(body, call) {
    const { type } = parse(kind(call), body, call);
    const at = pushes.get(type);
    if (at === undefined) return [`the event ${quoted(type)} tells of no new version`];
    const time = body.occur_at ?? body.time;
    return parse(data(call), body[at], call, at).resources.map((resource): Finding => {
      const image = resource.resource_url;
      const tag = image.tag ?? resource.tag;
      return !tag || call.references.isDigest(tag)
        ? untagged
        : { repository: image.repository, tag, digest: resource.digest || image.digest, at: timeOf(time) };
    });
  },
};

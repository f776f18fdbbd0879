import { type Format, quoted, untagged } from "./format.ts";
import { names } from "./names.ts";
import { fieldOf, once, parse } from "./parse.ts";
import { timeOf } from "./reading.ts";
import type { WebhookCall } from "../../../core/plugin.ts";

const envelope = once((z) =>
  z.object({ message: z.object({ data: z.string(), publishTime: z.unknown().optional() }) })
);
const anyChange = once((z) => z.object({ action: z.string() }));
const insert = once((z, references) => {
  const { hostedImage } = names({ z, references });
  const none = z.literal("").nullish();
  return z.object({ tag: none.or(hostedImage), digest: none.or(hostedImage) });
});

/**
 * Google Artifact Registry's messages of the topic `gcr`, by a push subscription of Pub/Sub, wrapped or not.
 *
 * Sources: https://cloud.google.com/artifact-registry/docs/configure-notifications,
 * https://cloud.google.com/pubsub/docs/push
 */
export const pubsub: Format = {
  recognises: ({ message, action }) => message !== undefined || action === "INSERT" || action === "DELETE",
  read(body, call) {
    const wrapped = body.message !== undefined;
    const at = wrapped ? "message.data" : "";
    const { data, publishTime } = wrapped ? parse(envelope(call), body, call).message : { data: "", publishTime: "" };
    const change = wrapped ? decode(data, call, at) : body;
    const { action } = parse(anyChange(call), change, call, at);
    if (action !== "INSERT") return [`the action ${quoted(action)} tells of no new version`];
    const { tag: image, digest } = parse(insert(call), change, call, at);
    if (!image) return [untagged];
    if (image.tag === undefined) {
      return image.digest === undefined ? call.refuse(fieldOf(at, "tag"), "it has no tag") : [untagged];
    }
    const told = digest ? digest.digest : undefined;
    return [{ repository: image.repository, tag: image.tag, digest: told, at: timeOf(publishTime) }];
  },
};

function decode(data: string, { refuse }: WebhookCall, at: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return refuse(at, "JSON in base64 is wanted");
  }
}

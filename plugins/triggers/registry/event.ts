import { type Finding, quoted, untagged } from "./format.ts";
import { isIndex } from "./media_type.ts";
import { isDigest, isHost, names, repositoryAt } from "./names.ts";
import { fieldOf, once, parse } from "./parse.ts";
import { timeOf } from "./time.ts";
import type { WebhookCall } from "../../../core/plugin.ts";

/** The config comes first among what a manifest names. */
const mostReferences = 200;
const anyEvent = once((z) => z.object({ action: z.string() }));
const anyPush = once((z) => z.object({ target: z.object({ tag: z.string().nullish() }) }));
const taggedPush = once((z) => {
  const { path, tag, digest } = names(z);
  const types = { mediaType: z.string().optional(), artifactType: z.string().optional() };
  return z.object({
    target: z.object({
      repository: path,
      tag,
      digest: digest.optional(),
      ...types,
      url: z.string().optional(),
      references: z.array(z.unknown()).transform((all) => all.slice(0, mostReferences)).pipe(z.array(z.object(types)))
        .optional(),
    }),
    timestamp: z.unknown().optional(),
    request: z.object({ host: z.string().optional() }).optional(),
  });
});

/**
 * One event as distribution sends it, and Azure's registry alike. Only what is needed of it is looked at: a registry
 * sends an event that was refused again and again, and nothing after it.
 *
 * @param at the path of the event
 */
export function readEvent(event: unknown, call: WebhookCall, at = ""): Finding {
  const { z } = call;
  const { action } = parse(anyEvent(z), event, call, at);
  if (action !== "push") return `the action ${quoted(action)} tells of no new version`;
  const named = parse(anyPush(z), event, call, at).target.tag;
  if (!named || isDigest(named)) return untagged;
  const { target, request, timestamp } = parse(taggedPush(z), event, call, at);
  const { tag, digest, repository, mediaType, artifactType, references = [] } = target;
  const described = [{ mediaType, artifactType }, ...(isIndex(mediaType) ? [] : references)];
  return {
    repository: repositoryAt(hostOf(target.url, request?.host, call, at), repository),
    tag,
    digest,
    at: timeOf(timestamp),
    mediaTypes: described.flatMap((types) => [types.mediaType, types.artifactType]),
  };
}

/** The host that the push named, else the one of the manifest's URL; never a part of the repository's path. */
function hostOf(url: string | undefined, requested: string | undefined, { refuse }: WebhookCall, at: string): string {
  const inUrl = /^https?:\/\/([^/?#]+)/.exec(url ?? "")?.[1];
  const host = requested || inUrl;
  const field = fieldOf(at, requested || !inUrl ? "request.host" : "target.url");
  if (!host) return refuse(field, "the registry's host is wanted, here or in target.url");
  return isHost(host) ? host : refuse(field, `an image's name cannot begin with the host ${quoted(host)}`);
}

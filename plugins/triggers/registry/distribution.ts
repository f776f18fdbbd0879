import { type Finding, type Format, quoted, untagged } from "./format.ts";
import { fieldOf, list, once, parse } from "./parse.ts";
import { isIndex, timeOf } from "./reading.ts";
import { names } from "./names.ts";
import type { WebhookCall } from "../../../core/plugin.ts";

const envelope = once((z) => z.object({ events: list(z, z.unknown()) }));

/**
 * Notifications of the CNCF's distribution, and so of GitLab's registry (`registry['notifications']` in `gitlab.rb`).
 *
 * Source: https://distribution.github.io/distribution/about/notifications/ and its `notifications/event.go`
 */
export const distribution: Format = {
  recognises: (body) => "events" in body,
  read: (body, call) =>
    parse(envelope(call), body, call).events.map((event, index) => readEvent(event, call, `events.${index}`)),
};

/** The config comes first among what a manifest names. */
const MAX_REFERENCES = 200;
const anyEvent = once((z) => z.object({ action: z.string() }));
const anyPush = once((z) => z.object({ target: z.object({ tag: z.string().nullish() }) }));
const taggedPush = once((z, references) => {
  const { path, tag, digest } = names({ z, references });
  const types = { mediaType: z.string().optional(), artifactType: z.string().optional() };
  return z.object({
    target: z.object({
      repository: path,
      tag,
      digest: digest.optional(),
      ...types,
      url: z.string().optional(),
      references: z.array(z.unknown()).transform((all) => all.slice(0, MAX_REFERENCES)).pipe(z.array(z.object(types)))
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
function readEvent(event: unknown, call: WebhookCall, at = ""): Finding {
  const { action } = parse(anyEvent(call), event, call, at);
  if (action !== "push") return `the action ${quoted(action)} tells of no new version`;
  const named = parse(anyPush(call), event, call, at).target.tag;
  if (!named || call.references.isDigest(named)) return untagged;
  const { target, request, timestamp } = parse(taggedPush(call), event, call, at);
  const { tag, digest, repository, mediaType, artifactType, references = [] } = target;
  const described = [{ mediaType, artifactType }, ...(isIndex(mediaType) ? [] : references)];
  return {
    repository: call.references.repositoryAt(hostOf(target.url, request?.host, call, at), repository),
    tag,
    digest,
    at: timeOf(timestamp),
    mediaTypes: described.flatMap((types) => [types.mediaType, types.artifactType]),
  };
}

/** The host that the push named, else the one of the manifest's URL; never a part of the repository's path. */
function hostOf(url: string | undefined, requested: string | undefined, call: WebhookCall, at: string): string {
  const inUrl = /^https?:\/\/([^/?#]+)/.exec(url ?? "")?.[1];
  const host = requested || inUrl;
  const field = fieldOf(at, requested || !inUrl ? "request.host" : "target.url");
  if (!host) return call.refuse(field, "the registry's host is wanted, here or in target.url");
  return call.references.isHost(host)
    ? host
    : call.refuse(field, `an image's name cannot begin with the host ${quoted(host)}`);
}

/**
 * Webhooks of Azure Container Registry: one of distribution's events, without an envelope. `chart_push` is of its old
 * chart repositories, and names no host; a chart that was pushed as OCI comes as a `push`.
 *
 * Source: https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference
 */
export const acr: Format = {
  recognises: (body) => "target" in body || body.action === "ping",
  read: (body, call) => [readEvent(body, call)],
};

import type { SeenVersion, Sighting, WebhookReading } from "../../../core/plugin.ts";
import type { Finding } from "./format.ts";
import { kindOf } from "./media_type.ts";

/**
 * Tags of signatures, attestations and bills of material, which are made of the digest of the image that they belong to:
 * the referrers tag of the OCI distribution specification, and cosign's.
 */
const SIGNATURE_TAG = /^sha(?:256|384|512)-(?:[0-9a-f]{32,}(?:[.-][\w.-]+)?|[0-9a-f]+\.(?:sig|att|sbom))$/i;

/** One sighting for each artifact, whose versions are in the body's order, and each sentence once. */
export function toReading(findings: readonly Finding[]): WebhookReading {
  const seen = new Map<string, { artifact: Sighting["artifact"]; versions: Map<string, SeenVersion> }>();
  const ignored = new Set<string>();
  for (const finding of findings) {
    if (typeof finding === "string") {
      ignored.add(finding);
      continue;
    }
    const { repository, tag, digest, at, mediaTypes = [] } = finding;
    const name = `${repository}:${tag}`;
    const type = kindOf(mediaTypes);
    if (SIGNATURE_TAG.test(tag)) {
      ignored.add(`${name} signs or attests another image`);
    } else if (type === "other") {
      ignored.add(`${name} is no image by its media type`);
    } else {
      const key = `${type} ${repository}`;
      const { versions } = seen.get(key) ?? { versions: new Map<string, SeenVersion>() };
      seen.set(key, { artifact: { type, repository }, versions });
      versions.set(`${tag}@${digest ?? ""}`, {
        tag,
        ...(digest === undefined ? {} : { digest }),
        ...(at === undefined ? {} : { at }),
      });
    }
  }
  return {
    sightings: [...seen.values()].map(({ artifact, versions }) => (
      { artifact, versions: [...versions.values()], via: "webhook", complete: false }
    )),
    ignored: [...ignored],
  };
}

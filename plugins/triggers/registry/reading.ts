import type { References, SeenVersion, Sighting, WebhookReading } from "../../../core/plugin.ts";
import type { Finding } from "./format.ts";

/** One sighting for each artifact, whose versions are in the body's order, and each sentence once. */
export function toReading(findings: readonly Finding[], { isSignatureTag }: References): WebhookReading {
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
    if (isSignatureTag(tag)) {
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

/**
 * What a manifest is, by its own media type and those of its config and layers.
 * Sources: https://helm.sh/docs/topics/registries/, https://github.com/opencontainers/image-spec/blob/main/manifest.md
 * (guidelines for artifact usage), and the types of cosign, sigstore, notation and in-toto.
 */
const CHART = /^application\/vnd\.cncf\.helm\./;
const NO_IMAGE =
  /^application\/vnd\.(?:oci\.(?:empty|artifact\.manifest)|dev\.cosign|dev\.sigstore|cncf\.notary|in-toto|cyclonedx)\b|spdx\b/;

/** What an index names are manifests for platforms, and attestations among them: they do not tell what it is itself. */
export function isIndex(mediaType: string | undefined): boolean {
  return /\b(?:image\.index|manifest\.list)\b/.test(mediaType ?? "");
}

/** Types that nothing is known of do not keep a manifest from being an image. */
export function kindOf(mediaTypes: readonly (string | null | undefined)[]): "image" | "chart" | "other" {
  const has = (pattern: RegExp) => mediaTypes.some((type) => type && pattern.test(type));
  if (has(CHART)) return "chart";
  return has(NO_IMAGE) ? "other" : "image";
}

/** A time of a body, in seconds since 1970 or as text, in RFC 3339; undefined where it is none. */
export function timeOf(value: unknown): string | undefined {
  const ms = typeof value === "number" ? value * 1000 : typeof value === "string" ? Date.parse(value) : NaN;
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** The latest of some times, where it is not sure which of them moves with a push. */
export function latestOf(values: readonly unknown[]): string | undefined {
  return values.map(timeOf).filter((time) => time !== undefined).sort().at(-1);
}

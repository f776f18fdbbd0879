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

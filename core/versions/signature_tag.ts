/**
 * Tags that registries and signing tools make for a manifest's signatures, attestations and bills of material:
 * `sha256-<hex>` (the referrers tag of the OCI distribution specification), and with `.sig`, `.att` or `.sbom` (cosign).
 */
const SIGNATURE_TAG = /^sha(?:256|384|512)-(?:[0-9a-f]{32,}(?:[.-][\w.-]+)?|[0-9a-f]+\.(?:sig|att|sbom))$/i;

/** Whether a tag belongs to another image's manifest and so is no version of anything. */
export function isSignatureTag(tag: string): boolean {
  return tag.length > 8 && SIGNATURE_TAG.test(tag);
}

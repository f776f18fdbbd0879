import { isDigest } from "../image/reference.ts";
import { RegistryError } from "./errors.ts";
import type { Answer } from "./exchange.ts";
import { sha256 } from "./identity.ts";

/**
 * Without the types of indexes, a registry answers for one platform; without any, for the old schema. The digest of a
 * multi-platform image is that of its index.
 */
export const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** The digest that the registry tells; undefined when it tells none. Throws `garbage` for what is no digest. */
export function toldDigest({ headers }: Answer, registry: string): string | undefined {
  const digest = headers.get("docker-content-digest")?.trim();
  if (digest === undefined || digest === "") return undefined;
  if (!isDigest(digest)) throw garbage(registry, "tells a digest that is none");
  return digest;
}

/** The digest of a manifest's own bytes. Throws `garbage` for what is no manifest of schema 2. */
export async function ownDigest({ body }: Answer, registry: string): Promise<string> {
  if (!isManifest(body)) throw garbage(registry, "answered what is no manifest");
  return `sha256:${await sha256(body)}`;
}

function isManifest(body: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null && (value as { schemaVersion?: unknown }).schemaVersion === 2;
  } catch {
    return false;
  }
}

const garbage = (registry: string, what: string) => new RegistryError("garbage", registry, `${registry} ${what}.`);

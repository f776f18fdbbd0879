import { isDigest } from "../versions/reference.ts";
import { RegistryError } from "./errors.ts";
import type { Answer } from "./exchange.ts";
import { isPlainJson } from "./plain_json.ts";
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
export async function ownDigest(answer: Answer, registry: string): Promise<string> {
  readManifest(answer, registry);
  return `sha256:${await sha256(answer.body)}`;
}

/**
 * The media type of a manifest's config; `""` for an index and where none is told. Throws `garbage` for what is no manifest of schema 2.
 *
 * Source: https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidelines-for-artifact-usage
 */
export function configTypeIn(answer: Answer, registry: string): string {
  const { config } = readManifest(answer, registry);
  const type = (config as { mediaType?: unknown } | null | undefined)?.mediaType;
  return typeof type === "string" ? type : "";
}

const MOST_VALUES = 50_000;

function readManifest({ body }: Answer, registry: string): { config?: unknown } {
  if (!isPlainJson(body, MOST_VALUES)) {
    throw garbage(registry, `answered a manifest with more than ${MOST_VALUES} values`);
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (typeof value === "object" && value !== null && (value as { schemaVersion?: unknown }).schemaVersion === 2) {
      return value;
    }
  } catch {
    // told below
  }
  throw garbage(registry, "answered what is no manifest");
}

const garbage = (registry: string, what: string) => new RegistryError("garbage", registry, `${registry} ${what}.`);

import { decodeUtf8 } from "../lib/bytes.ts";
import { isDigest } from "../versions/reference.ts";
import { hasAtMostValues } from "./json_size.ts";
import { MANIFEST_TYPES } from "./manifests.ts";
import type { PathRequest, RegistryResponse, RepositoryRef } from "./send.ts";
import { refusalError, RegistryError } from "./registry_error.ts";

/**
 * What whoever built an image says of where it comes from: strangers' text, of at most 1,024 characters each.
 *
 * Source: https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md#pre-defined-annotation-keys
 */
export interface ImageOrigin {
  /** `org.opencontainers.image.source` */
  source?: string;
  /** `org.opencontainers.image.revision` */
  revision?: string;
  /** `org.opencontainers.image.created`, or when its config was made; RFC 3339. */
  created?: string;
}

type Ask = (request: PathRequest) => Promise<RegistryResponse>;

const MANIFEST_LIMIT = 4 << 20;
const CONFIG_LIMIT = 1 << 20;
const MOST_VALUES = 50_000;
const LONGEST = 1024;
const KEYS = ["source", "revision", "created"] as const;

/**
 * Where the image of a digest comes from: by the annotations of its manifest and of its index, and the labels of its config, in
 * that order. Of an index the manifest for linux/amd64 is read, else its first for a platform. Undefined where there is no such image.
 *
 * @throws {RegistryError}
 */
export async function readOrigin(
  repository: RepositoryRef,
  digest: string,
  ask: Ask,
): Promise<ImageOrigin | undefined> {
  const first = await read(repository, "manifests", digest, ask);
  if (!first) return undefined;
  const child = platformOf(first);
  const manifest = child === undefined ? first : await read(repository, "manifests", child, ask) ?? {};
  const configDigest = (manifest.config as { digest?: unknown } | undefined)?.digest;
  const config = typeof configDigest === "string" && isDigest(configDigest)
    ? await read(repository, "blobs", configDigest, ask) ?? {}
    : {};
  const labels = (config.config as { Labels?: unknown } | undefined)?.Labels;
  const said = [manifest.annotations, first.annotations, labels, { [named("created")]: config.created }];
  return Object.fromEntries(KEYS.flatMap((key) => {
    const value = said.map((texts) => textIn(texts, named(key))).find((text) => text !== undefined);
    return value === undefined ? [] : [[key, value]];
  }));
}

const named = (key: string) => `org.opencontainers.image.${key}`;

function textIn(texts: unknown, key: string): string | undefined {
  if (typeof texts !== "object" || texts === null || !Object.hasOwn(texts, key)) return undefined;
  const value = (texts as Record<string, unknown>)[key];
  return typeof value === "string" && value !== "" && value.length <= LONGEST ? value : undefined;
}

interface Entry {
  digest?: unknown;
  platform?: { os?: unknown; architecture?: unknown };
}

/** The digest of the manifest that stands for an index; undefined of what is none. */
function platformOf({ manifests }: Record<string, unknown>): string | undefined {
  if (!Array.isArray(manifests)) return undefined;
  // attestations of buildkit are for the platform `unknown/unknown`
  const images = (manifests as Entry[]).filter((entry) => entry?.platform?.os !== "unknown");
  const wanted = images.find(({ platform }) => platform?.os === "linux" && platform.architecture === "amd64") ??
    images[0];
  return typeof wanted?.digest === "string" && isDigest(wanted.digest) ? wanted.digest : undefined;
}

async function read(
  { registry, repository }: RepositoryRef,
  what: "manifests" | "blobs",
  digest: string,
  ask: Ask,
): Promise<Record<string, unknown> | undefined> {
  const answer = await ask({
    kind: what === "blobs" ? "blob" : "manifest",
    method: "GET",
    path: `/v2/${repository}/${what}/${encodeURIComponent(digest)}`,
    headers: { accept: what === "blobs" ? "*/*" : MANIFEST_TYPES },
    limit: what === "blobs" ? CONFIG_LIMIT : MANIFEST_LIMIT,
  });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusalError(answer, registry, `${registry}/${repository}@${digest}`);
  const value = hasAtMostValues(answer.body, MOST_VALUES) ? parse(answer.body) : undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new RegistryError(
    "garbage",
    registry,
    `${registry} answered what is no ${what === "blobs" ? "config of an image" : "manifest"}.`,
  );
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(body));
  } catch {
    return undefined;
  }
}

import { decodeUtf8 } from "../lib/bytes.ts";
import { isDigest } from "../versions/reference.ts";
import { refusalError, RegistryError } from "./registry_error.ts";
import type { PathRequest, RegistryResponse, RepositoryRef } from "./send.ts";
import { hasAtMostValues } from "./json_size.ts";
import { sha256 } from "./credentials.ts";

type Ask = (request: PathRequest) => Promise<RegistryResponse>;

const LIMIT = 4 << 20;
/** What HEAD is answered with where GET may go well: by Artifactory before it has cached an image, and by proxies that know no HEAD. */
const NOT_BY_HEAD = new Set([400, 404, 405]);

/** As `RegistryClient.digest`. */
export async function digestOf(repository: RepositoryRef, tag: string, ask: Ask): Promise<string | undefined> {
  const head = await ask(questionOf(repository, tag, "HEAD"));
  if (head.status !== 200 && !NOT_BY_HEAD.has(head.status)) throw refusedManifest(head, repository, tag);
  const told = head.status === 200 ? headerDigest(head, repository.registry) : undefined;
  if (told !== undefined) return told;
  const whole = await manifest(repository, tag, ask);
  return whole && await bodyDigest(whole, repository.registry);
}

/** As `RegistryClient.configType`. */
export async function configTypeOf(
  repository: RepositoryRef,
  reference: string,
  ask: Ask,
): Promise<string | undefined> {
  const whole = await manifest(repository, reference, ask);
  return whole && configTypeIn(whole, repository.registry);
}

/** Undefined when there is none of this tag or digest. */
async function manifest(repository: RepositoryRef, reference: string, ask: Ask): Promise<RegistryResponse | undefined> {
  const answer = await ask(questionOf(repository, reference, "GET"));
  if (answer.status === 404) return undefined;
  if (answer.status === 200) return answer;
  throw refusedManifest(answer, repository, reference);
}

function questionOf({ repository }: RepositoryRef, reference: string, method: "GET" | "HEAD"): PathRequest {
  const path = `/v2/${repository}/manifests/${encodeURIComponent(reference)}`;
  return { kind: "manifest", method, path, headers: { accept: MANIFEST_TYPES }, limit: LIMIT };
}

function refusedManifest(
  answer: RegistryResponse,
  { registry, repository }: RepositoryRef,
  reference: string,
): RegistryError {
  return refusalError(answer, registry, `${registry}/${repository}${isDigest(reference) ? "@" : ":"}${reference}`);
}

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

/**
 * The digest that the registry tells; undefined when it tells none.
 *
 * @throws `garbage` for what is no digest
 */
export function headerDigest({ headers }: RegistryResponse, registry: string): string | undefined {
  const digest = headers.get("docker-content-digest")?.trim();
  if (digest === undefined || digest === "") return undefined;
  if (!isDigest(digest)) throw garbage(registry, "tells a digest that is none");
  return digest;
}

/**
 * The digest of a manifest's own bytes.
 *
 * @throws `garbage` for what is no manifest of schema 2
 */
export async function bodyDigest(answer: RegistryResponse, registry: string): Promise<string> {
  readManifest(answer, registry);
  return `sha256:${await sha256(answer.body)}`;
}

/**
 * The media type of a manifest's config; `""` for an index and where none is told. Throws `garbage` for what is no manifest of schema 2.
 *
 * Source: https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidelines-for-artifact-usage
 */
export function configTypeIn(answer: RegistryResponse, registry: string): string {
  const { config } = readManifest(answer, registry);
  const type = (config as { mediaType?: unknown } | null | undefined)?.mediaType;
  return typeof type === "string" ? type : "";
}

const MOST_VALUES = 50_000;

function readManifest({ body }: RegistryResponse, registry: string): { config?: unknown } {
  if (!hasAtMostValues(body, MOST_VALUES)) {
    throw garbage(registry, `answered a manifest with more than ${MOST_VALUES} values`);
  }
  try {
    const value: unknown = JSON.parse(decodeUtf8(body));
    if (typeof value === "object" && value !== null && (value as { schemaVersion?: unknown }).schemaVersion === 2) {
      return value;
    }
  } catch {
    // told below
  }
  throw garbage(registry, "answered what is no manifest");
}

const garbage = (registry: string, what: string) => new RegistryError("garbage", registry, `${registry} ${what}.`);

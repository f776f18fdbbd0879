/**
 * Image references, by the grammar that Docker, containerd and the kubelet share.
 * Source: https://github.com/distribution/reference (`reference.go`, `regexp.go`, `normalize.go`).
 *
 * @module
 */
import { DOCKER_HUB, DOCKER_HUB_INDEX, hubRepository } from "./docker_hub.ts";
import type { References } from "../plugin.ts";

/** An image reference with its defaults filled in. Only what was written is there of tag and digest: no `latest` is added. */
export interface ImageReference {
  /** Host with its port, if any: `docker.io`, `localhost:5000`, `[fd00::1]:5000`. As written, `index.docker.io` apart. */
  registry: string;
  /** Path within the registry, with `library/` where Docker Hub adds it. */
  repository: string;
  tag?: string;
  /** `sha256:` and 64 hexadecimal digits; sha384 and sha512 alike. */
  digest?: string;
}

/** What was given is no image reference; the message is a sentence that says why. */
export class InvalidReference extends Error {
  override name = "InvalidReference";
}

const DOMAIN_COMPONENT = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const DOMAIN = new RegExp(
  `^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`,
);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9a-fA-F]{32,})$/;
const IDENTIFIER = /^[a-f0-9]{64}$/;

/** Hexadecimal digits by algorithm: those that the OCI image specification registers, and sha384 with Docker. */
const DIGEST_LENGTHS: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };
const HOST_MAX = 255;
const PATH_MAX = 255;
/** Above the longest that a DNS name with port, a path, a tag and a digest can be; bounds the work on hostile input. */
const REFERENCE_MAX = 1024;

/** Whether a text can be a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Whether a text is a digest of a known algorithm, in lower case and of the right length. */
export function isDigest(text: string): boolean {
  return digestFault(text) === undefined;
}

/**
 * Reads an image reference as a person writes it in a manifest.
 *
 * @throws {InvalidReference}
 */
export function parseReference(text: string): ImageReference {
  if (text.length > REFERENCE_MAX) {
    throw new InvalidReference(`an image reference of ${text.length} characters is too long`);
  }
  const refuse = (why: string) => new InvalidReference(`${JSON.stringify(text)} is no image reference: ${why}`);
  if (IDENTIFIER.test(text)) throw refuse("64 hexadecimal digits are an image's identifier, not a name");

  const { name, tag, digest } = split(text);
  if (name === "") throw refuse("it has no name");
  const { registry, repository } = normalise(name);
  if (!DOMAIN.test(registry)) throw refuse(`${JSON.stringify(registry)} is no registry host`);
  const fault = pathFault(repository) ?? (tag === undefined ? undefined : tagFault(tag)) ??
    (digest === undefined ? undefined : digestFault(digest));
  if (fault !== undefined) throw refuse(fault);
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The canonical name of a reference's repository, such as `docker.io/library/nginx`: equal for all ways to write it. */
export function repositoryName(reference: Pick<ImageReference, "registry" | "repository">): string {
  return `${reference.registry}/${reference.repository}`;
}

/**
 * The canonical name of a repository that is given without tag and digest.
 *
 * @throws {InvalidReference}
 */
export function parseRepository(text: string): string {
  const reference = parseReference(text);
  const extra = reference.tag !== undefined ? "tag" : reference.digest !== undefined ? "digest" : undefined;
  if (extra) throw new InvalidReference(`${JSON.stringify(text)} is no repository: it has a ${extra}`);
  return repositoryName(reference);
}

/**
 * An image with another version: its name stays as a person wrote it, tag and digest are replaced, and there is a
 * digest only if the version has one.
 *
 * @throws {InvalidReference}
 */
export function withVersion(image: string, version: { tag: string; digest?: string }): string {
  const digest = version.digest === undefined ? "" : `@${version.digest}`;
  parseReference(image);
  const moved = `${split(image).name}:${version.tag}${digest}`;
  parseReference(moved);
  return moved;
}

/** A digest follows the first `@`; a tag the last `:` behind the last `/`, since a host's port has a path behind it. */
function split(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf("@");
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.lastIndexOf(":");
  const hasTag = colon > tagged.lastIndexOf("/");
  return {
    name: hasTag ? tagged.slice(0, colon) : tagged,
    ...(hasTag ? { tag: tagged.slice(colon + 1) } : {}),
    ...(at < 0 ? {} : { digest: text.slice(at + 1) }),
  };
}

const looksLikeHost = (first: string): boolean => first === "localhost" || /[.:A-Z]/.test(first);

/** A first part is a host if it is `localhost`, or has a `.`, a `:` or an upper case letter. */
function normalise(name: string): { registry: string; repository: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasHost = looksLikeHost(first);
  const registry = !hasHost || first === DOCKER_HUB_INDEX ? DOCKER_HUB : first;
  const path = hasHost ? name.slice(slash + 1) : name;
  return { registry, repository: registry === DOCKER_HUB ? hubRepository(path) : path };
}

function pathFault(path: string): string | undefined {
  if (path.length > PATH_MAX) return `its repository has more than ${PATH_MAX} characters`;
  for (const part of path.split("/")) {
    if (PATH_COMPONENT.test(part)) continue;
    if (part === "") return "a part of its repository is empty";
    if (PATH_COMPONENT.test(part.toLowerCase())) return `${JSON.stringify(part)} must be in lower case`;
    return `${JSON.stringify(part)} is no part of a repository's name`;
  }
  return undefined;
}

function tagFault(tag: string): string | undefined {
  return isTag(tag) ? undefined : `${JSON.stringify(tag)} is no tag`;
}

function digestFault(digest: string): string | undefined {
  const [, algorithm, hex] = DIGEST.exec(digest) ?? [];
  if (algorithm === undefined || hex === undefined) return `${JSON.stringify(digest)} is no digest`;
  const length = Object.hasOwn(DIGEST_LENGTHS, algorithm) ? DIGEST_LENGTHS[algorithm] : undefined;
  if (length === undefined) return `the digest's algorithm ${algorithm} is not known`;
  if (hex.length !== length) return `a ${algorithm} digest has ${length} digits, not ${hex.length}`;
  return /[A-F]/.test(hex) ? "a digest is written in lower case" : undefined;
}

/**
 * Tags that registries and signing tools make for a manifest's signatures, attestations and bills of material:
 * `sha256-<hex>` (the referrers tag of the OCI distribution specification), and with `.sig`, `.att` or `.sbom` (cosign).
 */
const SIGNATURE_TAG = /^sha(?:256|384|512)-(?:[0-9a-f]{32,}(?:[.-][\w.-]+)?|[0-9a-f]+\.(?:sig|att|sbom))$/i;

/** Whether a tag belongs to another image's manifest and so is no version of anything. */
export function isSignatureTag(tag: string): boolean {
  return tag.length > 8 && SIGNATURE_TAG.test(tag);
}

/** What plugins are given of the grammar. */
export const references: References = {
  parse(text) {
    try {
      const { registry, repository, ...version } = parseReference(text);
      return { repository: repositoryName({ registry, repository }), ...version };
    } catch (error) {
      if (error instanceof InvalidReference) return undefined;
      throw error;
    }
  },
  isHost: (text) => text.length <= HOST_MAX && DOMAIN.test(text) && looksLikeHost(text),
  isPath: (text) => pathFault(text) === undefined,
  isTag,
  isDigest,
  isSignatureTag,
  repositoryAt(host, path) {
    const isHub = host === DOCKER_HUB || host === DOCKER_HUB_INDEX;
    return isHub ? `${DOCKER_HUB}/${hubRepository(path)}` : `${host}/${path}`;
  },
};

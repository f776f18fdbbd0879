/**
 * The grammar of image names, as far as webhooks need it: core has the last word, this names the field.
 * Source: https://github.com/distribution/reference (`regexp.go`, `normalize.go`).
 *
 * @module
 */
import type { Zod } from "../../../core/plugin.ts";
import { once } from "./parse.ts";
import { quoted } from "./format.ts";

export interface Image {
  /** Canonical, such as `docker.io/library/nginx`. */
  repository: string;
  tag?: string;
  digest?: string;
}

const PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const PATH = new RegExp(`^${PART}(?:/${PART})*$`);
const PATH_MAX = 255;
const HOST_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const HOST = new RegExp(`^(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const HOST_MAX = 255;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
const IMAGE_MAX = 1024;

const isTag = (text: string) => TAG.test(text);
export const isDigest = (text: string): boolean => DIGEST.test(text);
const isPath = (text: string) => text.length <= PATH_MAX && PATH.test(text);

/** Whether an image's name can begin with this host: others would be read as a part of a Docker Hub repository. */
export function isHost(text: string): boolean {
  return text.length <= HOST_MAX && HOST.test(text) && looksLikeHost(text);
}

const looksLikeHost = (text: string) => text === "localhost" || /[.:A-Z]/.test(text);

/** A repository's canonical name: Docker Hub has two hosts, and puts `library/` before a name without a slash. */
export function repositoryAt(host: string, path: string): string {
  if (host !== "docker.io" && host !== "index.docker.io") return `${host}/${path}`;
  return `docker.io/${path.includes("/") ? path : `library/${path}`}`;
}

/**
 * An image's name with its tag and digest, if any; a digest may stand behind a colon in the place of the tag, as Harbor
 * writes it. Undefined where the grammar refuses it, and where it has no host and there is no other.
 */
export function readImage(text: string, otherHost?: string): Image | undefined {
  if (text.length > IMAGE_MAX) return undefined;
  const usual = text.replace(/:(sha(?:256|384|512):[^:/@]*)$/, "@$1");
  const [, name, tag, digest] = /^([^@]+?)(?::([^:/@]*))?(?:@(.*))?$/s.exec(usual) ?? [];
  if (name === undefined) return undefined;
  const slash = name.indexOf("/");
  const hosted = slash >= 0 && looksLikeHost(name.slice(0, slash));
  const host = hosted ? name.slice(0, slash) : otherHost;
  const path = hosted ? name.slice(slash + 1) : name;
  if (host === undefined || !isHost(host) || !isPath(path)) return undefined;
  if (tag !== undefined && !isTag(tag) || digest !== undefined && !isDigest(digest)) return undefined;
  return {
    repository: repositoryAt(host, path),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The types of names in bodies. */
export const names = once((z) => ({
  path: name(z, "repository", isPath),
  tag: name(z, "tag", isTag),
  digest: name(z, "digest", isDigest),
  tagOrDigest: name(z, "tag or digest", (text) => isTag(text) || isDigest(text)),
  /** As people write it: without a host it is Docker Hub's. */
  image: image(z, "docker.io"),
  /** With its host. */
  hostedImage: image(z),
}));

function name(z: Zod, what: string, allowed: (text: string) => boolean) {
  return z.string(wanted(what)).refine(allowed, wanted(what));
}

function image(z: Zod, otherHost?: string) {
  const what = otherHost === undefined ? "image name with its host" : "image name";
  return z.string(wanted(what)).transform((text, context) => {
    const image = readImage(text, otherHost);
    if (image) return image;
    context.addIssue({ code: "custom", message: `${quoted(text)} is no ${what}` });
    return z.NEVER;
  });
}

function wanted(what: string) {
  return {
    error: ({ input }: { input?: unknown }) =>
      input === undefined ? `${what} is wanted` : `${quoted(input)} is no ${what}`,
  };
}

import { isTag } from "../image/reference.ts";
import { RegistryError } from "./errors.ts";
import type { Answer } from "./exchange.ts";
import { isPlainJson } from "./plain_json.ts";
import { nextLink } from "./link.ts";

/** Of a page with all the tags that a list may have, and some more than that. */
const MOST_VALUES = 150_000;

/**
 * The tags of one page: `{"name": …, "tags": […] | null}`. Throws `garbage` for anything else.
 *
 * Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags
 */
export function readTagPage(body: Uint8Array, registry: string): string[] {
  const refuse = (what: string) =>
    new RegistryError("garbage", registry, `${registry} answered ${what}.`, { status: 200 });
  let page: unknown;
  if (!isPlainJson(body, MOST_VALUES)) throw refuse(`a list of tags with more than ${MOST_VALUES} values`);
  try {
    page = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw refuse("a list of tags that is no JSON");
  }
  const { name, tags } = (typeof page === "object" && page !== null ? page : {}) as { name?: unknown; tags?: unknown };
  if (typeof name !== "string" || !(tags === null || Array.isArray(tags))) throw refuse("what is no list of tags");
  if (tags === null) return [];
  if (!tags.every((tag) => typeof tag === "string" && isTag(tag))) throw refuse("a list of tags with what is no tag");
  return tags;
}

/**
 * The address of the page after this one; undefined when it is the last. A link to another origin is refused with `garbage`, so that no
 * login goes there; one to plain http on the same host, as registries behind a proxy give, is taken as https.
 */
export function nextPage({ headers, sameOrigin }: Answer, page: string, registry: string): string | undefined {
  const target = nextLink(headers.get("link"));
  if (target === undefined) return undefined;
  const here = new URL(page);
  const next = URL.canParse(target, page) ? new URL(target, page) : undefined;
  if (next && here.protocol === "https:" && next.protocol === "http:" && next.host === here.host) {
    next.protocol = "https:";
  }
  if (!next || !sameOrigin || next.origin !== here.origin || next.username !== "" || next.password !== "") {
    throw new RegistryError("garbage", registry, `the list of tags of ${registry} goes on at another place.`);
  }
  next.hash = "";
  return next.href;
}

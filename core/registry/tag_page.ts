import { decodeUtf8 } from "../lib/bytes.ts";
import { isTag } from "../versions/reference.ts";
import { RegistryError } from "./registry_error.ts";
import type { RegistryResponse } from "./send.ts";
import { hasAtMostValues } from "./json_size.ts";
import { nextLink } from "../lib/http_headers.ts";

/** Of a page with all the tags that a list may have, and some more than that. */
const MOST_VALUES = 150_000;

export interface TagPage {
  tags: string[];
  /** How many names the grammar of tags refuses: no image can be pulled by them, and they are no reason to leave the others. */
  leftOut: number;
}

/**
 * The tags of one page: `{"name": …, "tags": […] | null}`. Throws `garbage` for anything else.
 *
 * Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags
 */
export function readTagPage(body: Uint8Array, registry: string): TagPage {
  const refuse = (what: string) =>
    new RegistryError("garbage", registry, `${registry} answered ${what}.`, { status: 200 });
  let page: unknown;
  if (!hasAtMostValues(body, MOST_VALUES)) throw refuse(`a list of tags with more than ${MOST_VALUES} values`);
  try {
    page = JSON.parse(decodeUtf8(body));
  } catch {
    throw refuse("a list of tags that is no JSON");
  }
  const { name, tags } = (typeof page === "object" && page !== null ? page : {}) as { name?: unknown; tags?: unknown };
  if (typeof name !== "string" || !(tags === null || Array.isArray(tags))) throw refuse("what is no list of tags");
  const names: unknown[] = tags ?? [];
  if (!names.every((name) => typeof name === "string")) throw refuse("a list of tags with what is no text");
  const all = names.filter(isTag);
  return { tags: all, leftOut: names.length - all.length };
}

/**
 * The address of the page after this one; undefined when it is the last. A link is read where the page came from, and stays there, or goes
 * on at the list's `first` address; one to any other place is refused with `garbage`. One to the same host, but by plain http or without
 * the port, as registries behind a proxy give, is taken for the same place.
 */
export function nextPage(
  { headers, url: here }: RegistryResponse,
  first: string,
  registry: string,
): string | undefined {
  const target = nextLink(headers.get("link"));
  if (target === undefined) return undefined;
  const next = URL.canParse(target, here) ? new URL(target, here) : undefined;
  const home = new URL(first);
  const isSamePlace = next && (samePlace(next, here) ||
    (samePlace(next, home) && next.pathname === home.pathname));
  if (!isSamePlace || next.username !== "" || next.password !== "") {
    throw new RegistryError("garbage", registry, `the list of tags of ${registry} goes on at another place.`);
  }
  next.hash = "";
  return next.href;
}

/** Whether a link leads to this origin, to which it is mended where a proxy in between was left out of it. */
function samePlace(next: URL, here: URL): boolean {
  if (next.hostname !== here.hostname) return false;
  const isDowngrade = here.protocol === "https:" && next.protocol === "http:";
  if (next.protocol !== here.protocol && !isDowngrade) return false;
  if (next.port !== here.port && next.port !== "") return false;
  next.protocol = here.protocol;
  next.port = here.port;
  return true;
}

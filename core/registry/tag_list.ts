import { RegistryError } from "./registry_error.ts";
import type { RegistryCall } from "./registry_call.ts";
import type { RegistryResponse } from "./send.ts";
import { createLru } from "../lib/lru.ts";
import { nextPage, readTagPage } from "./tag_page.ts";

export interface TagList {
  tags: string[];
  /** Whether the registry said that nothing changed since the last time. */
  notModified: boolean;
}

export interface TagListRequest {
  registry: string;
  /** Path and query of the first page. */
  path: string;
  /** Where that is, as the try that was answered had it: each try finds it out anew. */
  origin(): Promise<string>;
  /** As in `RepositoryRef`. */
  plain?: true;
  /** Whose answers these are; they are kept apart. */
  identity: string;
  /** The call that the list is read for. */
  call: Pick<RegistryCall, "grow" | "shrink">;
  /** Told how many names of a page are no tags, where there are any. */
  onLeftOut: (count: number) => void;
  /** Asks for one page; gives 200 and 304 only, and throws for the rest. */
  ask: (url: string, headers: Record<string, string>) => Promise<RegistryResponse>;
}

const PAGES = 1_000;
const TAGS = 100_000;
const CHARACTERS = 8 << 20;
/** What a tag takes in memory besides its characters. */
const TAG_BYTES = 64;
/** Bytes of all lists that are kept for the sake of their ETag, and of the longest ETag. */
const KEPT_BYTES = 6 << 20;
const LONGEST_ETAG = 1024;

/**
 * Reads whole lists of tags, up to 100,000 of them and 8 MiB. Lists of one page that came with an ETag are kept, to be asked for with it;
 * those that were used last, up to 6 MiB.
 */
export function createTagLists(): (request: TagListRequest) => Promise<TagList> {
  /** The tags as one text, a line each. */
  const kept = createLru<{ etag: string; tags: string }>(
    KEPT_BYTES,
    ({ etag, tags }, key) => etag.length + tags.length + 2 * key.length,
  );

  return async function list({ registry, path: first, plain, origin, identity, call, ask, onLeftOut }) {
    const refuse = (what: string) => new RegistryError("garbage", registry, `the list of tags of ${registry} ${what}.`);
    const key = JSON.stringify([registry, plain, first, identity]);
    const known = kept.get(key);
    const tags = new Set<string>();
    const visited = new Set<string>();
    let etag: string | null = null;
    let characters = 0;

    for (let url: string | undefined = first; url !== undefined;) {
      const page: string = url;
      visited.add(page);
      if (visited.size > PAGES) throw refuse(`has more than ${PAGES} pages`);
      const conditional = page === first && known;
      const answer = await ask(page, conditional ? { "if-none-match": known.etag } : {});
      if (answer.status === 304) {
        if (!conditional) throw refuse("came as 304 without being asked so");
        return { tags: known.tags === "" ? [] : known.tags.split("\n"), notModified: true };
      }
      const before = [tags.size, characters] as const;
      const found = readTagPage(answer.body, registry);
      if (found.leftOut > 0) onLeftOut(found.leftOut);
      for (const tag of found.tags) {
        if (tags.has(tag)) continue;
        tags.add(tag);
        characters += tag.length;
      }
      if (tags.size > TAGS) throw refuse(`has more than ${TAGS} tags`);
      if (characters > CHARACTERS) throw refuse(`has more than ${CHARACTERS} bytes`);
      call.shrink(answer.body.length);
      await call.grow((tags.size - before[0]) * TAG_BYTES + characters - before[1]);
      url = nextPage(answer, new URL(first, await origin()).href, registry);
      const bringsNothing = tags.size === before[0] && found.leftOut === 0;
      if (url !== undefined && (visited.has(url) || bringsNothing)) throw refuse("goes in a circle");
      etag = answer.headers.get("etag");
    }

    const whole = [...tags];
    if (visited.size === 1 && etag !== null && etag.length <= LONGEST_ETAG) {
      kept.set(key, { etag, tags: whole.join("\n") });
    } else kept.delete(key);
    return { tags: whole, notModified: false };
  };
}

/** How many tags lists are asked for at a time. */
export interface PageSizes {
  /**
   * Reads a list whole, with this query behind its address. Where the registry refuses that many tags at once it is read anew with less,
   * in the end with as many as the registry likes; what it took is known the next time.
   */
  inPages<T>(list: string, read: (query: string) => Promise<T>): Promise<T>;
}

const SMALLER = 100;
const REMEMBERED = 1_000;

/**
 * What registries answer to a page that is too large for them: 400 with PAGINATION_NUMBER_INVALID (distribution), 405 (Amazon), 413, 422.
 * Their words for it differ, so that the status alone counts.
 *
 * Source: https://distribution.github.io/distribution/spec/api/#errors-2
 */
const TOO_LARGE = new Set<number | undefined>([400, 405, 413, 416, 422]);

export function createPageSizes(most: number): PageSizes {
  const queries = [most, ...(most > SMALLER ? [SMALLER] : [])].map((size) => `?n=${size}`).concat("");
  const known = createLru<number>(REMEMBERED);
  return {
    async inPages(list, read) {
      for (let at = known.get(list) ?? 0;; at++) {
        try {
          const whole = await read(queries[at]!);
          if (at > 0) known.set(list, at);
          return whole;
        } catch (error) {
          if (at === queries.length - 1 || !isTooLarge(error)) throw error;
        }
      }
    },
  };
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof RegistryError && error.kind === "garbage" && TOO_LARGE.has(error.status);

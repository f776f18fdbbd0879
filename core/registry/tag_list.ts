import { RegistryError } from "./errors.ts";
import type { Answer } from "./exchange.ts";
import { createLru } from "./lru.ts";
import { nextPage, readTagPage } from "./tag_page.ts";

export interface TagList {
  tags: string[];
  /** Whether the registry said that nothing changed since the last time. */
  notModified: boolean;
}

export interface TagListRequest {
  registry: string;
  /** Address of the first page. */
  url: string;
  /** Whose answers these are; they are kept apart. */
  identity: string;
  /** Asks for one page; gives 200 and 304 only, and throws for the rest. */
  ask: (url: string, headers: Record<string, string>) => Promise<Answer>;
}

const PAGES = 1_000;
const TAGS = 1_000_000;
/** Tags in lists that are kept for the sake of their ETag. */
const KEPT_TAGS = 100_000;

/** Reads whole lists of tags. Lists of one page that came with an ETag are kept, to be asked for with it. */
export function createTagLists(): (request: TagListRequest) => Promise<TagList> {
  const kept = createLru<{ etag: string; tags: string[] }>(KEPT_TAGS, ({ tags }) => tags.length + 1);

  return async function list({ registry, url: first, identity, ask }) {
    const refuse = (what: string) => new RegistryError("garbage", registry, `the list of tags of ${registry} ${what}.`);
    const key = JSON.stringify([first, identity]);
    const known = kept.get(key);
    const tags = new Set<string>();
    const visited = new Set<string>();
    let etag: string | null = null;

    for (let url: string | undefined = first; url !== undefined;) {
      const page: string = url;
      visited.add(page);
      if (visited.size > PAGES) throw refuse(`has more than ${PAGES} pages`);
      const conditional = page === first && known;
      const answer = await ask(page, conditional ? { "if-none-match": known.etag } : {});
      if (answer.status === 304) {
        if (!conditional) throw refuse("came as 304 without being asked so");
        return { tags: [...known.tags], notModified: true };
      }
      const before = tags.size;
      for (const tag of readTagPage(answer.body, registry)) tags.add(tag);
      if (tags.size > TAGS) throw refuse(`has more than ${TAGS} tags`);
      url = nextPage(answer, page, registry);
      if (url !== undefined && (visited.has(url) || tags.size === before)) throw refuse("goes in a circle");
      etag = answer.headers.get("etag");
    }

    if (visited.size === 1 && etag !== null) kept.set(key, { etag, tags: [...tags] });
    else kept.delete(key);
    return { tags: [...tags], notModified: false };
  };
}

import { BadRequest, type DashboardContext, isRetryable, type Peer, Unavailable } from "../../../core/web.ts";
import { createHub } from "./hub.ts";
import type { Identity } from "../identity/identity.ts";
import { nameOf, outlineOf, pictureOf } from "./picture.ts";
import type { Page } from "../page.ts";
import { pageAt } from "../page_at.ts";
import type { Person } from "../identity/person.ts";
import { readQuery } from "../read_query.ts";
import { type Rendered, renderPage } from "../render.ts";

/** The streams by which open pages move. */
export interface Live {
  /** Where the stream of a page is that shows this. */
  addressOf(url: URL, rendered: Rendered): Promise<string>;
  /**
   * Opens one.
   *
   * @throws {BadRequest} for a view that is none; {Unavailable} where there are too many
   */
  open(request: Request, person: Person, from: Peer): Response;
  stop(): void;
}

/** Of one person, in however many tabs: the streams of those that nobody sees are closed. */
const MOST_OF_ONE = 100;
/** Where nobody is known, whoever asks from one address, which may be a proxy's, leaves as many to others. */
const SHARE_OF_ADDRESS = 1 / 2;
/** Seconds after which a page that was not let in asks again. */
const FULL_RETRY = 10;
/** Stands for the dashboard in the addresses of its pages. */
const ORIGIN = "http://localhost";

export function createLive(
  context: DashboardContext,
  pages: readonly Page[],
  identity: Pick<Identity, "identify">,
): Live {
  const { config, changes } = context;
  const hub = createHub({
    replica: context.identity,
    changes,
    inWords,
    streams: config.HEADWIND_UI_STREAMS,
    renew: () => context.settings.ui().refresh_interval * 1000,
  });

  function inWords(error: Error): string {
    if (error instanceof BadRequest || isRetryable(error)) return error.message;
    context.log.error("a page that is open failed", { error });
    return "This page failed; the operator's log has why";
  }

  function viewOf(request: Request) {
    const said = new URL(request.url).searchParams.get("view") ?? "";
    const url = said.startsWith("/") ? URL.parse(said, ORIGIN) : null;
    if (!url || url.origin !== ORIGIN) throw new BadRequest("the path of a page is wanted", "view");
    const found = pageAt(pages, url.pathname);
    if (!found || found.page.live === false) {
      throw new BadRequest(`nothing that moves is at ${url.pathname}`, "view", 404);
    }
    readQuery(found.page.query, url.searchParams);
    return { url, ...found };
  }

  return {
    async addressOf({ pathname, search }, rendered) {
      const shown = nameOf(outlineOf(await pictureOf(rendered)), context.identity);
      return `/live?view=${encodeURIComponent(pathname + search)}&shown=${shown}`;
    },
    open(request, person, from) {
      const { url, page, params } = viewOf(request);
      context.requireListed();
      const shown = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("shown");
      const response = hub.open({
        group: JSON.stringify([person.sharedKey, url.pathname, url.search]),
        ...(person.proof === "none"
          ? { person: `from ${from.address}`, most: Math.ceil(config.HEADWIND_UI_STREAMS * SHARE_OF_ADDRESS) }
          : { person: `as ${person.name}`, most: MOST_OF_ONE }),
        ...(shown === null ? {} : { shown }),
        picture: async (signal) => pictureOf(await renderPage(page, { context, person, params, url, signal })),
        async mayLook() {
          try {
            return (await identity.identify(request, from)).person.sharedKey === person.sharedKey;
          } catch (error) {
            if (error instanceof BadRequest) return false;
            throw error;
          }
        },
      });
      if (!response) throw new Unavailable("as many pages are open as may be", FULL_RETRY);
      return response;
    },
    stop: hub.stop,
  };
}

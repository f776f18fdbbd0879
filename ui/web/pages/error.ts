import { type Html, html } from "../html.ts";
import { BadRequest, isRetryable } from "../../../core/web.ts";
import { counted } from "../pictures/numbers.ts";
import { type Region, region } from "../page.ts";

/** What is shown in place of a page that cannot be. */
export interface ErrorPage {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;
  title: string;
  /** Seconds after which to come back. */
  retryAfter?: number;
  regions: Region[];
}

const TITLES: Partial<Record<number, string>> = {
  400: "This address cannot be read",
  401: "You are not signed in",
  403: "You may not see this",
  404: "There is no such page",
  409: "It was decided otherwise",
  429: "Too many requests",
};

/** The page for anything thrown at an address; without details for what is a fault of the program. */
export function errorPage(error: unknown, url?: URL): ErrorPage {
  if (error instanceof BadRequest) {
    const status = error.status as ErrorPage["status"];
    const { field, message } = error;
    const about = field === undefined ? "" : html`<p>It is about <code>${field}</code>. ${wayOut(field, url)}</p>`;
    return of(status, TITLES[status] ?? "This cannot be done", html`<p>${message}</p>${about}`);
  }
  if (isRetryable(error)) {
    const seconds = Math.max(1, Math.ceil(error.retryAfterSeconds ?? 5));
    return {
      ...of(
        503,
        "Not now",
        html`
          <p>${error.message}</p>
          <p>Try again in ${counted(seconds, "second")}.</p>
        `,
      ),
      retryAfter: seconds,
    };
  }
  return of(500, "This page failed", html`<p>Something went wrong inside Headwind; the operator's log has it.</p>`);
}

/** The same address without what is wrong in it. */
function wayOut(field: string, url: URL | undefined): Html | "" {
  if (!url?.searchParams.has(field)) return "";
  const rest = new URLSearchParams(url.searchParams);
  rest.delete(field);
  const query = rest.size === 0 ? "" : `?${rest}`;
  return html`<a href="${url.pathname}${query}">Leave it out</a>`;
}

function of(status: ErrorPage["status"], title: string, said: Region["html"]): ErrorPage {
  return { status, title, regions: [region("error", html`${said}<p><a href="/">To the overview</a></p>`)] };
}

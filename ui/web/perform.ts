import type { Action, ActionCall, Deed } from "./action.ts";
import { type Html, html } from "./html.ts";
import { pageOf, safeNext } from "./identity/next.ts";
import { askedAgain } from "./parts/asked_again.ts";
import { readForm } from "./form.ts";
import { refusalNotice, refusalOf } from "./refusal.ts";
import { type Region, region } from "./page.ts";
import { saidCookie, saidNotice } from "./said.ts";

/** Shows a page of its own. */
export type ShowPage = (
  page: { title: string; regions: Region[] },
  more: { status?: number; retryAfter?: number },
) => Promise<Response>;

/**
 * Does what a form asks for. A browser without script is led back to the page that the form stands on, which says once what was done;
 * what was not done, and the results of many, are pages of their own. To htmx each is a notice for the page that is open.
 *
 * @throws what no refusal is made of
 */
export async function perform(
  { act, again }: Action,
  request: Request,
  call: Omit<ActionCall, "form">,
  show: ShowPage,
): Promise<Response> {
  const isPart = request.headers.has("hx-request");
  let from = safeNext(pageOf(request.headers.get(isPart ? "hx-current-url" : "referer")));
  let form: URLSearchParams | undefined;
  try {
    form = await readForm(request);
    // a form that is asked again stands on no page that one could go back to
    from = safeNext(form.get("from") ?? from);
    const done = await act({ ...call, form });
    if ("title" in done) {
      if (isPart) return part(done.html, 200);
      return await show({ title: done.title, regions: [region("results", html`${done.html}${back(from)}`)] }, {});
    }
    return isPart ? part(saidNotice(done), 200) : ledBack(from, done);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    if (isPart) return part(refusalNotice(refusal), refusal.status, refusal.retryAfter);
    const { title, ...more } = refusal;
    const path = new URL(request.url).pathname;
    const told = askedAgain({ refusal, again, form, path, from });
    return await show({ title, regions: [region("refused", html`${told}${back(from)}`)] }, more);
  }
}

function ledBack(from: string, deed: Deed): Response {
  const headers = { location: `${from}#notice`, "set-cookie": saidCookie(deed), "cache-control": "no-store" };
  return new Response(null, { status: 303, headers });
}

/** Where each page tells of what came of something. */
const NOTICE = { "hx-retarget": "#notice", "hx-reswap": "innerHTML" };

async function part(content: Html, status: number, retryAfter?: number): Promise<Response> {
  const headers = new Headers({ ...NOTICE, "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  if (retryAfter) headers.set("retry-after", String(retryAfter));
  return new Response(String(await content), { status, headers });
}

const back = (from: string): Html => html`<p><a href="${from}">Back to where you were</a></p>`;

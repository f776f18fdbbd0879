import { type Context, Hono } from "hono";
import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { BadRequest, type Dashboard, type DashboardContext, type Peer } from "../../core/ui.ts";
import { anybody } from "./identity/person.ts";
import { errorPage } from "./pages/error.ts";
import { layout } from "./layout.ts";
import { loadAssets } from "./assets.ts";
import { pages } from "./pages.ts";
import type { Person } from "./identity/person.ts";
import { keepPreferences, readPreferences } from "./preferences.ts";
import { type Rendered, renderPage } from "./render.ts";

/** What hono gives each handler. */
export interface Env {
  Bindings: { from: Peer };
  Variables: { person: Person };
}

const pack = promisify(gzip);
/** Below it packing saves nothing. */
const WORTH_PACKING = 1024;

/** The dashboard: pages, what is pressed on them, and their live streams. */
export default async function createDashboard(context: DashboardContext): Promise<Dashboard> {
  const assets = await loadAssets();
  const app = new Hono<Env>();

  app.get("/assets/*", (call) => assets.serve(call.req.raw) ?? call.notFound());
  // whoever looks may choose how that looks
  app.post("/preferences", (call) => keepPreferences(call.req.raw));
  app.use(async (call, next) => {
    call.set("person", anybody(context.callers.open));
    await next();
  });
  for (const page of pages) {
    app.get(page.path, async (call) => {
      const url = new URL(call.req.url);
      const rendered = await renderPage(page, {
        context,
        person: call.get("person"),
        params: call.req.param(),
        url,
        signal: call.req.raw.signal,
      });
      const live = page.live === false ? {} : { live: `/live?view=${encodeURIComponent(url.pathname + url.search)}` };
      return await answer(call, { ...rendered, ...live });
    });
  }
  app.notFound((call) => failed(call, new BadRequest(`nothing is at ${call.req.path}`, undefined, 404)));
  app.onError((error, call) => failed(call, error));
  return { fetch: (request, from) => app.fetch(request, { from }) };

  async function answer(call: Context<Env>, page: Rendered & { live?: string }, status = 200): Promise<Response> {
    const path = call.req.path;
    const person = call.get("person") ?? anybody(false);
    const text = String(
      await layout({
        ...page,
        path,
        person,
        assets,
        version: context.health.version,
        replica: context.identity,
        preferences: readPreferences(call.req.raw.headers),
      }),
    );
    const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    headers.set("vary", "Accept-Encoding, HX-Request, HX-Request-Type");
    if (text.length < WORTH_PACKING || !/\bgzip\b/.test(call.req.header("accept-encoding") ?? "")) {
      return new Response(text, { status, headers });
    }
    headers.set("content-encoding", "gzip");
    return new Response(new Uint8Array(await pack(text)), { status, headers });
  }

  async function failed(call: Context<Env>, error: Error): Promise<Response> {
    const page = errorPage(error);
    if (page.status === 500) context.log.error("a page failed", { path: call.req.path, error });
    const response = await answer(call, page, page.status);
    if (page.retryAfter) response.headers.set("retry-after", String(page.retryAfter));
    return response;
  }
}

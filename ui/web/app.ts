import { Hono } from "hono";
import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { BadRequest, type Dashboard, type DashboardContext, type Peer } from "../../core/web.ts";
import { answerToUnknown } from "./identity/unknown.ts";
import { createLive } from "./live/live.ts";
import { createIdentity } from "./identity/identity.ts";
import { actions } from "./actions.ts";
import { addMetricsApi } from "./api/metrics.ts";
import { apiFailure, isApiCall } from "./api/failure.ts";
import { perform } from "./perform.ts";
import { DEADLINE_MS, inTime } from "./in_time.ts";
import { errorPage } from "./pages/error.ts";
import { layout } from "./layout.ts";
import { loadAssets } from "./assets.ts";
import { makeSafe, ownHosts, requireSafe } from "./safe.ts";
import { pages } from "./pages.ts";
import type { Person } from "./identity/person.ts";
import { keepPreferences, readPreferences } from "./preferences.ts";
import { region } from "./page.ts";
import { saidNotice, saidOf, TOLD } from "./said.ts";
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
  const { app, stop } = await createApp(context);
  return { fetch: (request, from) => app.fetch(request, { from }), stop };
}

/** All its routes. */
export async function createApp(
  context: DashboardContext,
  { deadlineMs = DEADLINE_MS }: { deadlineMs?: number } = {},
): Promise<{ app: Hono<Env>; stop(): void }> {
  const assets = await loadAssets();
  const identity = await createIdentity(context);
  const live = createLive(context, pages, identity);
  const hosts = ownHosts(context.config);
  const app = new Hono<Env>();

  app.use(async (call, next) => {
    await next();
    makeSafe(call.res);
  });
  app.use(async (call, next) => {
    requireSafe(call.req.raw, hosts);
    await next();
  });
  app.get("/assets/*", (call) => assets.serve(call.req.raw) ?? call.notFound());
  // whoever looks may choose how that looks
  app.post("/preferences", (call) => keepPreferences(call.req.raw));
  identity.login?.routes(app, async (request, { title, body, status, retryAfter, cookies = [] }) => {
    const response = await answer(request, { title, regions: [region("login", body)] }, { status, retryAfter });
    for (const cookie of cookies) response.headers.append("set-cookie", cookie);
    return response;
  });
  // from here on it is known who asks
  app.use(async (call, next) => {
    const { person, cookies = [] } = await inTime(identity.identify(call.req.raw, call.env.from), deadlineMs);
    call.set("person", person);
    await next();
    for (const cookie of cookies) call.res.headers.append("set-cookie", cookie);
  });
  addMetricsApi(app, context);
  for (const page of pages) {
    app.get(page.path, async (call) => {
      const url = new URL(call.req.url);
      const rendered = await renderPage(page, {
        context,
        person: call.get("person"),
        params: call.req.param(),
        url,
        signal: call.req.raw.signal,
        deadlineMs,
      });
      const moves = page.live === false ? {} : { live: await live.addressOf(url, rendered) };
      return await answer(call.req.raw, { ...rendered, ...moves }, { person: call.get("person") });
    });
  }
  for (const action of actions) {
    app.post(action.path, (call) => {
      const [request, person] = [call.req.raw, call.get("person")];
      return perform(
        action,
        request,
        { context, person, params: call.req.param() },
        (page, { status, retryAfter }) => answer(request, page, { person, status, retryAfter }),
      );
    });
  }
  app.get("/live", (call) => live.open(call.req.raw, call.get("person"), call.env.from));
  app.notFound((call) => {
    const missing = new BadRequest(`nothing is at ${call.req.path}`, undefined, 404);
    return failed(call.req.raw, missing, call.get("person"));
  });
  app.onError((error, call) => failed(call.req.raw, error, call.get("person")));
  return { app, stop: live.stop };

  async function answer(
    request: Request,
    page: Rendered & { live?: string },
    { person, status = 200, retryAfter }: {
      person?: Person | undefined;
      status?: number | undefined;
      retryAfter?: number | undefined;
    },
  ): Promise<Response> {
    const said = person && request.method === "GET" ? saidOf(request.headers) : undefined;
    const text = String(
      await layout({
        ...page,
        path: new URL(request.url).pathname,
        person,
        warning: identity.warning,
        ...(said ? { said: saidNotice(said) } : {}),
        assets,
        version: context.health.version,
        replica: context.identity,
        preferences: readPreferences(request.headers),
      }),
    );
    const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    if (said) headers.append("set-cookie", TOLD);
    if (retryAfter) headers.set("retry-after", String(retryAfter));
    headers.set("vary", "Accept-Encoding, HX-Request, HX-Request-Type");
    if (text.length < WORTH_PACKING || !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) {
      return new Response(text, { status, headers });
    }
    headers.set("content-encoding", "gzip");
    return new Response(new Uint8Array(await pack(text)), { status, headers });
  }

  async function failed(request: Request, error: Error, person: Person | undefined): Promise<Response> {
    const isApi = isApiCall(request);
    if (!isApi && !person && error instanceof BadRequest && error.status === 401) {
      const led = answerToUnknown(request, identity, error);
      if (led) return led;
    }
    const page = errorPage(error, new URL(request.url));
    if (page.status === 500) context.log.error("a page failed", { path: new URL(request.url).pathname, error });
    const response = isApi
      ? apiFailure(error, page)
      : await answer(request, page, { person, status: page.status, retryAfter: page.retryAfter });
    if (page.status === 401 && identity.login) response.headers.set("www-authenticate", 'Bearer realm="headwind"');
    return response;
  }
}

/// <reference lib="dom" />
import type { Browser, Page } from "playwright-core";
import createDashboard from "../../ui/web/app.ts";
import { createBodies } from "../../core/runtime/serve_limits.ts";
import { serve } from "../../core/runtime/serve.ts";
import { dashboardContext, type DashboardContextChanges } from "../support/build/dashboard_context.ts";
import { launch, type Visit, visit, type Visitor } from "./visitor.ts";

/** The dashboard alone, in this process, of which a test sets what it knows and how it fails. */
export interface DashboardAlone {
  url: string;
  context: ReturnType<typeof dashboardContext>;
  /** Each call to `/live`, by when it came. */
  streams: { at: number; lastEventId: string | null }[];
  /** What calls are answered instead, while it gives something. */
  instead?: ((request: Request) => Response | undefined | Promise<Response | undefined>) | undefined;
  visit(options?: Partial<Visit>): Promise<Visitor>;
  stop(): Promise<void>;
}

const running = new Set<DashboardAlone>();

/** Stops those of tests that failed. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((alone) => alone.stop()));
}

/** Of what is to be seen of a browser that is asked for what is not answered well. */
export const FAILURES = [/Failed to load resource/, /htmx:/];

export async function openAlone(changes: DashboardContextChanges, browser?: Browser): Promise<DashboardAlone> {
  const own = browser === undefined ? await launch() : undefined;
  const context = dashboardContext({ open: true, ...changes });
  const dashboard = await createDashboard(context);
  const streams: DashboardAlone["streams"] = [];
  const visitors: Visitor[] = [];
  const server = await serve({
    hostname: "127.0.0.1",
    port: 0,
    graceMs: 100,
    limits: { connections: 4096, perAddress: 4096 },
    bodies: createBodies(),
    async fetch(request, from) {
      if (new URL(request.url).pathname === "/live") {
        streams.push({ at: performance.now(), lastEventId: request.headers.get("last-event-id") });
      }
      return await alone.instead?.(request) ?? await dashboard.fetch(request, from);
    },
  });
  const url = `http://127.0.0.1:${server.port}/`;
  const alone: DashboardAlone = {
    url,
    context,
    streams,
    async visit(options = {}) {
      const visitor = await visit((browser ?? own)!, { url, ...options });
      visitors.push(visitor);
      return visitor;
    },
    async stop() {
      running.delete(alone);
      await Promise.all(visitors.map((visitor) => visitor.close()));
      dashboard.stop();
      await server.stop();
      await own?.close();
    },
  };
  running.add(alone);
  return alone;
}

export const isStream = (request: Request): boolean => new URL(request.url).pathname === "/live";

/** A stream of which each call says what comes. */
export const written = (...parts: string[]): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      },
    }),
    { headers: { "content-type": "text/event-stream" } },
  );

/** As if the reader looked at another tab, or came back to this one. */
export async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, isHidden);
}

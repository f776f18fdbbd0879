import { suite } from "uvu";
import * as assert from "uvu/assert";
import { gunzipSync } from "node:zlib";
import { requestOf } from "../../support/build/update_request.ts";
import createDashboard, { createApp } from "../../../ui/web/app.ts";
import { createCallers } from "../../../core/server/callers.ts";
import { dashboardContext } from "../../support/build/dashboard_context.ts";

const s = suite("ui/web/app");

const open = async (context = dashboardContext()) => {
  const dashboard = await createDashboard(context);
  return (path: string, init?: RequestInit) =>
    dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`, init), { address: "127.0.0.1" });
};

s("the overview is a whole page that names no other host", async () => {
  const get = await open();
  const answer = await get("/");
  assert.is(answer.status, 200);
  const text = await answer.text();
  assert.match(text, /^<!DOCTYPE html>[\s\S]*<\/html>$/);
  assert.not.match(text, /(src|href)="(https?:)?\/\//);
});

s("a page that waits for an API server that hangs says so in time, whoever asks", async () => {
  const never = () => new Promise<never>(() => {});
  const secret = "a-secret-of-16-characters";
  const proxy = { "x-headwind-proxy-secret": secret, "x-forwarded-user": "ann" };
  for (
    const [mode, headers, path] of [
      ["token", { authorization: "Bearer a-token" }, "/settings"],
      ["proxy", proxy, "/updates"],
    ] as const
  ) {
    const context = dashboardContext({
      env: { HEADWIND_UI_AUTH_MODE: mode, HEADWIND_PROXY_SECRET: secret },
    });
    const callers = createCallers({ open: false, holderOf: never, mayDo: never });
    const { app, stop } = await createApp({ ...context, callers }, { deadlineMs: 20 });
    const answer = await app.fetch(new Request(`http://127.0.0.1:8082${path}`, { headers }), { from: {} });
    assert.is(answer.status, 503, mode);
    assert.ok(answer.headers.has("retry-after"), mode);
    stop();
  }
});

s("a page whose reading hangs says so in time", async () => {
  const context = dashboardContext();
  const hanging = { ...context.numbers, state: () => new Promise<never>(() => {}) };
  const { app, stop } = await createApp({ ...context, numbers: hanging }, { deadlineMs: 20 });
  const answer = await app.fetch(new Request("http://127.0.0.1:8082/observability"), { from: {} });
  assert.is(answer.status, 503);
  assert.match(await answer.text(), "did not come within 0.02 s");
  stop();
});

s("each asset of a page is there, for good, under a name that its contents give", async () => {
  const get = await open();
  const text = await (await get("/")).text();
  const paths = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  assert.ok(paths.length >= 3, paths.join());
  for (const path of paths) {
    assert.match(path, /-[0-9a-f]{12}\.\w+$/);
    const answer = await get(path);
    assert.is(answer.status, 200, path);
    assert.match(answer.headers.get("cache-control")!, "immutable");
    assert.ok((await answer.text()).length > 0);
  }
});

s("a first page with twenty lines, its styles and its scripts are at most 60 kB over the wire", async () => {
  const requests = Array.from(
    { length: 40 },
    (_, index) => requestOf({ name: `web-${index}`, target: `web-${index}` }),
  );
  const get = await open(dashboardContext({ requests }));
  const wire = async (path: string) => {
    const answer = await get(path, { headers: { "accept-encoding": "gzip" } });
    return { answer, bytes: (await answer.clone().arrayBuffer()).byteLength };
  };
  const page = await wire("/updates");
  const plain = gunzipSync(new Uint8Array(await page.answer.arrayBuffer())).toString();
  const waiting = [...plain.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  const seen = new Set<string>();
  let total = page.bytes;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    total += (await wire(path)).bytes;
    const text = path.endsWith(".js") ? await (await get(path)).text() : "";
    for (const [, imported] of text.matchAll(/^import .*?"(\/assets\/[^"]+)"/gm)) waiting.push(imported!);
  }
  assert.ok(seen.size > 8, [...seen].join());
  assert.ok(total <= 60_000, `${total} bytes`);
});

s("what is nowhere is a page that says so", async () => {
  const answer = await (await open())("/nowhere?x=<b>");
  assert.is(answer.status, 404);
  assert.match(await answer.text(), "nothing is at /nowhere");
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import createDashboard from "../../../../ui/web/app.ts";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { readEvents } from "./event_reader.ts";

const s = suite("ui/web/live/live");
const from = { address: "192.0.2.7" };

async function open(changes: Parameters<typeof dashboardContext>[0] = {}) {
  const context = dashboardContext(changes);
  const dashboard = await createDashboard(context);
  const get = async (path: string, headers: Record<string, string> = {}) =>
    await dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`, { headers }), from);
  return { context, dashboard, get };
}
const viewOf = (path: string) => `/live?view=${encodeURIComponent(path)}`;
/** Where the stream of a page is, as it stands in the page itself. */
async function streamOf(page: Response): Promise<string> {
  const address = /hx-sse:connect="([^"]+)"/.exec(await page.text())?.[1];
  return address!.replaceAll("&amp;", "&");
}

s("a page has the address of its stream, and is not sent again what it shows", async () => {
  const { context, get, dashboard } = await open({ requests: [requestOf()] });
  const address = await streamOf(await get("/updates?page=1"));
  assert.match(address, "/live?view=%2Fupdates%3Fpage%3D1&shown=replica-0-");
  const page = readEvents(await get(address));
  context.change(requestOf({ name: "another" }));
  const [first] = await page.until(1);
  assert.match(first!.data, "another");
  assert.not.match(first!.data, "<h1>");
  dashboard.stop();
  assert.is(await page.over, "ended");
});

s("who comes back with the name of another picture gets the whole", async () => {
  const { get, dashboard } = await open({ requests: [requestOf()] });
  const address = await streamOf(await get("/updates"));
  const whole = await readEvents(await get(address, { "last-event-id": "replica-9-gone" })).until(1);
  assert.match(whole[0]!.data, '<hx-partial hx-target="#updates" hx-swap="outerMorph"><section id="updates">');
  dashboard.stop();
});

s("a view that is none is refused in words, and nothing is opened", async () => {
  const { get } = await open();
  const bad: [string, number, RegExp][] = [
    ["/live", 400, /view/],
    ["/live?view=", 400, /view/],
    [viewOf("updates"), 400, /view/],
    [viewOf("//evil.example/updates"), 400, /view/],
    [viewOf("https://evil.example/"), 400, /view/],
    [viewOf("/\\evil.example/"), 400, /view/],
    [viewOf("/nowhere"), 404, /nothing that moves/],
    [viewOf("/live"), 404, /nothing that moves/],
    [viewOf("/updates?page=0"), 400, /page/],
    [viewOf("/updates?sort=nothing"), 400, /sort/],
  ];
  for (const [path, status, words] of bad) {
    const answer = await get(path);
    assert.is(answer.status, status, path);
    assert.is(answer.headers.get("content-type"), "text/html; charset=utf-8", path);
    assert.match(await answer.text(), words);
  }
});

s("a query of 100 kB is a view like another", async () => {
  const { get, dashboard } = await open();
  const answer = await get(viewOf(`/updates?search=${"x".repeat(100_000)}`));
  assert.ok([200, 400].includes(answer.status), String(answer.status));
  dashboard.stop();
});

s("over the limit it is 503, with when to come again", async () => {
  const { get, dashboard } = await open({ env: { HEADWIND_UI_STREAMS: "4" } });
  const pages = [];
  for (let count = 0; count < 2; count++) pages.push(readEvents(await get(viewOf("/"))));
  await Promise.all(pages.map((page) => page.until(1)));
  const refused = await get(viewOf("/"));
  assert.is(refused.status, 503);
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
  assert.is((await get("/")).status, 200);
  dashboard.stop();
});

s("whom nobody knows gets 401 and is led nowhere", async () => {
  const { get } = await open({ env: { HEADWIND_UI_AUTH_MODE: "token" } });
  const answer = await get(viewOf("/"), { accept: "text/html, text/event-stream", "hx-request": "true" });
  assert.is(answer.status, 401);
  for (const header of ["location", "hx-redirect"]) assert.is(answer.headers.get(header), null);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import createDashboard from "../../../ui/web/app.ts";
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

s("each asset of a page is there, for good, under a name that its contents give", async () => {
  const get = await open();
  const text = await (await get("/")).text();
  const paths = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  assert.ok(paths.length >= 4, paths.join());
  for (const path of paths) {
    assert.match(path, /-[0-9a-f]{12}\.\w+$/);
    const answer = await get(path);
    assert.is(answer.status, 200, path);
    assert.match(answer.headers.get("cache-control")!, "immutable");
    assert.ok((await answer.text()).length > 0);
  }
});

s("what is nowhere is a page that says so", async () => {
  const answer = await (await open())("/nowhere?x=<b>");
  assert.is(answer.status, 404);
  assert.match(await answer.text(), "nothing is at /nowhere");
});

s.run();

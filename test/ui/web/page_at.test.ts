import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Hono } from "hono";
import { NO_QUERY, type Page, page } from "../../../ui/web/page.ts";
import { pageAt } from "../../../ui/web/page_at.ts";

const s = suite("ui/web/page_at");
const pages: Page[] = ["/", "/updates", "/updates/:namespace/:name"].map((path) =>
  page({ path, query: NO_QUERY, read: () => ({}), title: () => path, regions: () => [] })
);

s("it finds what the routes find", async () => {
  const app = new Hono();
  for (const { path } of pages) app.get(path, (call) => call.json({ path, params: call.req.param() }));
  const paths = [
    ...["/", "/updates", "/updates/a/b", "/updates/a", "/updates/a/b/c", "/nowhere", "/updates//b"],
    ...["/updates/a%2Fb/c%20d", "/updates/%E4/b", "/Updates", "/updates/a/:name"],
  ];
  for (const path of paths) {
    const answer = await app.request(`http://localhost${path}`);
    const found = pageAt(pages, path);
    const known = found && { path: found.page.path, params: found.params };
    assert.equal(known, answer.status === 200 ? await answer.json() : undefined, path);
  }
});

s.run();

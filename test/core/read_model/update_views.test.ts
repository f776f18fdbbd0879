import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createUpdateCache } from "../../../core/requests/cache.ts";
import { createUpdateViews } from "../../../core/read_model/update_views.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("views of updates");
const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name).sort().join(" ");

s("stay the same array until something changes", () => {
  const cache = createUpdateCache();
  cache.upsert(requestOf({ name: "a", namespace: "shop" }));
  cache.upsert(requestOf({ name: "b", namespace: "bank" }));
  const views = createUpdateViews(cache);
  const [all, shop] = [views.all(), views.of(new Set(["shop"]))];
  assert.is(names(all), "a b");
  assert.is(names(shop), "a");
  assert.is(views.all(), all);
  assert.is(views.of(new Set(["shop"])), shop);
  cache.upsert(requestOf({ name: "a", namespace: "shop" }));
  assert.is(views.all(), all, "the same state again is no news");

  cache.remove("shop/a");
  assert.is(names(views.all()), "b");
  assert.is(names(views.of(new Set(["shop"]))), "");
  assert.equal(views.namespaces(), ["bank"]);
});

s("work nothing out before they are asked", () => {
  let asked = 0;
  const views = createUpdateViews({ all: () => (asked++, []), revision: () => 0 });
  assert.is(asked, 0);
  views.all();
  views.namespaces();
  views.of(new Set());
  assert.is(asked, 1);
});

s.run();

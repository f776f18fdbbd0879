import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { createUpdateCache } from "../../../core/requests/cache.ts";
import { createUpdateViews } from "../../../core/read_model/update_views.ts";
import { rowOf } from "../../../core/read_model/update_row.ts";
import { updateOrder } from "../../../core/read_model/sort_updates.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("views of updates");
const namesIn = (rows: readonly { name: string }[]) => rows.map(({ name }) => name).join(" ");
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

s("have each order right, whatever changes between two looks at it", () => {
  const number = fc.integer({ min: 0, max: 30 });
  const change = fc.record({
    name: number,
    gone: fc.boolean(),
    at: fc.integer({ min: 0, max: 59 }),
    phase: fc.constantFrom("Pending" as const, "Verifying" as const, "Failed" as const, "Held" as const),
    looks: fc.constantFrom("no", "all", "one namespace"),
  });
  const sorts = ["state", "-seen", "namespace", "phase"] as const;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const cache = createUpdateCache();
      const views = createUpdateViews(cache);
      let version = 0;
      for (const { name, gone, at, phase, looks } of changes) {
        const namespace = name % 2 === 0 ? "shop" : "bank";
        if (gone) cache.remove(`${namespace}/r${name}`);
        else {
          const time = `2026-01-01T11:${String(at).padStart(2, "0")}:00Z`;
          const request = requestOf({ name: `r${name}`, namespace, at: time, phase });
          const metadata = { ...request.metadata, resourceVersion: String(++version) };
          cache.upsert({ ...request, metadata }, true);
        }
        if (looks === "no") continue;
        const rows = looks === "all" ? views.all() : views.of(new Set(["shop"]));
        const wanted = [...cache.all()].map(rowOf).filter(({ namespace }) => looks === "all" || namespace === "shop");
        for (const sort of sorts) {
          assert.equal(namesIn(updateOrder.sorted(rows, sort)), namesIn(updateOrder.sorted(wanted, sort)));
        }
      }
    }),
    { numRuns: 300 },
  );
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

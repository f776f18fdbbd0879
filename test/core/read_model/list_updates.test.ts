import { suite } from "uvu";
import * as assert from "uvu/assert";
import { listUpdates, type UpdateFacet, type UpdateQuery } from "../../../core/read_model/list_updates.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { UPDATE_SORTS } from "../../../core/read_model/sort_updates.ts";
import { rowOf } from "../../../core/read_model/update_row.ts";

const s = suite("lists of updates");

const rowsOf = (...all: RequestChanges[]) =>
  all.map((changes, index) => rowOf(requestOf({ name: `r${index}`, at: `2026-01-01T11:0${index}:00Z`, ...changes })));
const rows = rowsOf(
  { namespace: "shop", target: "web", phase: "Pending", reason: "WaitingForApproval" },
  { namespace: "shop", target: "api", kind: "StatefulSet", phase: "Completed", newImage: "app:1.0.1" },
  { namespace: "bank", target: "web", phase: "Failed", policy: "major", newImage: "app:2.0.0" },
  { namespace: "bank", target: "ledger", phase: "Verifying", newImage: "app:main" },
  { namespace: "bank", target: "vault", phase: "Held", newImage: "app:1.2.0" },
  { namespace: "shop", target: "cart", phase: "Approved", decision: { approved: true, by: "Ann" } },
);
const list = (query: Partial<UpdateQuery> = {}) => listUpdates(rows, { sort: "state", page: 1, size: 20, ...query });
const names = (query: Partial<UpdateQuery> = {}) => list(query).rows.map(({ name }) => name).join(" ");
const counted = (facet: UpdateFacet, query: Partial<UpdateQuery> = {}) =>
  list(query).counts[facet].map(({ value, count }) => `${value} ${count}`).join(", ");

s("begin with what waits, the newest first, and end with what is finished", () => {
  assert.is(names(), "r5 r0 r3 r4 r2 r1");
});

s("are sorted by each key, both ways", () => {
  assert.is(names({ sort: "seen" }), "r0 r1 r2 r3 r4 r5");
  assert.is(names({ sort: "-seen" }), "r5 r4 r3 r2 r1 r0");
  assert.is(names({ sort: "namespace" }), "r3 r4 r2 r5 r0 r1");
  assert.is(names({ sort: "workload" }), "r5 r3 r4 r2 r0 r1");
  assert.is(names({ sort: "phase" }), "r0 r5 r3 r1 r2 r4");
  assert.is(names({ sort: "step" }), "r1 r5 r0 r4 r2 r3");
  assert.is(names({ sort: "-policy" }), "r5 r0 r3 r4 r1 r2");
  for (const sort of UPDATE_SORTS) assert.is(list({ sort }).rows.length, rows.length, sort);
});

s("hold what fits all filters and all words", () => {
  assert.is(names({ namespace: "shop" }), "r5 r0 r1");
  assert.is(names({ kind: "StatefulSet" }), "r1");
  assert.is(names({ policy: "major", step: "major" }), "r2");
  assert.is(names({ phase: "Verifying" }), "r3");
  assert.is(names({ phase: "Unfinished" }), "r5 r0 r3 r4");
  assert.is(names({ phase: "Finished", namespace: "bank" }), "r2");
  assert.is(names({ search: " web  SHOP " }), "r0");
  assert.is(names({ search: "ann" }), "r5", "who decided");
  assert.is(names({ search: "app:1.0.1" }), "r1", "an image");
  assert.is(names({ search: "app:1.0.1 bank" }), "");
});

s("count for each filter what it would leave beside the others", () => {
  assert.is(counted("namespace"), "bank 3, shop 3");
  assert.is(
    counted("phase"),
    "Unfinished 4, Finished 2, Pending 1, Approved 1, Verifying 1, Completed 1, Failed 1, Held 1",
    "in the order of a life",
  );
  assert.is(counted("step"), "patch 1, minor 3, major 1, other 1", "the smallest first");
  assert.is(counted("namespace", { namespace: "shop", phase: "Finished" }), "bank 1, shop 1");
  assert.is(
    counted("phase", { namespace: "shop", phase: "Finished" }),
    "Unfinished 2, Finished 1, Pending 1, Approved 1, Completed 1",
  );
  assert.is(counted("kind", { search: "web" }), "Deployment 2");
  assert.is(counted("kind", { search: "nobody" }), "");
});

s("come in pages, of which one past the last is empty", () => {
  assert.is(names({ size: 4 }), "r5 r0 r3 r4");
  assert.is(names({ size: 4, page: 2 }), "r2 r1");
  const { rows, total, pages, all } = list({ size: 4, page: 1e9, phase: "Unfinished" });
  assert.equal({ rows, total, pages, all }, { rows: [], total: 4, pages: 1, all: 6 });
  assert.is(list({ search: "nobody" }).pages, 0);
});

s.run();

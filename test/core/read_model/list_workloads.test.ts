import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createUpdateCache } from "../../../core/requests/cache.ts";
import { createUpdateViews } from "../../../core/read_model/update_views.ts";
import { createWorkloadIndex } from "../../../core/workloads/workload_index.ts";
import { createWorkloadViews } from "../../../core/read_model/workload_views.ts";
import { listWorkloads, type WorkloadQuery } from "../../../core/read_model/list_workloads.ts";
import { projectRequest } from "../../../core/requests/update_request.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("read model, lists of workloads");

function world() {
  const cache = createUpdateCache();
  const index = createWorkloadIndex();
  index.set(workloadOf({ name: "web" }));
  index.set(workloadOf({ name: "cart", annotations: { policy: "patch" } }));
  index.set(workloadOf({ name: "mail", annotations: { policy: "mayor" } }));
  index.set(workloadOf({ name: "blog", namespace: "other", images: { app: "reg.example/blog:1.0.0" } }));
  index.set(workloadOf({ name: "loose", annotations: { policy: undefined } as never }));
  const views = createWorkloadViews(index, createUpdateViews(cache));
  const put = (changes: Parameters<typeof requestOf>[0]) => cache.upsert(projectRequest(requestOf(changes)), true);
  const list = (query: Partial<WorkloadQuery> = {}) =>
    listWorkloads(views.all(), { sort: "state", page: 1, size: 20, ...query });
  const texts = (query: Partial<WorkloadQuery> = {}) => list(query).rows.map(({ name, state }) => `${name} ${state}`);
  return { index, cache, views, put, list, texts };
}

s("what wants a look comes first: what is not understood, what waits, what is under way, what is held", () => {
  const { put, texts } = world();
  put({ name: "a", target: "web", phase: "Pending" });
  put({ name: "b", target: "cart", phase: "Verifying" });
  put({ name: "c", target: "blog", targetNamespace: "other", namespace: "other", phase: "Held" });
  assert.equal(texts().filter((text) => !text.startsWith("loose")), [
    "mail misread",
    "web waiting",
    "cart updating",
    "blog held",
  ]);
});

s("finished updates make no state, and the one that is furthest is the candidate", () => {
  const { put, list } = world();
  put({ name: "a", phase: "Completed" });
  assert.is(list({ search: "web" }).rows[0]!.state, "watched");
  put({ name: "b", phase: "Pending" });
  put({ name: "c", phase: "Verifying" });
  assert.is(list({ search: "web" }).rows[0]!.candidate?.name, "c");
});

s("is sorted by each column, and by name where that is alike", () => {
  const { list } = world();
  const sorted = (sort: WorkloadQuery["sort"]) =>
    list({ sort }).rows.map(({ name }) => name).filter((name) => name !== "loose").join(" ");
  assert.is(sorted("state"), "mail blog cart web");
  assert.is(sorted("workload"), "blog cart mail web");
  assert.is(sorted("namespace"), "cart mail web blog");
  assert.is(sorted("policy"), "blog web cart mail");
});

s("is narrowed by words and by columns, with what each other choice would leave", () => {
  const { list, texts } = world();
  assert.equal(texts({ search: "REG.example blog" }), ["blog watched"]);
  assert.equal(texts({ namespace: "other" }), ["blog watched"]);
  assert.equal(texts({ policy: "patch" }), ["cart watched"]);
  assert.equal(list({ namespace: "other" }).counts.namespace.map(({ value }) => value), ["default", "other"]);
  assert.is(list({ namespace: "nowhere" }).total, 0);
});

s("is the same array while nothing changes, and another for a changed workload or request", () => {
  const { views, index, put } = world();
  const before = views.all();
  assert.is(views.all(), before);
  assert.is(views.of(new Set(["other"])), views.of(new Set(["other"])));
  index.set(workloadOf({ name: "web", images: { app: "app:1.5.0" } }));
  const after = views.all();
  assert.is.not(after, before);
  put({ name: "z", phase: "Pending" });
  assert.is.not(views.all(), after);
  assert.equal(views.namespaces(), ["default", "other"]);
});

s.run();

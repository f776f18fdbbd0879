import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createUpdateCache, requestKey, targetKey, type UpdateCache } from "../../../core/requests/cache.ts";
import type { Phase } from "../../../core/requests/phases.ts";
import { isFinished, type UpdateRequest } from "../../../core/requests/update_request.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("cache of UpdateRequests");
const web = "Deployment/default/web";

interface Change {
  name?: string;
  /** The workload. */
  target?: string;
  version?: string;
  uid?: string;
  phase?: Phase | undefined;
}

function request({ name = "a", target = "web", version = "1", uid, phase }: Change = {}): UpdateRequest {
  const one = requestOf({ name, ...(phase ? { phase } : {}) });
  return {
    ...one,
    metadata: { ...one.metadata, resourceVersion: version, uid: uid ?? one.metadata.uid },
    spec: { ...one.spec, targetRef: { ...one.spec.targetRef, name: target } },
  };
}
const names = (cache: UpdateCache, workload = web) => cache.ofWorkload(workload).map(({ metadata }) => metadata.name);

s("keys", () => {
  assert.is(requestKey(request()), "default/a");
  assert.is(targetKey(request()), web);
});

s("a request that names another namespace's workload is none of that workload's", () => {
  const cache = createUpdateCache();
  const one = request();
  cache.upsert({ ...one, metadata: { ...one.metadata, namespace: "tenant" } });
  assert.equal(names(cache), []);
  assert.is(cache.workloads().length, 1);
});

s("requests are found by name and by workload", () => {
  const cache = createUpdateCache();
  assert.ok(cache.upsert(request()));
  assert.ok(cache.upsert(request({ name: "b" })));
  assert.ok(cache.upsert(request({ name: "c", target: "other" })));
  assert.is(cache.get("default/b")?.metadata.name, "b");
  assert.is(cache.get("default/d"), undefined);
  assert.equal(names(cache), ["a", "b"]);
  assert.equal(names(cache, "Deployment/default/nope"), []);
  assert.equal(cache.workloads().sort(), ["Deployment/default/other", web]);
});

const news: [string, Change, Change, boolean][] = [
  ["a later state", { version: "9" }, { version: "10" }, true],
  ["the same state", { version: "10" }, { version: "10" }, false],
  ["an earlier state", { version: "10" }, { version: "9" }, false],
  ["an earlier state of as many digits", { version: "12" }, { version: "11" }, false],
  [
    "one of more digits than a number holds",
    { version: "99999999999999999998" },
    { version: "99999999999999999999" },
    true,
  ],
  ["another object of the name", { version: "10", uid: "old" }, { version: "11", uid: "new" }, true],
  ["a late answer of one that was deleted", { version: "11", uid: "new" }, { version: "10", uid: "old" }, false],
];
for (const [what, first, second, isNews] of news) {
  s(`${what} is ${isNews ? "" : "no "}news`, () => {
    const cache = createUpdateCache();
    cache.upsert(request(first));
    const next = request({ ...second, phase: "Completed" });
    assert.is(cache.upsert(next), isNews);
    assert.is(cache.get("default/a") === next, isNews);
    assert.is(cache.pending(), isNews ? 0 : 1);
  });
}

s("a name that is made anew for another workload is no longer the old one's", () => {
  const cache = createUpdateCache();
  cache.upsert(request());
  cache.upsert(request({ target: "other", version: "2", uid: "new" }));
  assert.equal(names(cache), []);
  assert.equal(cache.workloads(), ["Deployment/default/other"]);
  assert.is(cache.remove("default/a"), "Deployment/default/other");
  assert.equal(cache.workloads(), []);
});

s("one that is removed is forgotten, and its workload told", () => {
  const cache = createUpdateCache();
  cache.upsert(request());
  assert.is(cache.remove("default/a"), web);
  assert.is(cache.remove("default/a"), undefined);
  assert.equal([names(cache), cache.workloads(), cache.pending()], [[], [], 0]);
  assert.ok(cache.upsert(request()));
});

s("finished are those whose phase ends it; a request without status waits", () => {
  assert.not(isFinished(request()));
  for (const phase of ["Pending", "Approved"] as const) assert.not(isFinished(request({ phase })));
  for (const phase of ["Completed", "Rejected", "Failed", "RolledBack", "Superseded", "Expired"] as const) {
    assert.ok(isFinished(request({ phase })));
  }
});

const change = fc.record({
  gone: fc.boolean(),
  name: fc.constantFrom("a", "b", "c"),
  target: fc.constantFrom("web", "other"),
  version: fc.nat(120).map(String),
  phase: fc.constantFrom(undefined, "Pending" as const, "Approved" as const, "Completed" as const),
});

s("after any changes it holds the latest of each, under its workload, and counts what waits", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const cache = createUpdateCache();
      const plain = new Map<string, UpdateRequest>();
      for (const { gone, ...rest } of changes) {
        const one = request(rest);
        const key = requestKey(one);
        const known = plain.get(key);
        const before = cache.revision();
        if (gone) {
          assert.is(cache.remove(key), known && targetKey(known));
          plain.delete(key);
        } else {
          const later = !known || Number(one.metadata.resourceVersion) > Number(known.metadata.resourceVersion);
          assert.is(cache.upsert(one), later);
          if (later) plain.set(key, one);
        }
        assert.is(cache.revision() !== before, plain.get(key) !== known);
      }
      const all = [...plain.values()];
      assert.equal([...cache.all()].map(requestKey).sort(), [...plain.keys()].sort());
      for (const workload of [web, "Deployment/default/other"]) {
        const wanted = all.filter((one) => targetKey(one) === workload).map(({ metadata }) => metadata.name);
        assert.equal(names(cache, workload).sort(), wanted.sort());
      }
      assert.equal(cache.workloads().sort(), [...new Set(all.map(targetKey))].sort());
      assert.is(cache.pending(), all.filter(({ status }) => (status?.phase ?? "Pending") === "Pending").length);
    }),
    { numRuns: 300 },
  );
});

s.run();

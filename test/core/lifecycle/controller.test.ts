import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createUpdateCache, targetKey } from "../../../core/requests/cache.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { createController, sharingOf } from "../../../core/lifecycle/controller.ts";

const s = suite("how workloads share the workers");

s("what is being verified has a lane of its own, as long as it is", () => {
  const cache = createUpdateCache();
  const { laneOf } = sharingOf(cache);
  const key = targetKey(requestOf());
  assert.is(laneOf(key), "updates");
  cache.upsert(requestOf());
  assert.is(laneOf(key), "updates");
  cache.upsert(requestOf({ name: "b", phase: "Verifying" }));
  assert.is(laneOf(key), "verification");
  cache.remove("default/b");
  assert.is(laneOf(key), "updates");
});

s("a workload is its namespace's, and one that another namespace's request names is that namespace's", () => {
  const { ownerOf } = sharingOf(createUpdateCache());
  assert.is(ownerOf("Deployment/shop/web"), "shop");
  assert.is(ownerOf("Deployment/shop/web from tenant"), "tenant");
});

s("a key is worked at until it rests: again when it says so, and again when it failed, of which is told", async () => {
  const ending = new AbortController();
  const [done, errors]: [string[], string[]] = [[], []];
  let timed = 0;
  const { queue, run } = createController({
    concurrency: 1,
    maxBackoffMs: 1,
    reconcile(key) {
      done.push(key);
      if (done.length === 1) return Promise.resolve({ again: 0 });
      if (done.length === 2) return Promise.reject(new Error("not yet"));
      ending.abort();
      return Promise.resolve({});
    },
    onError: (error, key) => errors.push(`${key}: ${(error as Error).message}`),
    onDone: (seconds) => timed += seconds >= 0 ? 1 : 0,
  });
  queue.add("Deployment/default/web");
  const ended = run(ending.signal);
  assert.ok(ended instanceof Promise);
  await ended;
  assert.equal(done, ["Deployment/default/web", "Deployment/default/web", "Deployment/default/web"]);
  assert.equal(errors, ["Deployment/default/web: not yet"]);
  assert.is(timed, 2);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createUpdateCache, targetKey } from "../../../core/requests/cache.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { sharingOf } from "../../../core/lifecycle/controller.ts";

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

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { objectKey, resourceOf, resourcePath } from "../../../core/kube/paths.ts";

const s = suite("paths of the API");
const deployments = { group: "apps", version: "v1", plural: "deployments" };
const secrets = { group: "", version: "v1", plural: "secrets" };

s("collections, objects, subresources", () => {
  assert.is(resourcePath(deployments), "/apis/apps/v1/deployments");
  assert.is(resourcePath(secrets, "a", "b"), "/api/v1/namespaces/a/secrets/b");
  assert.is(resourcePath(deployments, "a", "b", "status"), "/apis/apps/v1/namespaces/a/deployments/b/status");
  assert.is(resourcePath(secrets, "a", "../x"), "/api/v1/namespaces/a/secrets/..%2Fx");
});

s("what a path is about", () => {
  assert.is(resourceOf("/apis/apps/v1/namespaces/a/deployments/b/status"), "apps/deployments");
  assert.is(resourceOf("/apis/apps/v1/deployments?watch=true"), "apps/deployments");
  assert.is(resourceOf("/api/v1/namespaces/a/secrets/b"), "secrets");
  assert.is(resourceOf("/api/v1/namespaces/a"), "namespaces");
  assert.is(resourceOf("/readyz"), "readyz");
});

s("keys", () => {
  assert.is(objectKey({ namespace: "a", name: "b" }), "a/b");
  assert.is(objectKey({ name: "b" }), "b");
});

s.run();

import * as assert from "uvu/assert";
import { suite } from "uvu";
import { formatLabelSelector, objectKey, resourceOf, resourcePath } from "../../../core/kube/paths.ts";
import type { LabelSelector } from "../../../core/plugin.ts";

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

const expression = (operator: string, values?: string[]) => ({
  matchExpressions: [{ key: "tier", operator, ...(values ? { values } : {}) }],
});
const cases: [LabelSelector, string | undefined][] = [
  [{}, ""],
  [{ matchLabels: { app: "web" } }, "app=web"],
  [{ matchLabels: { b: "2", "example.com/a": "1" } }, "b=2,example.com/a=1"],
  [{ matchLabels: { app: "" } }, "app="],
  [expression("In", ["b", "a"]), "tier in (a,b)"],
  [expression("NotIn", ["a"]), "tier notin (a)"],
  [expression("Exists"), "tier"],
  [expression("Exists", []), "tier"],
  [expression("DoesNotExist"), "!tier"],
  [{ matchLabels: { app: "web" }, ...expression("Exists") }, "app=web,tier"],
  [expression("In"), undefined],
  [expression("In", []), undefined],
  [expression("Gt", ["1"]), undefined],
];
for (const [selector, expected] of cases) {
  s(JSON.stringify(selector), () => assert.is(formatLabelSelector(selector), expected));
}

s("equal selectors have one text", () => {
  const a = { matchLabels: { a: "1", b: "2" } };
  const b = { matchLabels: { b: "2", a: "1" }, matchExpressions: [] };
  assert.is(formatLabelSelector(a), formatLabelSelector(b));
});

s.run();

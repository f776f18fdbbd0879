import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  apiVersion,
  close,
  elsewhere,
  endAll,
  followed,
  open,
  quiet,
  reference,
  repository,
} from "./related_harness.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import type { TestNamespace } from "../../support/test_namespace.ts";
import { until } from "../kube/proxy.ts";

const s = suite("objects that workloads refer to");
let ns: TestNamespace;
s.before(async () => {
  ns = await open();
});
s.after(close);
s.after.each(endAll);

s("objects come, change and go, and who looked for one is told", async () => {
  await ns.create(repository("there"));
  const { related, told, url } = await followed();
  assert.equal(related.find(reference("there"), "by-there"), {
    problem: "helmrepositories are not listed yet",
    passing: true,
  });
  await related.synced();
  assert.ok(related.isSynced() && related.isHealthy());
  assert.is(url("there"), "https://charts.example.com");
  assert.equal(url("later"), { missing: true });
  await quiet(told);
  told.length = 0;
  await ns.create(repository("later"));
  await until("it has come", () => url("later") === "https://charts.example.com");
  await ns.change("HelmRepository", "later", { spec: { url: "https://other.example.com" } });
  await until("it has changed", () => url("later") === "https://other.example.com");
  await ns.remove(repository("later"));
  await until("it is gone", () => typeof url("later") === "object");
  assert.equal(url("later"), { missing: true });
  assert.equal(told, ["by-later", "by-later", "by-later"]);
});

s("of what is not kept nobody is told", async () => {
  await ns.create(repository("quiet", "https://charts.example.com", { other: "0" }));
  const { related, told, url } = await followed();
  await related.synced();
  assert.is(url("quiet"), "https://charts.example.com");
  await quiet(told);
  told.length = 0;
  await ns.change("HelmRepository", "quiet", { metadata: { labels: { a: "b" }, annotations: { other: "1" } } });
  const path = `/apis/${apiVersion}/namespaces/${ns.namespace}/helmrepositories/quiet/status`;
  await ns.kube.request("PATCH", path, { body: { status: { conditions: [] } } });
  await quiet(told);
  assert.equal(told, []);
  await ns.change("HelmRepository", "quiet", { metadata: { annotations: { "headwind.sh/held": "[]" } } });
  await until("an annotation of Headwind's is told", () => told.length === 1);
});

s("who looks for it no more is not told", async () => {
  const { related, told, url } = await followed();
  await related.synced();
  url("nobody-s");
  await quiet(told);
  told.length = 0;
  related.forget("by-nobody-s");
  await ns.create(repository("nobody-s"));
  await quiet(told);
  assert.equal(told, []);
});

s("no reference opens a watch: a namespace that is not served is not asked for", async () => {
  const other = await elsewhere();
  await other.create(repository("far"));
  const { related, proxy, told, url } = await followed();
  await related.synced();
  for (let index = 0; index < 400; index++) {
    const problem = { problem: "its namespace is not among HEADWIND_NAMESPACES", passing: false };
    assert.equal(url("far", index === 0 ? other.namespace : `nowhere-${index}`), problem);
  }
  assert.ok(related.isSynced() && related.isHealthy());
  await quiet(told);
  assert.equal(proxy.asked.filter((path) => !path.includes(`/namespaces/${ns.namespace}/`)), []);
});

s("all namespaces are watched by one watch of a kind", async () => {
  await ns.create(repository("of-all"));
  const { related, proxy, url } = await followed({ namespaces: [] });
  await related.synced();
  assert.is(url("of-all"), "https://charts.example.com");
  assert.equal(url("of-all", "nowhere"), { missing: true });
  await until("the watches are open", () => proxy.watches() === 2);
  assert.not(proxy.asked.some((path) => path.includes("/namespaces/")));
});

s("a kind that is not served is empty and synced, and one that nobody named is told", async () => {
  const resource = { group: "nobody.example", version: "v1", plural: "nothings", kind: "Nothing" };
  const plugin = { ...helmrelease, related: [{ resource, keep: (object: unknown) => object as object }] };
  const { related, errors } = await followed({ plugins: [plugin] });
  await related.synced();
  const nothing = { apiVersion: "nobody.example/v1", kind: "Nothing", namespace: ns.namespace, name: "x" };
  assert.equal(related.find(nothing, "a"), { missing: true });
  assert.equal(related.find(reference("x"), "a"), {
    problem: `${apiVersion} HelmRepository is no kind that its plugin looks at`,
    passing: false,
  });
  assert.ok(related.isSynced() && related.isHealthy());
  assert.equal(errors, []);
});

s.run();

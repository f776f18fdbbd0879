import { suite } from "uvu";
import * as assert from "uvu/assert";
import { close, endAll, followed, open, quiet, reference, repository } from "./related_harness.ts";
import type { TestNamespace } from "../../support/test_namespace.ts";
import { type Proxy, until } from "../kube/proxy.ts";

const s = suite("objects that workloads refer to, refused or told late");
let ns: TestNamespace;
s.before(async () => {
  ns = await open();
});
s.after(close);
s.after.each(endAll);

const forbidden: Proxy["rule"] = (_, url) => url.pathname.includes("/helmrepositories") ? { status: 403 } : undefined;

s("what may not be read is a problem, until it may be", async () => {
  await ns.create(repository("secret"));
  const { related, proxy, told, errors, url } = await followed({ rule: forbidden });
  await related.synced();
  assert.ok(related.isHealthy(), "the others are served");
  const problem = { problem: `helmrepositories of ${ns.namespace} may not be read`, passing: false };
  assert.equal(url("secret"), problem);
  await until("an error is told", () => errors.some((error) => error.startsWith("helmrepositories: ")));
  await quiet(told);
  told.length = 0;
  proxy.rule = undefined;
  await until("it may be read", () => url("secret") === "https://charts.example.com");
  assert.ok(told.includes("by-secret"));
});

s("a watch that is refused for a moment leaves no problem behind", async () => {
  await ns.create(repository("moment"));
  const { related, proxy, url } = await followed();
  await related.synced();
  await until("the watches are open", () => proxy.watches() === 2);
  proxy.rule = (_, url) =>
    url.searchParams.has("watch") && url.pathname.includes("/helmrepositories") ? { status: 403 } : undefined;
  proxy.cutWatches();
  await until("it is a problem", () => typeof url("moment") === "object");
  proxy.rule = undefined;
  await until("it is none any more", () => url("moment") === "https://charts.example.com");
  await until("the watches are open", () => proxy.watches() === 2);
  assert.is(url("moment"), "https://charts.example.com");
});

s("an answer that is ahead of the watch is not overwritten", async () => {
  const before = await ns.create(repository("ahead"));
  const { related, proxy, url } = await followed();
  await related.synced();
  await until("the watches are open", () => proxy.watches() === 2);
  proxy.silenceWatches();
  const resource = related.kindOf(reference("ahead"))!;
  const after = await ns.change("HelmRepository", "ahead", { spec: { url: "https://new.example.com" } });
  related.take(resource, after);
  assert.is(url("ahead"), "https://new.example.com");
  related.take(resource, before);
  assert.is(url("ahead"), "https://new.example.com");
  const marker = repository("marker", "https://marker.example.com");
  for (const object of [before, { ...before, metadata: { ...before.metadata, ...marker.metadata, uid: "m" } }]) {
    proxy.tellWatches({ type: "MODIFIED", object });
  }
  await until("it is heard", () => typeof url("marker") === "string");
  assert.is(url("ahead"), "https://new.example.com");
  await ns.change("HelmRepository", "ahead", { spec: { url: "https://newest.example.com" } });
  await related.read(reference("ahead"));
  assert.is(url("ahead"), "https://newest.example.com");
  await ns.remove(repository("ahead"));
  await related.read(reference("ahead"));
  assert.equal(url("ahead"), { missing: true });
});

s("one that was read and never watched goes with the next list", async () => {
  const { related, proxy, url } = await followed();
  await related.synced();
  await until("the watches are open", () => proxy.watches() === 2);
  proxy.silenceWatches();
  await ns.create(repository("unwatched"));
  await related.read(reference("unwatched"));
  assert.is(url("unwatched"), "https://charts.example.com");
  await ns.remove(repository("unwatched"));
  let refused = 0;
  proxy.rule = (_, url) => url.searchParams.has("watch") && refused++ < 4 ? { status: 410 } : undefined;
  proxy.cutWatches();
  await until("it is gone", () => typeof url("unwatched") === "object");
  assert.equal(url("unwatched"), { missing: true });
});

s("one that was made anew replaces the one before, whatever its version", async () => {
  const { related, url } = await followed();
  await related.synced();
  await ns.create(repository("anew"));
  await until("it is there", () => typeof url("anew") === "string");
  const resource = related.kindOf(reference("anew"))!;
  const object = repository("anew", "https://new.example.com");
  related.take(resource, {
    ...object,
    metadata: { ...object.metadata, namespace: ns.namespace, uid: "another", resourceVersion: "1" },
  });
  assert.is(url("anew"), "https://new.example.com");
});

s.run();

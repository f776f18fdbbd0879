import { suite } from "uvu";
import * as assert from "uvu/assert";
import { access, artifact, images, polling } from "./registry_access_harness.ts";

const s = suite("registries, asked with the logins of workloads");

s("a lookup uses the workload's own login, for its own repository", async () => {
  const { registry, index, asked } = access(() => "ok", [{ pullSecrets: ["ann"], namespace: "prod" }, {}]);
  for (const slotRef of index.slotsOf("reg.example/app")) await registry.lookup(slotRef, "1.1.0");
  assert.equal(asked, ["digest 1.1.0 reg.example/app ann", "digest 1.1.0 reg.example/app -"]);
});

s("equal logins that look up the same tag at the same time are one question", async () => {
  const { registry, index, asked } = access(() => "ok", [
    { pullSecrets: ["ann.1"], namespace: "a" },
    { pullSecrets: ["ann.2"], namespace: "b" },
  ], 1000);
  await Promise.all(index.slotsOf("reg.example/app").map((slotRef) => registry.lookup(slotRef, "1.1.0")));
  assert.equal(asked, ["digest 1.1.0 reg.example/app ann"]);
});

s("a source has the same id as long as the operator runs, and tells nobody elsewhere what it stands for", async () => {
  const idsOf = async ({ reader }: ReturnType<typeof access>) =>
    (await reader.sources(artifact)).map(({ source }) => source.id);
  const [one, other] = [access(() => "ok", [{}]), access(() => "ok", [{}])];
  const [first, again, elsewhere] = await Promise.all([idsOf(one), idsOf(one), idsOf(other)]);
  assert.is(first!.length, 1);
  assert.equal(first, again);
  assert.not.equal(first, elsewhere);
});

s("different tags, looked up at the same time, are a question each", async () => {
  const { registry, index, asked } = access(() => "ok", [{}], 50);
  const [slotRef] = index.slotsOf("reg.example/app");
  const digests = await Promise.all(["1.1.0", "1.2.0"].map((tag) => registry.lookup(slotRef!, tag)));
  assert.equal(digests, ["sha256:-", "sha256:-"]);
  assert.equal(asked, ["digest 1.1.0 reg.example/app -", "digest 1.2.0 reg.example/app -"]);
});

s("without a source, a registry is asked without a login", async () => {
  const { reader, asked } = access(() => "ok", [{ pullSecrets: ["ann"] }]);
  assert.equal(await reader.versions(artifact), [{ tag: "1.0.0-of.-" }]);
  assert.is(await reader.digest(artifact, "1.1.0"), "sha256:-");
  assert.equal(asked, ["tags reg.example/app -", "digest 1.1.0 reg.example/app -"]);
  const chart = { type: "chart", repository: "reg.example/charts/podinfo" } as const;
  assert.match(String(await reader.versions(chart).catch((error) => error)), "a chart is read by its source");
});

s("the service account's login too", async () => {
  const { poll, asked } = access(() => "ok", [{ serviceAccount: "robot" }]);
  await poll();
  assert.equal(asked, ["tags reg.example/app of-robot"]);
});

s("each login is a source of its own, whatever the namespace; equal logins are one", async () => {
  const { poll, asked } = access(() => "ok", [
    { namespace: "a", pullSecrets: ["ann.1"] },
    { namespace: "b", pullSecrets: ["ann.2"] },
    { namespace: "b", pullSecrets: ["bob"] },
    { namespace: "a" },
    { namespace: "c" },
  ]);
  const { sources, shown } = await poll();
  assert.equal(asked, ["tags reg.example/app ann", "tags reg.example/app bob", "tags reg.example/app -"]);
  assert.equal(sources.map(({ namespaces }) => namespaces), [["a", "b"], ["b"], ["a", "c"]]);
  assert.is(new Set(sources.map(({ source }) => source.id)).size, 3);
  assert.equal(
    [...shown.values()].map(([tag]) => tag),
    ["ann", "ann", "bob", "-", "-"].map((user) => `1.0.0-of.${user}`),
  );
});

s("the order of two logins is part of what is read", async () => {
  const { poll } = access(() => "ok", [{ pullSecrets: ["ann", "bob"] }, { pullSecrets: ["bob", "ann"] }]);
  const { shown } = await poll();
  assert.equal([...shown], [["w0", ["1.0.0-of.ann"]], ["w1", ["1.0.0-of.bob"]]]);
});

s("what a source wants is what its own workloads want, at these intervals", async () => {
  const force = { ...polling, policy: "force" };
  const tagged = (tag: string) => ({ app: `reg.example/app:${tag}` });
  const { reader } = access(() => "ok", [
    { annotations: { ...force, "polling-interval": "60" }, images: tagged("main"), pullSecrets: ["ann"] },
    { annotations: force, images: tagged("edge"), pullSecrets: ["ann"] },
    { annotations: force, images: tagged("edge") },
    { annotations: {}, images },
  ]);
  const wants = async (intervals?: number[]) =>
    (await reader.sources(artifact, intervals)).map(({ wantsTags, followedTags }) => [wantsTags, ...followedTags]);
  assert.equal(await wants(), [[false, "main", "edge"], [false, "edge"]]);
  assert.equal(await wants([60]), [[false, "main"]]);
});

s("bogus logins of others keep nobody from reading with their own", async () => {
  const bogus = ["t", "u", "v"].map((name, at) => ({ namespace: "tenant", pullSecrets: [`bad${at}`, `${name}`] }));
  const { poll, failures } = access((user) => user === "ann" ? "ok" : "unauthorized", [
    ...bogus,
    { namespace: "tenant" },
    { namespace: "victim", pullSecrets: ["ann"] },
  ]);
  const { shown } = await poll();
  assert.equal(shown.get("w4"), ["1.0.0-of.ann"]);
  for (const name of ["w0", "w1", "w2", "w3"]) assert.equal(shown.get(name), []);
  assert.ok(failures.every((line) => line.startsWith("tenant/")), failures.join("\n"));
  assert.is(failures.length, 4);
});

for (const kind of ["unreachable", "rate-limited", "garbage", "unauthorized"] as const) {
  s(`${kind} is told to the workloads of that source, and thrown`, async () => {
    const { poll, failures, read } = access((user) => user === "bob" ? kind : "ok", [
      { namespace: "a", pullSecrets: ["ann"] },
      { namespace: "b", pullSecrets: ["bob"] },
    ]);
    await poll();
    assert.equal(failures, [`b/w1: bob: ${kind}.`]);
    assert.equal(read, ["a/w0"]);
  });
}

s("Secrets that cannot be read fail the source that names them, and no other", async () => {
  const { poll, asked, failures } = access(() => "ok", [
    { namespace: "a", pullSecrets: ["broken"] },
    { namespace: "b" },
  ]);
  const { shown } = await poll();
  assert.equal([...shown], [["w0", []], ["w1", ["1.0.0-of.-"]]]);
  assert.equal(asked, ["tags reg.example/app -"]);
  assert.equal(failures, [
    "a/w0: reg.example/app was not read: the API server does not give the Secrets that it takes.",
  ]);
});

s("what fails is a source of its own, whatever its namespace and its Secrets are called", async () => {
  const images = { app: "reg.example/broken:1.0.0" };
  const { reader } = access(() => "ok", [
    { images, namespace: "image", serviceAccount: "reg.example", pullSecrets: ["broken"] },
    { images, namespace: "victim" },
  ]);
  const sources = await reader.sources({ type: "image", repository: "reg.example/broken" });
  assert.equal(sources.map(({ namespaces }) => namespaces), [["image"], ["victim"]]);
});

s.run();

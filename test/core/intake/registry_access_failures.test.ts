import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { keyOf, type SlotRef } from "../../../core/workloads/workload_index.ts";
import { access, artifact, images, polling } from "./registry_access_harness.ts";

const s = suite("what fails of registries, asked with the logins of workloads");

s("the digest of a tag is told to those who follow it", async () => {
  const force = { ...polling, policy: "force" };
  const { reader, failures } = access(() => "unreachable", [
    { annotations: force, images: { app: "reg.example/app:main" } },
    { annotations: force, images: { app: "reg.example/app:edge" } },
  ]);
  const [{ source } = { source: undefined }] = await reader.sources(artifact);
  await reader.digest(artifact, "edge", { source: source! }).catch(() => {});
  assert.equal(failures, ["default/w1: -: unreachable."]);
});

s(
  "of the list of one source nothing is told to those who follow a tag, nor of a tag to those who want the list",
  async () => {
    const force = { ...polling, policy: "force" };
    const { reader, failures, read } = access((user) => user === "-" ? "ok" : "unreachable", [
      { images },
      { annotations: force, images },
      { images, pullSecrets: ["ann"] },
      { annotations: force, images, pullSecrets: ["ann"] },
    ]);
    const sources = await reader.sources(artifact);
    for (const { source } of sources) await reader.versions(artifact, { source }).catch(() => {});
    assert.equal([read, failures], [["default/w0"], ["default/w2: ann: unreachable."]]);
    for (const { source } of sources) await reader.digest(artifact, "1.0.0", { source }).catch(() => {});
    assert.equal(read.slice(1), ["default/w1"]);
    assert.equal(failures.slice(1), ["default/w3: ann: unreachable."]);
  },
);

s("a tag that is followed and not there is told, until it is", async () => {
  let there = false;
  const { reader, failures, read } = access(() => there ? "ok" : "absent", [{
    annotations: { ...polling, policy: "force" },
    images: { app: "reg.example/app:main" },
  }]);
  const [{ source } = { source: undefined }] = await reader.sources(artifact);
  const ask = () => reader.digest(artifact, "main", { source: source! });
  assert.is(await ask(), undefined);
  assert.equal([failures, read], [["default/w0: the registry has no tag main of reg.example/app."], []]);
  there = true;
  assert.is(await ask(), "sha256:-");
  assert.equal(read, ["default/w0"]);
});

s(
  "a question that ends since its caller has to end is no failure of the source; an error in Headwind is one",
  async () => {
    const { reader, failures } = access((user) => user === "ann" ? "bug" : "silence", [{}, { pullSecrets: ["ann"] }]);
    const [silent, broken] = await reader.sources(artifact);
    const stop = new AbortController();
    const question = reader.versions(artifact, { source: silent!.source, signal: stop.signal }).catch(() => {});
    stop.abort(new Error("the Lease is lost"));
    await question;
    assert.equal(failures, []);
    await reader.versions(artifact, { source: broken!.source }).catch(() => {});
    assert.equal(failures, [
      "default/w1: reg.example/app was not read: the reason is an error in Headwind, which is in its log.",
    ]);
  },
);

s("without a source it is asked without a login, whoever uses it", async () => {
  const { reader, asked } = access(() => "ok", [{ pullSecrets: ["ann"] }]);
  await reader.versions(artifact);
  await reader.digest(artifact, "main");
  assert.equal(asked, ["tags reg.example/app -", "digest main reg.example/app -"]);
  const chart = { type: "chart", repository: "reg.example/charts/app" } as const;
  assert.match((await reader.versions(chart).catch((error: Error) => error) as Error).message, "registry.sources");
});

s("a source that is made up is refused", async () => {
  const { reader, registry, index } = access(() => "ok", [{ pullSecrets: ["ann"] }]);
  const [{ source } = { source: undefined }] = await reader.sources(artifact);
  const [slotRef] = index.slotsOf(artifact.repository) as [SlotRef];
  assert.ok(registry.isOf(source!, slotRef));
  assert.throws(() => registry.isOf({ id: source!.id }, slotRef), "none that registry.sources gave");
});

s("what no workload polls has no source", async () => {
  assert.equal(await access(() => "ok", []).reader.sources(artifact), []);
  assert.equal(await access(() => "ok", [{ annotations: {} }]).reader.sources(artifact), []);
});

s("a question is given up when no workload uses its source any more, though others use the repository", async () => {
  const { reader, index, failures } = access((user) => user === "ann" ? "silence" : "ok", [
    { namespace: "a", pullSecrets: ["ann"] },
    { namespace: "b" },
  ]);
  const [{ source } = { source: undefined }] = await reader.sources(artifact);
  const question = reader.versions(artifact, { source: source! }).catch((error: Error) => error);
  index.remove(keyOf(index.slotsOf(artifact.repository)[0]!.workload));
  assert.is((await question as Error).name, "Unused");
  assert.equal(failures, []);
});

s("the caller's signal ends a question; that it was late is told", async () => {
  const { reader, failures } = access(() => "silence", [{}]);
  const [{ source } = { source: undefined }] = await reader.sources(artifact);
  const stop = new AbortController();
  const question = reader.versions(artifact, { source: source!, signal: stop.signal }).catch((error: Error) => error);
  stop.abort(new DOMException("it was not read to its end in 60 s", "TimeoutError"));
  await question;
  assert.equal(failures, ["default/w0: reg.example/app was not read: it was not read to its end in 60 s."]);
});

s("a pull secret that is missing, or can have no such name, is told, and the registry asked without", async () => {
  const { poll, asked, warnings, secretsRead } = access(() => "ok", [{ pullSecrets: ["missing", "..", "a/b", "UP"] }]);
  await poll();
  assert.equal(warnings, [
    "pull secret default/missing does not exist",
    ...["..", "a/b", "UP"].map((name) => `pull secret default/"${name}" can have no such name`),
  ]);
  assert.equal(asked, ["tags reg.example/app -"]);
  assert.equal(secretsRead, ["default/missing"]);
});

s("of 20,000 names of pull secrets 20 are read, and that is told once", async () => {
  const pullSecrets = Array.from({ length: 20_000 }, (_, at) => `ann.${at}`);
  const { poll, secretsRead, warnings, index } = access(() => "ok", [{ pullSecrets, serviceAccount: "robot" }]);
  await poll();
  assert.is(secretsRead.length, 20);
  assert.is(warnings.length, 1);
  assert.match(warnings[0]!, "first 20 pull secrets");
  assert.is([...index.all()][0]!.pullSecrets.length, 21);
});

s("whatever workloads there are: each is shown what its own login may read, by one fetch for each login", async () => {
  const user = fc.constantFrom("ann", "bob", "eve", "-");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ namespace: fc.constantFrom("a", "b", "c"), user, salt: fc.nat(3) }), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.subarray(["ann", "bob", "eve", "-"]),
      async (workloads, mayRead) => {
        const { poll, asked, failures } = access(
          (user) => mayRead.includes(user) ? "ok" : "unauthorized",
          workloads.map(
            ({ namespace, user, salt }) => ({ namespace, pullSecrets: user === "-" ? [] : [`${user}.${salt}`] }),
          ),
        );
        const { shown } = await poll();
        assert.is(asked.length, new Set(workloads.map(({ user }) => user)).size);
        for (const [at, { namespace, user }] of workloads.entries()) {
          assert.equal(shown.get(`w${at}`), mayRead.includes(user) ? [`1.0.0-of.${user}`] : []);
          assert.is(failures.includes(`${namespace}/w${at}: ${user}: unauthorized.`), !mayRead.includes(user));
        }
      },
    ),
    { numRuns: 100 },
  );
});

s.run();

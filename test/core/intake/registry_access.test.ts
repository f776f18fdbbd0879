import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createRegistryAccess } from "../../../core/intake/registry_access.ts";
import { createWorkloadIndex, keyOf, type SlotRef } from "../../../core/workloads/workload_index.ts";
import type { Credentials } from "../../../core/registry/credentials.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { abortable } from "../../../core/lib/delay.ts";
import { readingNotes } from "./intake_harness.ts";
import { RegistryError, type RegistryErrorKind } from "../../../core/registry/registry_error.ts";
import type { RepositoryRef } from "../../../core/registry/send.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";

const s = suite("registries, asked with the logins of workloads");
const artifact = { type: "image", repository: "reg.example/app" } as const;
const images = { app: "reg.example/app:1.0.0" };
const polling = { "event-source": "polling" };

type Answer = (login: string) => RegistryErrorKind | "ok" | "silence" | "absent" | "bug";

/** A registry that answers by the login's user name (`-` for none); a pull secret holds the user that its name begins with: `ann.1`. */
function access(answer: Answer, workloads: WorkloadChanges[], answersAfterMs = 0) {
  const index = createWorkloadIndex();
  for (const [at, changes] of workloads.entries()) {
    index.set(workloadOf({ name: `w${at}`, images, annotations: polling, ...changes }));
  }
  const asked: string[] = [];
  const secretsRead: string[] = [];
  const ask = async <T>(
    what: string,
    { registry, repository }: RepositoryRef,
    login: Credentials | undefined,
    value: (user: string) => T,
    signal?: AbortSignal,
  ): Promise<T> => {
    const user = login?.username ?? "-";
    asked.push(`${what} ${registry}/${repository} ${user}`);
    await new Promise((done) => setTimeout(done, answersAfterMs));
    const kind = answer(user);
    if (kind === "ok") return value(user);
    if (kind === "absent") return undefined as T;
    if (kind === "bug") throw new TypeError("secret of the code");
    if (kind === "silence") return await abortable(new Promise<never>(() => {}), signal);
    throw new RegistryError(kind, registry, `${user}: ${kind}.`);
  };
  const secret = (username: string) => ({
    type: "kubernetes.io/dockerconfigjson",
    data: {
      ".dockerconfigjson": btoa(JSON.stringify({ auths: { "reg.example": { auth: btoa(`${username}:secret`) } } })),
    },
  });
  const notes = readingNotes();
  const registry = createRegistryAccess({
    index,
    watch: notes,
    registry: {
      tags: (ref, login, signal) =>
        ask("tags", ref, login, (user) => ({ tags: [`1.0.0-of.${user}`], notModified: false }), signal),
      digest: (ref, tag, login, signal) => ask(`digest ${tag}`, ref, login, (user) => `sha256:${user}`, signal),
      configType: async () => "",
    },
    charts: { readerOf: () => Promise.reject(new Error("no charts")), lookup: async () => undefined },
    secrets: {
      getSecret: async (namespace, name) => {
        secretsRead.push(`${namespace}/${name}`);
        if (name === "missing") return undefined;
        if (name === "broken") throw new KubeError(500, "InternalError", "etcd");
        return secret(name.split(".")[0]!);
      },
      getServiceAccount: async (_namespace, name) =>
        name === "robot" ? { imagePullSecrets: [{ name: "of-robot" }] } : {},
    },
  });
  const { reader } = registry;
  /** Polls all sources; what each workload is shown. */
  async function poll() {
    const shown = new Map<string, string[]>();
    const sources = await reader.sources(artifact);
    for (const { source } of sources) {
      const versions = await reader.versions(artifact, { source }).catch(() => []);
      for (const slotRef of index.slotsOf(artifact.repository)) {
        if (registry.isOf(source, slotRef)) shown.set(slotRef.workload.name, versions.map(({ tag }) => tag));
      }
    }
    return { sources, shown };
  }
  return { registry, reader, index, asked, secretsRead, poll, ...notes };
}

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

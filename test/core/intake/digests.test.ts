import { suite } from "uvu";
import * as assert from "uvu/assert";
import { digest, harness, hint, poller, proven, seen } from "./intake_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { RegistryError, type RegistryErrorKind } from "../../../core/registry/registry_error.ts";
import type { Source } from "../../../core/intake/new_request.ts";

const s = suite("intake: digests");
const [a, b, c] = ["a", "b", "c"].map(digest) as [string, string, string];
const refused = (kind: RegistryErrorKind) => new RegistryError(kind, "docker.io", `it is ${kind}`);
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error) => error);
const force = { policy: "force", "event-source": "both" };
const both = { "event-source": "both" };

interface Row {
  what: string;
  runs: string;
  annotations?: Record<string, string>;
  sees: string;
  via?: "webhook" | "polling";
  source?: Source | undefined;
  /** What the registry has now; absent: it need not be asked. */
  has?: string | undefined | RegistryError;
  /** Absent: nothing. */
  wants?: string;
}
const rows: Row[] = [
  { what: "a tag alone needs none", runs: "app:1.0.0", sees: "1.1.0", wants: "app:1.1.0" },
  { what: "a tag alone is given none", runs: "app:1.0.0", sees: `1.1.0@${b}`, wants: "app:1.1.0" },
  {
    what: "what is pinned stays pinned: to what a proven webhook says",
    runs: `app:1.0.0@${a}`,
    sees: `1.1.0@${b}`,
    wants: `app:1.1.0@${b}`,
  },
  {
    what: "to what the registry says, where the webhook says none",
    runs: `app:1.0.0@${a}`,
    sees: "1.1.0",
    has: c,
    wants: `app:1.1.0@${c}`,
  },
  {
    what: "to what the registry says, where the webhook proves nothing",
    runs: `app:1.0.0@${a}`,
    sees: `1.1.0@${b}`,
    source: hint,
    has: c,
    wants: `app:1.1.0@${c}`,
  },
  { what: "to nothing, where the registry has no such tag", runs: `app:1.0.0@${a}`, sees: "1.1.0", has: undefined },
  {
    what: "force: a webhook may come late, so the registry is asked, proven or not",
    runs: `app:main@${a}`,
    annotations: force,
    sees: `main@${b}`,
    has: c,
    wants: `app:main@${c}`,
  },
  {
    what: "force: nothing, where the registry's is the one that runs",
    runs: `app:main@${a}`,
    annotations: force,
    sees: `main@${b}`,
    has: a,
  },
  {
    what: "force: a proven webhook's word, where the registry cannot be asked",
    runs: `app:main@${a}`,
    annotations: force,
    sees: `main@${b}`,
    has: refused("unreachable"),
    wants: `app:main@${b}`,
  },
  {
    what: "force: what a poll found is the registry's own word",
    runs: `app:main@${a}`,
    annotations: force,
    sees: `main@${b}`,
    via: "polling",
    source: poller,
    wants: `app:main@${b}`,
  },
  {
    what: "force: so is what the poll of a stranger's plugin found",
    runs: "app",
    annotations: force,
    sees: `latest@${b}`,
    via: "polling",
    source: { trigger: "my-poller", trusted: true },
    wants: `app:latest@${b}`,
  },
];
for (const { what, runs, annotations = both, sees, via = "webhook", source = proven, wants, ...row } of rows) {
  s(what, async () => {
    const one = harness([{ images: { app: runs }, annotations }]);
    const { has } = row;
    if ("has" in row) one.answer = () => has instanceof Error ? Promise.reject(has) : Promise.resolve(has);
    await one.accept(seen([sees], { via }), source);
    assert.equal(one.wanted(), wants ? { "default/w0/app": wants } : {});
    assert.is(new Set(one.asked).size, "has" in row ? 1 : 0);
  });
}

for (const kind of ["unauthorized", "unreachable", "rate-limited", "garbage"] as const) {
  s(
    `a digest that a poll needs and the registry does not tell (${kind}) is told to the workload until it does`,
    async () => {
      const one = harness([{ images: { app: `app:1.0.0@${a}` }, annotations: both }]);
      one.answer = () => Promise.reject(refused(kind));
      const poll = () => one.accept(seen(["1.1.0"], { via: "polling" }), poller);
      assert.instance(await failure(poll()), RegistryError);
      assert.equal([one.notes.failures, one.notes.read], [[`default/w0: it is ${kind}`], []]);
      one.answer = () => Promise.resolve(b);
      await poll();
      assert.equal(one.notes.read, ["default/w0"]);
      one.answer = () => Promise.reject(refused(kind));
      await failure(one.accept(seen(["1.2.0"])));
      assert.is(one.notes.failures.length, 1, "of a webhook it is not said of the poll");
    },
  );
}

for (const kind of ["unauthorized", "unreachable", "rate-limited", "garbage"] as const) {
  s(`a webhook that proved nothing, and a registry that cannot confirm it (${kind}): nothing is stored`, async () => {
    const one = harness([{ images: { app: `app:main@${a}` }, annotations: force }, {
      images: { app: `app:1.0.0@${a}` },
    }]);
    const error = refused(kind);
    one.answer = () => Promise.reject(error);
    for (const version of [`main@${b}`, `1.1.0@${b}`]) {
      const mayMend = kind === "unreachable" || kind === "rate-limited";
      assert.is(await failure(one.accept(seen([version]), hint)), mayMend ? error : undefined);
    }
    assert.equal(one.wanted(), {});
  });
}

s("a registry that tells of a push before it shows it is asked again", async () => {
  for (const shown of [[a, b], [undefined, b], [a, undefined, b]]) {
    const one = harness([{ images: { app: `app:main@${a}` }, annotations: force }]);
    const answers = [...shown];
    one.answer = () => Promise.resolve(answers.shift());
    await one.accept(seen([`main@${b}`]), proven);
    assert.equal(one.wanted(), { "default/w0/app": `app:main@${b}` });
    assert.is(one.asked.length, shown.length);
  }
});

s("force: where the webhook tells no digest, the registry is asked", async () => {
  const one = harness([{ images: { app: `app:main@${a}` }, annotations: force }]);
  one.answer = () => Promise.resolve(b);
  await one.accept(seen(["main", "other"]), proven);
  assert.equal(one.wanted(), { "default/w0/app": `app:main@${b}` });
  assert.equal(one.asked, ["default/w0 main"]);
});

s("a tag is asked for once, however many want it", async () => {
  const one = harness(Array.from({ length: 40 }, () => ({ images: { app: `app:1.0.0@${a}`, b: `app:1.0.0@${b}` } })));
  one.answer = () => Promise.resolve(c);
  const { created } = await one.accept(seen(["1.1.0"]));
  assert.is(created, 80);
  assert.equal(one.asked, ["default/w0 1.1.0"]);
});

s("tags that differ are asked for apart", async () => {
  const one = harness([{ images: { app: `app:1.0.0@${a}` } }, {
    images: { app: `app:1.0.0@${a}` },
    annotations: { policy: "patch" },
  }]);
  one.answer = (_use, tag) => Promise.resolve(tag === "1.0.1" ? b : c);
  await one.accept(seen(["1.0.1", "1.1.0"], { complete: true }));
  assert.equal(one.wanted(), { "default/w0/app": `app:1.1.0@${c}`, "default/w1/app": `app:1.0.1@${b}` });
});

s(
  "each login is asked for itself: who may not read learns nothing from those who may, and keeps none waiting",
  async () => {
    const pinned = { images: { app: `app:1.0.0@${a}` } };
    const one = harness([
      { ...pinned, pullSecrets: ["wrong"] },
      { ...pinned, pullSecrets: ["wrong"] },
      { ...pinned, namespace: "prod" },
      { ...pinned, namespace: "late" },
    ]);
    one.answer = ({ workload }) =>
      workload.namespace === "prod" ? Promise.resolve(b) : Promise.reject(refused("unauthorized"));
    const { created } = await one.accept(seen(["1.1.0"]));
    assert.is(created, 1);
    assert.equal(one.wanted(), { "prod/w2/app": `app:1.1.0@${b}` });
    assert.equal(one.asked, ["default/w0 1.1.0", "prod/w2 1.1.0", "late/w3 1.1.0"]);
    assert.equal(one.lost, ["default/w0", "default/w1", "late/w3"].map((name) => `${name} app:1.1.0 registry`));
  },
);

for (const kind of ["unreachable", "rate-limited"] as const) {
  s(`${kind}: it is not acknowledged, and those that need no digest are stored all the same`, async () => {
    const workloads = Array.from({ length: 40 }, (_, at) => (at === 3 ? { images: { app: `app:1.0.0@${a}` } } : {}));
    const one = harness(workloads);
    const error = refused(kind);
    one.answer = () => Promise.reject(error);
    assert.is(await failure(one.accept(seen(["1.1.0"]))), error);
    assert.is(one.store.requests.size, 39);
    assert.is(one.asked.length, 1);
    one.answer = () => Promise.resolve(b);
    assert.is((await one.accept(seen(["1.1.0"]))).created, 1);
  });
}

for (const kind of ["unauthorized", "garbage", "insecure"] as const) {
  s(`${kind}: coming again mends nothing, so it is told on the workload and keeps nobody waiting`, async () => {
    const one = harness([{ images: { app: `app:1.0.0@${a}` } }, {}]);
    one.answer = () => Promise.reject(refused(kind));
    assert.is((await one.accept(seen(["1.1.0"]))).created, 1);
    assert.equal(one.lost, ["default/w0 app:1.1.0 registry"]);
  });
}

s("an API server that gives no pull secrets is told as it is", async () => {
  const one = harness([{ images: { app: `app:1.0.0@${a}` } }]);
  const error = new KubeError(503, "", "away");
  one.answer = () => Promise.reject(error);
  assert.is(await failure(one.accept(seen(["1.1.0"]))), error);
});

s.run();

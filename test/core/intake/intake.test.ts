import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { digest, harness, hint, poller, seen } from "./intake_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { isLowerReference } from "../../../core/versions/compare.ts";
import { requestStore } from "../../support/request_store.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { Unavailable } from "../../../core/lib/retryable.ts";

const s = suite("intake: from a sighting to stored requests");
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error) => error);

s("each container that is to move has a request, when the answer comes", async () => {
  const { accept, store, wanted, logged } = harness([
    { images: { a: "app:1.0.0", b: "app:1.1.0", c: "app:1.0.9" } },
    { namespace: "prod" },
    { images: { other: "other:1.0.0" } },
  ]);
  const result = await accept(seen(["1.1.0"]));
  assert.equal(wanted(), { "default/w0/a": "app:1.1.0", "default/w0/c": "app:1.1.0", "prod/w1/app": "app:1.1.0" });
  assert.is(result.matched, 4);
  assert.is(result.created, 3);
  assert.equal([...result.updateRequests].sort(), [...store.requests.keys()].sort());
  assert.equal(logged.map(({ message }) => message), Array(3).fill("update wanted"));
  assert.equal(logged.map(({ fields }) => fields.updateRequest).sort(), [...store.requests.keys()].sort());
});

s("it costs one call for each container, and none without a match", async () => {
  const { accept, store } = harness([{}, {}, { annotations: { policy: "none" } }]);
  await accept(seen(["1.1.0"]));
  assert.is(store.calls.length, 2);
  const artifact = { type: "image", repository: "docker.io/library/unknown" } as const;
  assert.equal(await accept({ ...seen(["1.1.0"]), artifact }), { updateRequests: [], matched: 0, created: 0 });
  const chart = { type: "chart", repository: "docker.io/library/app" } as const;
  assert.equal(await accept({ ...seen(["1.1.0"]), artifact: chart }), { updateRequests: [], matched: 0, created: 0 });
  assert.is(store.calls.length, 2);
});

s("while the watch of requests is interrupted, what is known of them is no proof that it is stored", async () => {
  const one = harness([{}]);
  await one.accept(seen(["1.1.0"]));
  const [[key, request]] = [...one.store.requests] as [[string, ReturnType<typeof requestOf>]];
  one.cache.upsert(request);
  one.store.calls.length = 0;
  assert.is((await one.accept(seen(["1.1.0"]))).created, 0);
  assert.equal(one.store.calls, []);
  one.isHeard = false;
  assert.equal((await one.accept(seen(["1.1.0"]))).updateRequests, [key]);
  assert.is(one.store.calls.length, 2);
  one.store.requests.delete(key);
  assert.is((await one.accept(seen(["1.1.0"]))).created, 1);
  assert.ok(one.store.requests.has(key));
});

s("the same sighting again, by whatever way, is the same request", async () => {
  const one = harness([{ annotations: { "event-source": "both" } }]);
  one.answer = () => Promise.resolve(digest("a"));
  const { accept, store } = one;
  const first = await accept(seen(["1.1.0"]));
  const polled = seen(["1.0.0", "1.1.0"], { via: "polling", complete: true, intervals: [300] });
  for (const [sighting, source] of [[seen(["1.1.0"]), hint!], [polled, poller]] as const) {
    assert.equal(await accept(sighting, source), { ...first, created: 0 });
  }
  assert.is(store.requests.size, 1);
  assert.is([...store.requests.values()][0]?.spec.sighting?.trigger, "registry");
});

s("a request that the watch told of is not asked for again", async () => {
  const { accept, store, cache } = harness([{}]);
  const first = await accept(seen(["1.1.0"]));
  for (const request of store.requests.values()) cache.upsert(request);
  store.calls.length = 0;
  assert.equal(await accept(seen(["1.1.0"])), { ...first, created: 0 });
  assert.equal(store.calls, []);
});

s("the same sightings on two replicas at the same time: no doubles", async () => {
  const store = requestStore();
  const workloads = Array.from({ length: 20 }, () => ({}));
  const replicas = [harness(workloads, store), harness(workloads, store)];
  const results = await Promise.all([...replicas, ...replicas].map(({ accept }) => accept(seen(["1.1.0"]))));
  assert.is(store.requests.size, 20);
  assert.is(results.reduce((sum, { created }) => sum + created, 0), 20);
  for (const { updateRequests } of results) assert.is(new Set(updateRequests).size, 20);
});

s("many are stored a few at a time", async () => {
  const one = harness(Array.from({ length: 100 }, () => ({})));
  let [running, most] = [0, 0];
  one.store.meddle = async () => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 1));
    running--;
  };
  const { created } = await one.accept(seen(["1.1.0"]));
  assert.is(created, 100);
  assert.ok(most > 1 && most <= 16, `${most} at a time`);
});

const failures: { what: string; error: KubeError; retryAfter?: number }[] = [
  { what: "no answer", error: new KubeError(0, "ConnectionFailed", "refused") },
  { what: "429", error: new KubeError(429, "", "slower", { retryAfterSeconds: 7 }), retryAfter: 7 },
  { what: "500", error: new KubeError(500, "InternalError", "etcd") },
  { what: "503", error: new KubeError(503, "", "away", { retryAfterSeconds: 2 }), retryAfter: 2 },
  { what: "408", error: new KubeError(408, "Timeout", "late") },
  { what: "404, a CRD that is not there yet", error: new KubeError(404, "NotFound", "no") },
  { what: "401, a token that is being replaced", error: new KubeError(401, "Unauthorized", "who?") },
];
for (const { what, error, retryAfter = 5 } of failures) {
  s(`${what}: not acknowledged, to be sent again`, async () => {
    const { accept, store } = harness([{}, {}]);
    let calls = 0;
    store.meddle = () => {
      if (++calls === 2) throw error;
    };
    const thrown = await failure(accept(seen(["1.1.0"])));
    assert.instance(thrown, Unavailable);
    assert.is((thrown as Unavailable).retryAfterSeconds, retryAfter);
    assert.match((thrown as Error).message, /UpdateRequest default\/w\d-app-1-1-0-/);
    delete store.meddle;
    assert.is((await accept(seen(["1.1.0"]))).updateRequests.length, 2);
    assert.is(store.requests.size, 2);
  });
}

const quota = 'updaterequests.headwind.sh "x" is forbidden: exceeded quota: none, requested: count/updaterequests=1';
const refusals: { what: string; error: KubeError }[] = [
  { what: "a quota", error: new KubeError(403, "Forbidden", quota) },
  { what: "an admission policy", error: new KubeError(403, "Forbidden", "denied the request: not here") },
  { what: "rights that are not there", error: new KubeError(403, "Forbidden", "cannot create resource") },
  { what: "422", error: new KubeError(422, "Invalid", "bad") },
];
for (const { what, error } of refusals) {
  s(`${what} in one namespace: it is told there, and what is wanted elsewhere is acknowledged`, async () => {
    const workloads = Array.from({ length: 40 }, (_, at) => ({ namespace: at % 10 === 0 ? "full" : `free-${at}` }));
    const one = harness(workloads);
    one.store.meddle = (call) => {
      if (call.startsWith("create full/")) throw error;
    };
    const { matched, created } = await one.accept(seen(["1.1.0"]));
    assert.equal([matched, created], [40, 36]);
    assert.equal(one.lost.sort(), [0, 10, 20, 30].map((at) => `full/w${at} app:1.1.0 refused`));
  });
}

s("an API server that fails for one namespace: all others are stored before the sender is to come again", async () => {
  const one = harness(Array.from({ length: 40 }, (_, at) => ({ namespace: at === 0 ? "odd" : "well" })));
  one.store.meddle = (call) => {
    if (call.startsWith("create odd/")) throw new KubeError(500, "InternalError", "failed calling webhook");
  };
  assert.instance(await failure(one.accept(seen(["1.1.0"]))), Unavailable);
  assert.is(one.store.requests.size, 39);
  assert.equal(one.lost, []);
});

s("an API server that is away is not asked for each of a thousand", async () => {
  const one = harness(Array.from({ length: 1000 }, () => ({})));
  let calls = 0;
  one.store.meddle = () => {
    calls++;
    throw new KubeError(0, "ConnectionFailed", "refused");
  };
  assert.instance(await failure(one.accept(seen(["1.1.0"]))), Unavailable);
  assert.ok(calls <= 16, `${calls} calls`);
});

s("a poll's sighting reaches the workloads of its source alone", async () => {
  const both = { "event-source": "both" };
  const one = harness([{ namespace: "a", annotations: both }, { namespace: "b", annotations: both }]);
  const source = { id: "that of a" };
  one.isOf = (asked, { workload }) => asked === source && workload.namespace === "a";
  const { matched } = await one.accept(seen(["1.1.0"], { via: "polling", complete: true, source }));
  assert.is(matched, 1);
  assert.equal(one.wanted(), { "a/w0/app": "app:1.1.0" });
});

for (
  const [code, reason, message] of [
    [403, "Forbidden", "unable to create new content in namespace leaving because it is being terminated"],
    [404, "NotFound", 'namespaces "leaving" not found'],
  ] as const
) {
  s(`a namespace on its way out needs no request, and stops no other: ${code}`, async () => {
    const { accept, store, wanted } = harness([{ namespace: "leaving" }, { namespace: "staying" }]);
    store.meddle = (call) => {
      if (call.startsWith("create leaving/")) throw new KubeError(code, reason, message);
    };
    const result = await accept(seen(["1.1.0"]));
    assert.equal(wanted(), { "staying/w1/app": "app:1.1.0" });
    assert.equal([result.matched, result.created, result.updateRequests.length], [2, 1, 1]);
  });
}

const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((numbers) => numbers.join("."));

s("half a list never leads to something lower, nor does any order of lists", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("patch", "minor", "major", "all"),
      version,
      fc.array(fc.array(version, { maxLength: 5 }), { maxLength: 4 }),
      async (policy, current, lists) => {
        const { accept, store } = harness([{ images: { app: `app:${current}` }, annotations: { policy } }]);
        for (const list of lists) await accept(seen(list));
        for (const { spec } of store.requests.values()) {
          assert.not(
            isLowerReference("image", spec.newImage, spec.currentImage),
            `${spec.currentImage} to ${spec.newImage}`,
          );
        }
      },
    ),
  );
});

s("a container takes on 20 unfinished requests, and what is left out is told", async () => {
  const one = harness([{ annotations: { policy: "all" }, images: { app: "app:a", other: "other:1" } }]);
  one.store.changed = (request) => void one.cache.upsert(request);
  for (let count = 0; count < 25; count++) await one.accept(seen([`tag-${"abcdefghijklmnopqrstuvwxy"[count]}`]));
  assert.is(one.store.requests.size, 20);
});

s("requests made by hand keep no update away, however many there are", async () => {
  const one = harness([{ name: "web", annotations: { policy: "major" }, images: { app: "app:1.0.0" } }]);
  for (let count = 0; count < 30; count++) {
    const newImage = `app:9.${count}.0`;
    one.cache.upsert(requestOf({ name: `hand-${count}`, newImage, sighting: undefined, requireApproval: true }));
  }
  await one.accept(seen(["1.1.0"]));
  assert.equal([one.wanted(), one.lost], [{ "default/web/app": "app:1.1.0" }, []]);
});

s("the newest of many versions that are told of at once is not the one that is left out", async () => {
  const one = harness([{ annotations: { policy: "major" }, images: { app: "app:1.0.0" } }]);
  one.store.changed = (request) => void one.cache.upsert(request);
  for (let count = 1; count <= 25; count++) await one.accept(seen([`1.${count}.0`]));
  assert.is([...one.store.requests.values()].at(-1)!.spec.newImage, "app:1.25.0");
  assert.equal(one.lost, []);
  await one.accept(seen(["1.24.1"]));
  assert.equal(one.lost, ["default/w0 app:1.24.1 refused"], "an older one is");
  for (let count = 26; count <= 120; count++) await one.accept(seen([`1.${count}.0`]));
  assert.is(one.store.requests.size, 100);
});

for (const [containers, most] of [[20, 100], [50, 40], [100, 20]] as const) {
  s(
    `of ${containers} containers each takes on ${most} unfinished requests at most, each newer than all before it`,
    async () => {
      const images = Object.fromEntries(
        Array.from(
          { length: containers },
          (_, at) => at === 0 ? ["app", "app:1.0.0"] : [`c${at}`, `other-${at}:1.0.0`],
        ),
      );
      const one = harness([{ annotations: { policy: "major" }, images }]);
      one.store.changed = (request) => void one.cache.upsert(request);
      for (let count = 1; count <= most + 5; count++) await one.accept(seen([`1.${count}.0`]));
      assert.is(one.store.requests.size, most);
    },
  );
}

s.run();

// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createUpdateCache, requestKey } from "../../../core/requests/cache.ts";
import { AlreadyDecided, createUpdateStore, type UpdateStore } from "../../../core/requests/store.ts";
import type { KubeClient } from "../../../core/kube/client.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { requestOf } from "../../support/build/update_request.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";

const s = suite("what the API server says of UpdateRequests, and what is kept of it");
const conflict = new KubeError(409, "Conflict", "the object has been modified");
const absent = new KubeError(404, "NotFound", "not found");

/** A request for a chart as the API server has it: without a container's name, and with what nobody here reads. */
function chart(resourceVersion: string, uid = "uid-a"): UpdateRequest {
  const one = requestOf({ newImage: "podinfo:6.4.0" });
  const { containerName: _, ...spec } = one.spec;
  const managedFields = [{ manager: "headwind" }];
  const metadata = { ...one.metadata, resourceVersion, uid, generation: 1, managedFields };
  return { ...one, metadata, spec: { ...spec, updateType: "helmChart" } };
}

/** A store whose API server answers these in turn, and the cache that it tells. */
function storeOf(...answers: (UpdateRequest | KubeError)[]) {
  const calls: string[] = [];
  const cache = createUpdateCache();
  const client = {
    request(method: string) {
      calls.push(method);
      const answer = answers.shift()!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as KubeClient;
  const store = createUpdateStore(
    client,
    (request) => void cache.upsert(request),
    (request) => void cache.remove(requestKey(request), request.metadata.uid),
  );
  const known = requestOf({ container: "chart" });
  cache.upsert(known);
  return { store, cache, calls, known, kept: () => cache.get("default/a") };
}
type AnsweredStore = ReturnType<typeof storeOf>;
const failed = (what: Promise<unknown>) => what.then(() => undefined, (error: unknown) => error);
const status = { phase: "Pending" } as const;

const writes: Record<string, (store: UpdateStore, known: UpdateRequest) => Promise<unknown>> = {
  "a status": (store, known) => store.writeStatus(known, status),
  "a removal": (store, known) => store.remove(known),
};
for (const [what, write] of Object.entries(writes)) {
  s(`${what} that conflicts: what there is by now is kept, as it is always kept`, async () => {
    const { store, known, kept, calls } = storeOf(conflict, chart("7"));
    assert.is(await failed(write(store, known)), conflict);
    assert.is(calls.at(-1), "GET");
    const { metadata, spec } = kept()!;
    assert.equal([metadata.resourceVersion, spec.containerName], ["7", "chart"]);
    assert.equal(Object.keys(metadata).sort(), ["creationTimestamp", "name", "namespace", "resourceVersion", "uid"]);
  });

  s(`${what} that conflicts with one made anew: that is kept`, async () => {
    const { store, known, kept } = storeOf(conflict, chart("7", "anew"));
    assert.is(await failed(write(store, known)), conflict);
    assert.is(kept()?.metadata.uid, "anew");
  });

  s(`${what} that conflicts with one that is gone: it is forgotten`, async () => {
    const { store, known, kept } = storeOf(conflict, absent);
    assert.is(await failed(write(store, known)), conflict);
    assert.is(kept(), undefined);
  });

  s(`${what} that conflicts, and nobody says with what: it is known as before`, async () => {
    const away = new KubeError(503, "", "away");
    const { store, known, kept } = storeOf(conflict, away);
    assert.is(await failed(write(store, known)), away);
    assert.is(kept(), known);
  });
}

s("a decision whose answer was lost, and that was sent again, is made once", async () => {
  const decision = { approved: true, by: "ann", at: "2026-01-01T12:00:00Z" };
  const { store, calls, kept } = storeOf(requestOf(), conflict, requestOf({ decision }));
  assert.equal((await store.decide("default", "a", decision))?.spec.decision, decision);
  assert.equal(calls, ["GET", "PATCH", "GET"]);
  assert.ok(kept());
  const others = storeOf(requestOf(), conflict, requestOf({ decision: { ...decision, by: "bob" } }));
  assert.match(String(await failed(others.store.decide("default", "a", decision))), "approved by bob");
});

s("a status of what is gone: it is forgotten", async () => {
  const { store, known, kept } = storeOf(absent, absent);
  assert.is(await failed(store.writeStatus(known, status)), absent);
  assert.is(kept(), undefined);
});

for (const [what, answer] of [["removed", requestOf()], ["gone already", absent]] as const) {
  s(`what is ${what} is forgotten, and what is there anew under its name is not`, async () => {
    const one = storeOf(answer);
    await one.store.remove(one.known);
    assert.is(one.kept(), undefined);
    const anew: AnsweredStore = storeOf(answer);
    anew.cache.upsert(chart("8", "anew"));
    await anew.store.remove(anew.known);
    assert.is(anew.kept()?.metadata.uid, "anew");
  });
}

const reads: Record<string, (store: UpdateStore) => Promise<UpdateRequest | undefined>> = {
  "read": (store) => store.get("default", "a"),
  "created": (store) => store.create(requestOf()),
  "written": (store) => store.writeStatus(requestOf(), status),
};
for (const [what, read] of Object.entries(reads)) {
  s(`what is ${what} is given as it is kept`, async () => {
    const { store, kept } = storeOf(chart("7"));
    const given = await read(store);
    assert.is(given?.spec.containerName, "chart");
    assert.is(kept(), given);
  });
}

s("a decision is told of, tried five times where others are quicker, and not again where it is refused", async () => {
  const decision = { approved: true, by: "ann", at: "2026-01-01T12:00:00Z" };
  const decided = requestOf({ decision });
  const { store, kept } = storeOf(requestOf(), { ...decided, metadata: { ...decided.metadata, resourceVersion: "2" } });
  assert.equal((await store.decide("default", "a", decision))?.spec.decision, decision);
  assert.equal(kept()?.spec.decision, decision);
  const quick = storeOf(...Array.from({ length: 5 }, () => [requestOf(), conflict]).flat());
  assert.is(await failed(quick.store.decide("default", "a", decision)), conflict);
  assert.is(quick.calls.length, 10);
  const refused = new KubeError(403, "Forbidden", "no");
  const once = storeOf(requestOf(), refused);
  assert.is(await failed(once.store.decide("default", "a", decision)), refused);
  assert.equal(once.calls, ["GET", "PATCH"]);
  const gone = storeOf(absent);
  assert.is(await gone.store.decide("default", "a", decision), undefined);
});

for (
  const [changes, said] of [
    [{ phase: "Completed" }, "it is Completed"],
    [{ decision: { approved: true, by: "bob" } }, "it was approved by bob"],
    [{ decision: { approved: false, by: "bob" } }, "it was rejected by bob"],
  ] as const
) {
  s(`what is decided already is not decided again: ${said}`, async () => {
    const { store, calls } = storeOf(requestOf(changes));
    const error = await failed(store.decide("default", "a", { approved: true, by: "ann" }));
    assert.ok(error instanceof AlreadyDecided);
    assert.match(error.message, said);
    assert.equal(calls, ["GET"]);
  });
}

s("what is sent: each write names the state that it is for", async () => {
  const sent: unknown[] = [];
  const client = {
    request(...call: unknown[]) {
      sent.push(call);
      return Promise.resolve(requestOf());
    },
  } as unknown as KubeClient;
  const store = createUpdateStore(client, () => {});
  const request = requestOf();
  const { metadata, spec } = request;
  const decision = { approved: true, by: "ann", at: "2026-01-01T12:00:00Z" };
  await store.create({ metadata, spec });
  await store.writeStatus(request, status);
  await store.decide("default", "a", decision);
  await store.remove(request);
  const all = "/apis/headwind.sh/v1alpha1/namespaces/default/updaterequests";
  const [one, query, patch] = [`${all}/a`, { fieldManager: "headwind" }, "merge"];
  const seen = { metadata: { resourceVersion: "1" } };
  const preconditions = { uid: "uid-a", resourceVersion: "1" };
  assert.equal(sent, [
    ["POST", all, { body: { apiVersion: "headwind.sh/v1alpha1", kind: "UpdateRequest", metadata, spec }, query }],
    ["PATCH", `${one}/status`, { body: { ...seen, status }, patch, query }],
    ["GET", one],
    ["PATCH", one, { body: { ...seen, spec: { decision } }, patch, query }],
    ["DELETE", one, { body: { apiVersion: "v1", kind: "DeleteOptions", preconditions } }],
  ]);
});

s.run();

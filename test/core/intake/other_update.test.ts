import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Harness, harness, seen } from "./intake_harness.ts";
import { requestStore } from "../../support/request_store.ts";
import type { UpdateRequestSpec } from "../../../core/requests/update_request.ts";

const s = suite("intake: names that others have taken");
const sighting = seen(["1.1.0"]);
const key = (name: string) => `default/${name}`;

/** A harness where somebody wrote a request under the name that `app:1.1.0` of `w0` would have; with `heard` the watch has told of it. */
async function squatted(change: Partial<UpdateRequestSpec>, heard = false): Promise<{ one: Harness; name: string }> {
  const first = harness([{}]);
  await first.accept(sighting);
  const [request] = first.store.requests.values();
  const { sighting: _, ...spec } = request!.spec;
  const metadata = { ...request!.metadata, uid: "of-somebody" };
  const one = harness([{}], requestStore());
  const put = one.store.put({ ...request!, metadata, spec: { ...spec, ...change } });
  if (heard) one.cache.upsert(put);
  return { one, name: metadata.name };
}

const target = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "w0" };
const others: Record<string, Partial<UpdateRequestSpec>> = {
  "another image": { newImage: "evil:1.1.0" },
  "another version": { newImage: "app:1.0.5" },
  "another container": { containerName: "sidecar" },
  "another workload": { targetRef: { ...target, name: "other" } },
  "another type": { updateType: "helmChart" },
  "an end of its own": { expiresAt: "2026-01-01T00:00:00Z" },
};
for (const [what, change] of Object.entries(others)) {
  for (const heard of [false, true]) {
    s(
      `${what}${heard ? ", as the watch has told" : ""}: the update is recorded under another name, and it is told`,
      async () => {
        const { one, name } = await squatted(change, heard);
        const { updateRequests, created } = await one.accept(sighting);
        assert.is(created, 1);
        assert.is(updateRequests.length, 1);
        assert.is.not(updateRequests[0], key(name));
        assert.is(one.store.requests.get(updateRequests[0]!)!.spec.newImage, "app:1.1.0");
        assert.is(one.store.requests.get(key(name))!.metadata.uid, "of-somebody");
        assert.match(one.logged[0]!.message, "was taken by one that was made by hand");
        assert.equal(await one.accept(sighting), { ...await one.accept(sighting), updateRequests, created: 0 });
        assert.is(one.store.requests.size, 2);
      },
    );
  }
}

s("one that a person made for the same, as kubectl headwind retry does, is the one", async () => {
  const { one, name } = await squatted({ currentImage: "app:0.9.0" });
  assert.equal(await one.accept(sighting), { updateRequests: [key(name)], matched: 1, created: 0 });
});

s("the next name follows from the uid of what was there, which nobody knows before", async () => {
  const names = new Set<string>();
  for (const uid of ["a", "b"]) {
    const { one, name } = await squatted({ newImage: "evil:1.1.0" });
    const taken = one.store.requests.get(key(name))!;
    one.store.requests.set(key(name), { ...taken, metadata: { ...taken.metadata, uid } });
    names.add((await one.accept(sighting)).updateRequests[0]!);
  }
  assert.is(names.size, 2);
});

s("who takes each name as it comes up ends the tries, and no webhook is kept from its answer", async () => {
  const { one } = await squatted({ newImage: "evil:1.1.0" });
  const [squatter] = one.store.requests.values();
  let count = 0;
  one.store.meddle = (call) => {
    const name = /^create default\/(.*)/.exec(call)?.[1];
    if (name) one.store.put({ ...squatter!, metadata: { ...squatter!.metadata, name, uid: `s${count++}` } });
  };
  const reason = "Deployment/default/w0 app: no UpdateRequest could be made, and an Event on it says why";
  const left = { reasons: [reason], count: 1 };
  assert.equal(await one.accept(sighting), { updateRequests: [], matched: 1, created: 0, left });
  assert.ok(count < 20);
  assert.equal(one.lost, ["default/w0 app:1.1.0 contested"]);
});

s.run();

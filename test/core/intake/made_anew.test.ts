import { suite } from "uvu";
import * as assert from "uvu/assert";
import { conflict, requestStore } from "../../support/request_store.ts";
import { type Harness, harness, seen } from "./intake_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { Unavailable } from "../../../core/lib/retryable.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("intake: requests made anew");
const sighting = seen(["1.1.0"]);

/** A harness whose one request failed, since the registry did not have the version yet. */
async function failed(store = requestStore()): Promise<{ one: Harness; old: UpdateRequest }> {
  const one = harness([{}], store);
  await one.accept(sighting);
  return { one, old: fail(one) };
}

function fail({ store }: Harness, reason = "NotInRegistry"): UpdateRequest {
  const [request] = store.requests.values();
  const condition = {
    type: "Applied",
    status: "False",
    reason,
    message: "",
    lastTransitionTime: "2026-01-01T12:00:00Z",
  } as const;
  return store.put({ ...request!, status: { phase: "Failed", conditions: [condition] } });
}
const uid = ({ store }: Harness) => [...store.requests.values()].map(({ metadata }) => metadata.uid);

s("a request that failed for what is there now is made anew, though the watch knows the old one", async () => {
  const { one, old } = await failed();
  one.cache.upsert(old);
  const result = await one.accept(sighting);
  assert.is(result.created, 1);
  assert.is.not(uid(one)[0], old.metadata.uid);
  assert.is([...one.store.requests.values()][0]?.status, undefined);
  assert.is(one.logged.filter(({ message }) => message === "update wanted").length, 2);
});

s("one that failed otherwise stays", async () => {
  const { one } = await failed();
  const old = fail(one, "ApplyRefused");
  const result = await one.accept(sighting);
  assert.equal([result.created, result.updateRequests.length], [0, 1]);
  assert.equal(uid(one), [old.metadata.uid]);
});

s("it stays where the API server says that the workload runs the version, or is gone", async () => {
  for (const change of ["runs", "gone"]) {
    const { one, old } = await failed();
    one.store.meddle = (call) => {
      if (!call.startsWith("get")) return;
      if (change === "runs") one.index.set(workloadOf({ name: "w0", images: { app: "app:1.1.0" } }));
      else one.index.remove("Deployment/default/w0");
    };
    assert.is((await one.accept(sighting)).created, 0);
    assert.equal(uid(one), [old.metadata.uid], change);
  }
});

s("two replicas at the same time make it anew once, and both acknowledge", async () => {
  const { one, old } = await failed();
  const other = harness([{}], one.store);
  one.store.meddle = async (call) => {
    if (call.startsWith("remove")) await new Promise((done) => setTimeout(done, 5));
  };
  const results = await Promise.all([one, other, one, other].map(({ accept }) => accept(sighting)));
  assert.is(results.reduce((sum, { created }) => sum + created, 0), 1);
  for (const { updateRequests } of results) assert.equal(updateRequests, [...one.store.requests.keys()]);
  assert.is(one.store.requests.size, 1);
  assert.is.not(uid(one)[0], old.metadata.uid);
});

s("one that is removed right when its name is found taken is created", async () => {
  const { one } = await failed();
  one.store.meddle = (call) => {
    if (call.startsWith("get")) one.store.requests.clear();
  };
  assert.is((await one.accept(sighting)).created, 1);
  assert.is(one.store.requests.size, 1);
});

s("one that changes right when it is to be removed is looked at again", async () => {
  const { one, old } = await failed();
  let meddled = false;
  one.store.meddle = (call) => {
    if (!call.startsWith("remove") || meddled) return;
    meddled = true;
    one.store.put({ ...old, status: { ...old.status!, notified: ["failed/webhook"] } });
  };
  assert.is((await one.accept(sighting)).created, 1);
  assert.is.not(uid(one)[0], old.metadata.uid);
});

s("one that others change as fast as it is read keeps no sender waiting; an API server that is away does", async () => {
  const { one } = await failed();
  one.store.meddle = (call) => {
    if (call.startsWith("remove")) throw conflict();
  };
  assert.is((await one.accept(sighting)).created, 0);
  assert.match(one.lost.join(), / contested$/);
  one.store.meddle = (call) => {
    if (call.startsWith("remove")) throw new KubeError(500, "", "etcd");
  };
  assert.instance(await one.accept(sighting).then(() => undefined, (error) => error), Unavailable);
});

s("a kill between removal and creation leaves nothing that the next sighting does not mend", async () => {
  const { one } = await failed();
  let creations = 0;
  one.store.meddle = (call) => {
    if (call.startsWith("create") && ++creations === 2) throw new KubeError(0, "ConnectionFailed", "killed");
  };
  assert.instance(await one.accept(sighting).then(() => undefined, (error) => error), Unavailable);
  assert.is(one.store.requests.size, 0);
  assert.is((await one.accept(sighting)).created, 1);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { conflict } from "../../support/request_store.ts";
import { harness } from "./reconcile_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";

const s = suite("reconciler, the requests that it keeps");

/** Completed ones of 1.0.1, 1.0.2, …, each later than the one before. */
function history(count: number): UpdateRequest[] {
  return Array.from({ length: count }, (_, at) => ({
    ...requestOf({ name: `old-${at + 1}`, newImage: `app:1.0.${at + 1}` }),
    status: { phase: "Completed", lastUpdated: new Date(Date.UTC(2026, 0, 1, at)).toISOString() } as const,
  }));
}
const workload = workloadOf({ image: "app:1.0.9" });
const names = ({ store }: ReturnType<typeof harness>) =>
  [...store.requests.values()].map(({ metadata }) => metadata.name);

s("the latest are kept, the others removed from store and cache", async () => {
  const one = Object.assign(harness({ requests: history(5), workload }), { keep: 2 });
  await one.run();
  assert.equal(names(one).sort(), ["old-4", "old-5"]);
  assert.equal(one.cache.ofWorkload("Deployment/default/web").map(({ metadata }) => metadata.name).sort(), [
    "old-4",
    "old-5",
  ]);
  assert.is(one.store.calls.length, 3);
});

s("so are they while another waits for a person", async () => {
  const waiting = requestOf({ name: "new", newImage: "app:1.1.0", requireApproval: true });
  const one = Object.assign(harness({ requests: [...history(5), waiting], workload }), { keep: 2 });
  await one.run();
  assert.equal(names(one).sort(), ["new", "old-4", "old-5"]);
});

s("versions that gave way do not pile up while nobody decides", async () => {
  const one = Object.assign(harness({ workload }), { keep: 2 });
  for (let minor = 1; minor <= 8; minor++) {
    one.now += 1000;
    one.cache.upsert(
      one.store.put(requestOf({ name: `v${minor}`, newImage: `app:1.${minor}.0`, requireApproval: true })),
    );
    await one.run();
  }
  assert.equal(one.statuses(), ["v6 Superseded Newer", "v7 Superseded Newer", "v8 Pending WaitingForApproval"]);
});

s("none is removed while something is owed, or when the workload is gone, or few enough are there", async () => {
  const owed = Object.assign(harness({ requests: history(5), workload }), { keep: 2, owed: true });
  const gone = Object.assign(harness({ requests: history(5), workload: "missing" }), { keep: 2 });
  const few = harness({ requests: history(5), workload });
  for (const one of [owed, gone, few]) {
    await one.run();
    assert.is(one.store.requests.size, 5);
  }
});

s("one that changes when it is to be removed stays for the next time; other errors come again", async () => {
  const one = Object.assign(harness({ requests: history(3), workload }), { keep: 1 });
  one.store.meddle = (call) => {
    if (call === "remove default/old-2") throw conflict();
  };
  await one.run();
  assert.equal(names(one).sort(), ["old-2", "old-3"]);
  const known = one.cache.ofWorkload("Deployment/default/web").map(({ metadata }) => metadata.name);
  assert.equal(known.sort(), ["old-2", "old-3"], "what exists is known");
  const away = Object.assign(harness({ requests: history(3), workload }), { keep: 1 });
  const error = new KubeError(503, "", "away");
  away.store.meddle = () => {
    throw error;
  };
  assert.is(await away.run().then(() => undefined, (error) => error), error);
});

s("a wrong apiVersion among them costs no memory of a person's word", async () => {
  const rejected: UpdateRequest = {
    ...requestOf({ name: "no", newImage: "app:1.1.0" }),
    status: { phase: "Rejected", lastUpdated: "2025-01-01T00:00:00Z" },
  };
  const odd: UpdateRequest = {
    ...requestOf({ name: "odd", apiVersion: "apps/v0" }),
    status: { phase: "Failed", lastUpdated: "2026-01-02T00:00:00Z" },
  };
  const one = Object.assign(harness({ requests: [odd, rejected, ...history(2)], workload }), { keep: 1 });
  await one.run();
  assert.equal(names(one).sort(), ["no", "odd"]);
});

s.run();

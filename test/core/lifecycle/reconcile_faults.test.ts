import { suite } from "uvu";
import * as assert from "uvu/assert";
import deployment from "../../../plugins/workloads/deployment.ts";
import { type Harness, harness, type HarnessState } from "./reconcile_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { readHistory } from "../../../core/requests/history.ts";
import { releaseOf } from "../../support/build/helm_release.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";

const s = suite("reconciler, what comes in between");
const yes = { approved: true, by: "ann" };
const failure = (one: Harness) => one.run().then(() => undefined, (error: unknown) => error);
const image = ({ workload }: Harness) => workload === "missing" ? "missing" : workload.slots[0]?.current;

const refusals: { what: string; error: KubeError; approved?: boolean; statuses: string; throws: boolean }[] = [
  { what: "422", error: new KubeError(422, "Invalid", "quota"), statuses: "a Failed ApplyRefused", throws: false },
  { what: "400", error: new KubeError(400, "BadRequest", "odd"), statuses: "a Failed ApplyRefused", throws: false },
  { what: "403", error: new KubeError(403, "Forbidden", "role"), statuses: "a Pending Forbidden", throws: true },
  {
    what: "403, approved",
    error: new KubeError(403, "Forbidden", "role"),
    approved: true,
    statuses: "a Approved Forbidden",
    throws: true,
  },
  { what: "500", error: new KubeError(500, "", "etcd"), statuses: "a - -", throws: true },
  { what: "429", error: new KubeError(429, "", "slow"), statuses: "a - -", throws: true },
  { what: "no answer", error: new KubeError(0, "Timeout", "late"), statuses: "a - -", throws: true },
  { what: "409", error: new KubeError(409, "Conflict", "changed"), statuses: "a - -", throws: true },
];
for (const { what, error, approved, statuses, throws } of refusals) {
  s(`a change that the API server refuses, ${what}: ${throws ? "comes again" : "ends it"}`, async () => {
    const one = harness({ requests: [requestOf(approved ? { decision: yes, phase: "Approved" } : {})] });
    one.meddle = () => {
      throw error;
    };
    assert.is(await failure(one), throws ? error : undefined);
    assert.equal(one.statuses(), [statuses]);
    const { status } = one.store.requests.get("default/a")!;
    if (statuses.endsWith("Refused") || statuses.endsWith("Forbidden")) assert.match(status!.message!, error.message);
    const calls = one.store.calls.length;
    assert.is(await failure(one), throws ? error : undefined);
    assert.is(one.store.calls.length, calls, "said again");
    delete one.meddle;
    await one.run();
    assert.is(image(one), throws ? "app:1.1.0" : "app:1.0.0");
  });
}

const moved: [string, Harness["workload"], string, string][] = [
  ["to a newer version", workloadOf({ image: "app:1.5.0" }), "a Superseded Newer", "app:1.5.0"],
  ["to an older version", workloadOf({ image: "app:0.9.0" }), "a Superseded MovedBack", "app:0.9.0"],
  ["to another image", workloadOf({ image: "other:1.0.0" }), "a Superseded Moved", "other:1.0.0"],
  ["to the wanted version", workloadOf({ image: "app:1.1.0" }), "a Completed AlreadyRuns", "app:1.1.0"],
  ["to a version between", workloadOf({ image: "app:1.0.5" }), "a Completed Applied", "app:1.1.0"],
  ["to another hold", workloadOf({ annotations: { held: "[]" } }), "a Completed Applied", "app:1.1.0"],
  ["to another history", workloadOf({ annotations: { "update-history": "[]" } }), "a Completed Applied", "app:1.1.0"],
  ["away", "missing", "a Failed TargetNotFound", "missing"],
  ["to another object of its name", workloadOf({ uid: "w2" }), "a Completed Applied", "app:1.1.0"],
];
for (const [where, workload, statuses, runs] of moved) {
  s(`a workload that a person moved ${where}, unknown to the watch, is read again`, async () => {
    const one = harness({ requests: [requestOf()], workload });
    one.believed = workloadOf();
    assert.is(await failure(one), undefined);
    assert.equal(one.statuses(), [statuses]);
    assert.is(image(one), runs);
  });
}

s("a request for a chart that names no container goes on after a conflict", async () => {
  const request: UpdateRequest = {
    ...requestOf({ newImage: "podinfo:6.4.0" }),
    spec: { ...requestOf({ newImage: "podinfo:6.4.0", currentImage: "podinfo:6.3.0" }).spec, updateType: "helmChart" },
  };
  delete request.spec.containerName;
  request.spec.requireApproval = true;
  const chart = releaseOf({ annotations: { "require-approval": "true" } });
  const plugin = { ...chart.plugin, resource: { ...chart.plugin.resource, ...deployment.resource } };
  const one = harness({ requests: [request], workload: { ...chart, plugin } });
  let meddled = false;
  one.store.meddle = (call) => {
    if (meddled || !call.startsWith("status")) return;
    meddled = true;
    one.store.put({ ...request, status: { message: "of another" } });
  };
  await one.run();
  assert.equal(one.statuses(), ["a Pending WaitingForApproval"]);
});

s("a status that another replica wrote stays, and is looked at again", async () => {
  const one = harness({ requests: [requestOf({ requireApproval: true })] });
  let meddled = false;
  one.store.meddle = (call) => {
    if (meddled || !call.startsWith("status")) return;
    meddled = true;
    one.store.put({ ...requestOf({ requireApproval: true, decision: yes }) });
  };
  await one.run();
  assert.equal(one.statuses(), ["a Completed Applied"]);
  assert.is(image(one), "app:1.1.0");
});

s("a request that is deleted in between is forgotten", async () => {
  const one = harness({ requests: [requestOf({ requireApproval: true })] });
  one.store.meddle = () => one.store.requests.clear();
  assert.equal(await one.run(), {});
  assert.is(one.cache.get("default/a"), undefined);
  assert.equal(one.told, []);
});

const states: Record<string, () => HarnessState> = {
  "no approval needed": () => ({ requests: [requestOf()] }),
  "approved": () => ({ requests: [requestOf({ requireApproval: true, decision: yes })] }),
  "a hint": () => ({ requests: [requestOf({ trusted: false })] }),
  "rejected": () => ({ requests: [requestOf({ decision: { approved: false, by: "bob" } })] }),
  "several versions and containers": () => ({
    requests: [
      requestOf({ name: "a", newImage: "app:1.1.0" }),
      requestOf({ name: "b", newImage: "app:1.2.0" }),
      requestOf({ name: "c", container: "proxy", currentImage: "proxy:2.0.0", newImage: "proxy:2.1.0" }),
    ],
    workload: workloadOf({ annotations: { "min-update-interval": "0" } }),
  }),
};
for (const [what, state] of Object.entries(states)) {
  s(`${what}: killed at any step and started again, the end is the same, and each change is made once`, async () => {
    const smooth = harness(state());
    await smooth.run();
    const killed = new Error("killed");
    for (let k = 1;; k++) {
      const one = harness(state());
      let step = 0;
      const kill = () => {
        if (++step === k) throw killed;
      };
      one.meddle = kill;
      one.recording = kill;
      one.store.meddle = kill;
      const error = await failure(one);
      if (error === undefined) {
        assert.ok(k > 2, "there were steps to be killed at");
        return;
      }
      assert.is(error, killed);
      await new Promise((done) => setTimeout(done, 0));
      delete one.store.meddle;
      const next = one.restarted();
      await next.run();
      assert.equal(next.statuses(), smooth.statuses(), `killed at ${k}`);
      assert.is(image(next), image(smooth));
      assert.equal([...one.applied, ...next.applied], smooth.applied, `killed at ${k}`);
      const { annotations } = next.workload as ReturnType<typeof workloadOf>;
      assert.is(readHistory(annotations.history).length, smooth.applied.length);
    }
  });
}

s.run();

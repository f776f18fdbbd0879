// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CORE_ANNOTATIONS } from "../../../core/workloads/annotations.ts";
import { failing, harness, noon } from "./reconcile_harness.ts";
import { ofHistory } from "./lifecycle_harness.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

const s = suite("what a person sets counts when a change is made");
type Annotations = Record<string, string | undefined>;

/** What the workload says where the request was made, what it says by now, and where that leaves the request. */
type Row = { before?: Annotations; now: Annotations; statuses: string } | { not: string };
const ago = (seconds: number) => new Date(noon - seconds * 1000).toISOString();
const hold = { container: "app", image: "app:1.1.0", at: ago(60), by: "ann", reason: "it is slow" };

/** Each annotation of core: what became of it is judged when the version is brought in, or why not. */
const rows: Record<string, Row> = {
  "policy": { now: { policy: "patch" }, statuses: "a Superseded PolicyRefuses" },
  "pattern": {
    before: { policy: "glob", pattern: "1.*" },
    now: { policy: "glob", pattern: "1.0.*" },
    statuses: "a Superseded PolicyRefuses",
  },
  "require-approval": { now: { "require-approval": "true" }, statuses: "a Pending WaitingForApproval" },
  "min-update-interval": {
    before: { "last-update": ago(60), "min-update-interval": "0" },
    now: { "last-update": ago(60), "min-update-interval": "1d" },
    statuses: "a Pending IntervalNotElapsed",
  },
  "images": { now: { images: "proxy" }, statuses: "a Superseded ImageLeftOut" },
  "event-source": { now: { "event-source": "none" }, statuses: "a Superseded EventSourceRefuses" },
  "polling-interval": { not: "it says when to look for versions, not which to bring in" },
  "soak": { not: "what comes after the change is judged by it, at each reading" },
  "auto-rollback": { not: "as soak; the patch of a rollback tests it, as below" },
  "rollback-timeout": { not: "as soak" },
  "health-check-retries": { not: "as soak" },
  "hold": { not: "it says what a hold keeps back: `held` is what is judged" },
  "update-history": {
    now: { "update-history": JSON.stringify([{ container: "app", image: "app:1.0.0", timestamp: ago(60) }]) },
    statuses: "a Completed Applied",
  },
  "check-requested-at": { not: "it says when to look for versions, not which to bring in" },
  "last-check": { not: "it says what came of a look" },
  "last-update": { now: { "last-update": ago(60) }, statuses: "a Pending IntervalNotElapsed" },
  "held": { now: { held: JSON.stringify([hold]) }, statuses: "a Held VersionHeld" },
  "allow-from": { not: "it statuses on what workloads refer to, and the patch of that tests it" },
};

s("no annotation of core is left out here", () => assert.equal(Object.keys(rows).sort(), [...CORE_ANNOTATIONS].sort()));

for (const [name, row] of Object.entries(rows)) {
  if ("not" in row) continue;
  const { before = {}, now, statuses } = row;
  const isApplied = statuses.includes("Completed");
  const image = ({ workload }: { workload: Workload | "missing" }) =>
    typeof workload === "string" ? workload : workload.slots[0]!.current;

  s(`${name}, as the watch tells of it before the change: ${statuses}`, async () => {
    const one = harness({ requests: [requestOf()], workload: workloadOf({ annotations: now }) });
    await one.run();
    assert.equal([one.statuses(), image(one)], [[statuses], isApplied ? "app:1.1.0" : "app:1.0.0"]);
  });

  // `last-update` is written with the history, and the interval that it begins is no refusal
  if (name === "last-update") continue;
  s(`${name}, in the instant between what was read and the change: ${statuses}`, async () => {
    const one = harness({ requests: [requestOf()], workload: workloadOf({ annotations: before }) });
    one.meddle = (call) => {
      if (call !== "patch" || one.changed.length > 0) return;
      delete one.meddle;
      one.workload = workloadOf({ annotations: now });
    };
    await one.run();
    assert.equal([one.statuses(), image(one)], [[statuses], isApplied ? "app:1.1.0" : "app:1.0.0"]);
  });

  if (name === "update-history" || name === "held") continue;
  s(
    `${name} of a workload whose version statuses in another object, not told of by the watch: ${statuses}`,
    async () => {
      const one = harness({ requests: [requestOf()], workload: workloadOf({ annotations: now }) });
      const resource = { group: "", version: "v1", plural: "things", kind: "Thing" };
      const carrier = { resource, namespace: "default", name: "thing", uid: "w1", resourceVersion: "3" };
      one.believed = { ...workloadOf({ annotations: before }), carrier };
      await one.run();
      assert.equal([one.statuses(), image(one)], [[statuses], "app:1.0.0"]);
    },
  );
}

s("what was found without an approval, and is to have one by now, says so, and goes on with it", async () => {
  const one = harness({
    requests: [requestOf()],
    workload: workloadOf({ annotations: { "require-approval": "true" } }),
  });
  await one.run();
  const { status } = one.store.requests.get("default/a")!;
  assert.is(status?.conditions?.find(({ type }) => type === "Approved")?.reason, "WaitingForApproval");
  one.store.changed!(await one.store.decide("default", "a", { approved: true, by: "ann" }) as never);
  await one.run();
  assert.equal(one.statuses(), ["a Completed Applied"]);
});

s("auto-rollback that is taken back in the instant before a rollback: left as it is", async () => {
  const entry = { updateRequestUid: "uid-a", updateRequestName: "a" };
  const one = harness({
    requests: [requestOf({ phase: "Verifying", appliedAt: ago(60) })],
    workload: ofHistory("app:1.1.0", entry, { "auto-rollback": "true", "health-check-retries": "1" }),
  });
  one.reading = failing;
  one.meddle = (call, type) => {
    if (call !== "patch" || type !== "roll back") return;
    delete one.meddle;
    one.workload = ofHistory("app:1.1.0", entry, { "health-check-retries": "1" });
  };
  await one.run();
  assert.equal([one.statuses(), one.changed], [["a Failed Applied"], []]);
});

s.run();

// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Harness, harness, healthy } from "./reconcile_harness.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("reconciler, where the watch tells of a request before it tells of its workload");
const image = ({ workload }: Harness) => workload === "missing" ? "missing" : workload.slots[0]?.current;

const made = { currentImage: "app:1.1.0", newImage: "app:1.2.0" };
const rows: [what: string, believed: string, is: string, request: RequestChanges, statuses: string, runs: string][] = [
  ["a person had moved it up", "app:1.0.0", "app:1.1.0", made, "a Completed Applied", "app:1.2.0"],
  ["a person had taken it back", "app:1.2.0", "app:1.1.0", made, "a Completed Applied", "app:1.2.0"],
  ["a person had taken it back from a newer one", "app:1.3.0", "app:1.1.0", made, "a Completed Applied", "app:1.2.0"],
  ["a person had moved it to this repository", "other:1.1.0", "app:1.1.0", made, "a Completed Applied", "app:1.2.0"],
  ["a person has taken it back since", "app:1.1.0", "app:1.0.0", made, "a Superseded MovedBack", "app:1.0.0"],
  ["it really was taken back", "app:1.0.0", "app:1.0.0", made, "a Superseded MovedBack", "app:1.0.0"],
];
for (const [what, believed, is, request, statuses, runs] of rows) {
  s(`${what}: ${statuses}`, async () => {
    const one = harness({ requests: [requestOf(request)], workload: workloadOf({ image: is }) });
    one.believed = workloadOf({ image: believed });
    await one.run();
    assert.equal(one.statuses(), [statuses]);
    assert.is(image(one), runs);
  });
}

s("one that was made anew is not taken for the one that was rolled back", async () => {
  const entry = { container: "app", timestamp: "2026-01-01T11:00:00Z" };
  const back = { ...entry, image: "app:1.0.0", rollback: { of: "app:1.1.0", by: "ann", reason: "slow" } };
  const anew = { ...entry, image: "app:1.1.0", timestamp: "2026-01-01T11:59:00Z", updateRequestUid: "uid-a" };
  const history = (...entries: unknown[]) => ({ "update-history": JSON.stringify(entries) });
  const one = harness({
    requests: [requestOf({ phase: "Verifying", appliedAt: anew.timestamp })],
    workload: workloadOf({ image: "app:1.1.0", annotations: history(anew, back) }),
  });
  one.believed = workloadOf({ annotations: history(back) });
  one.reading = healthy;
  await one.run();
  assert.equal(one.statuses(), ["a Verifying Applied"]);
});

s("a request that comes while the loop runs is not ended by what was read before", async () => {
  const one = harness({ requests: [requestOf({ name: "a", newImage: "app:1.1.0" })] });
  one.meddle = (call) => {
    if (call !== "patched" || one.store.requests.size > 1) return;
    const next = requestOf({ name: "b", currentImage: "app:1.1.5", newImage: "app:1.2.0" });
    one.store.put(next);
    one.cache.upsert(next);
  };
  one.recording = () => {
    if (image(one) === "app:1.1.0") one.workload = workloadOf({ image: "app:1.1.5" });
  };
  await one.run();
  assert.equal(one.statuses(), ["a Completed Applied", "b Completed Applied"]);
  assert.is(image(one), "app:1.2.0");
});

s("one that names an apiVersion which nobody serves does not end the others", async () => {
  const odd = requestOf({ name: "a", apiVersion: "apps/v2" });
  const one = harness({ requests: [odd, requestOf({ name: "b" })] });
  await one.run();
  assert.equal(one.statuses(), ["a Failed UnknownKind", "b Completed Applied"]);
});

s.run();

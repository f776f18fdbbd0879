import { suite } from "uvu";
import * as assert from "uvu/assert";
import { prunable } from "../../../core/lifecycle/prune.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";

const s = suite("finished requests that need not be kept");

interface Finished extends RequestChanges {
  /** When its last word was written. */
  minute?: number;
  reason?: string;
}
function finished({ minute = 0, reason = "Applied", phase = "Completed", ...changes }: Finished): UpdateRequest {
  const lastUpdated = new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
  const condition = { type: "Applied", status: "False", reason, message: "", lastTransitionTime: lastUpdated } as const;
  return { ...requestOf(changes), status: { phase, lastUpdated, conditions: [condition] } };
}
const names = (requests: UpdateRequest[]) => requests.map(({ metadata }) => metadata.name).sort();
const prune = (requests: UpdateRequest[], keep: number, workload = workloadOf({ image: "app:1.5.0" })) =>
  names(prunable(requests, workload, keep, () => false));

s("the latest are kept, in whatever order they come", () => {
  const old = { newImage: "app:1.0.5" };
  const all = [["c", 3], ["a", 1], ["d", 4], ["b", 2]].map(([name, minute]) =>
    finished({ ...old, name: String(name), minute: Number(minute) })
  );
  assert.equal(prune(all, 4), []);
  assert.equal(prune(all, 2), ["a", "b"]);
  assert.equal(prune(all, 0), ["a", "b", "c", "d"]);
});

s("what is not finished is neither pruned nor counted", () => {
  const waiting = requestOf({ name: "w" });
  const phases = ["Approved", "Verifying", "Held"] as const;
  const others = phases.map((phase) => requestOf({ name: phase, phase, newImage: "app:1.0.6" }));
  const done = finished({ name: "a", newImage: "app:1.0.5" });
  assert.equal(prune([waiting, ...others, done], 1), []);
  assert.equal(prune([waiting, ...others, done], 0), ["a"]);
});

s("one that has a notification to be delivered stays", () => {
  const all = [finished({ name: "a" }), finished({ name: "b" })];
  const hasPendingNotifications = ({ metadata }: UpdateRequest) => metadata.name === "a";
  assert.equal(names(prunable(all, workloadOf({ image: "app:1.5.0" }), 0, hasPendingNotifications)), ["b"]);
});

const [d, e] = ["d", "e"].map((digit) => `sha256:${digit.repeat(64)}`);
/** What runs, the request, whether it stays as the memory of a person's will. */
const memories: [string, string, Finished, boolean][] = [
  ["rejected, above what runs", "app:1.0.0", { phase: "Rejected", newImage: "app:1.1.0" }, true],
  ["rejected, below what runs", "app:1.2.0", { phase: "Rejected", newImage: "app:1.1.0" }, false],
  ["rejected, and it runs by now", "app:1.1.0", { phase: "Rejected", newImage: "app:1.1.0" }, false],
  ["rejected, a digest of the tag", `app:main@${d}`, { phase: "Rejected", newImage: `app:main@${e}` }, true],
  ["rejected, a digest of a version", `app:1.1@${d}`, { phase: "Rejected", newImage: `app:1.1@${e}` }, true],
  ["rejected, the digest that runs by now", `app:main@${e}`, { phase: "Rejected", newImage: `app:main@${e}` }, false],
  ["rejected, without an order", "app:main-a", { phase: "Rejected", newImage: "app:main-b" }, true],
  ["applied, and left by a person", "app:1.0.0", { newImage: "app:1.1.0" }, true],
  ["applied, and it runs", "app:1.1.0", { newImage: "app:1.1.0" }, false],
  ["applied, and moved on from", "app:1.2.0", { newImage: "app:1.1.0" }, false],
  ["applied, without an order", "app:main-a", { newImage: "app:main-b" }, false],
  ["rolled back, above what runs", "app:1.0.0", { phase: "RolledBack", newImage: "app:1.1.0" }, true],
  ["rolled back, and moved on from", "app:1.2.0", { phase: "RolledBack", newImage: "app:1.1.0" }, false],
  ["rolled back, let go, and it runs", "app:1.1.0", { phase: "RolledBack", newImage: "app:1.1.0" }, false],
  ["expired, above what runs", "app:1.0.0", { phase: "Expired", newImage: "app:1.1.0" }, true],
  ["failed, above what runs", "app:1.0.0", { phase: "Failed", newImage: "app:1.1.0" }, false],
  ["moved back by a person", "app:0.9.0", { phase: "Superseded", reason: "MovedBack", newImage: "app:1.1.0" }, true],
  ["gave way to a newer one", "app:1.0.0", { phase: "Superseded", reason: "Newer", newImage: "app:1.1.0" }, false],
  ["of a container that is gone", "app:1.0.0", { container: "gone", phase: "Rejected", newImage: "app:1.1.0" }, false],
  ["of another container", "app:1.0.0", { container: "proxy", phase: "Rejected", newImage: "proxy:2.1.0" }, true],
];
for (const [what, image, request, stays] of memories) {
  s(`${what}: ${stays ? "stays" : "may go"}`, () => {
    assert.equal(prune([finished(request)], 0, workloadOf({ image })), stays ? [] : ["a"]);
  });
}

s("of a workload that nobody knows nothing is a memory", () => {
  const rejected = finished({ phase: "Rejected", newImage: "app:1.1.0" });
  assert.equal(names(prunable([rejected], undefined, 0, () => false)), ["a"]);
});

s.run();

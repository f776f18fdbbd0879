import { suite } from "uvu";
import * as assert from "uvu/assert";
import { consideredRequests } from "../../../core/lifecycle/looked_at.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";

const s = suite("which requests of a workload are looked at");

const byHand: RequestChanges = { sighting: undefined, requireApproval: true };
const proposals = (count: number) =>
  Array.from({ length: count }, (_, index) => requestOf({ ...byHand, name: `hand-${String(index).padStart(5, "0")}` }));

s("of thousands of proposals the oldest fifty, and all that are none", () => {
  const others = [
    requestOf({ name: "own", requireApproval: true }),
    requestOf({ ...byHand, name: "approved", decision: { approved: true, by: "ann" } }),
    requestOf({ ...byHand, name: "running", phase: "Verifying", appliedAt: "2026-01-01T11:00:00Z" }),
    requestOf({ ...byHand, name: "done", phase: "Completed" }),
    requestOf({ ...byHand, name: "without", requireApproval: false }),
  ];
  const names = consideredRequests([...proposals(4_000).reverse(), ...others]).map(({ metadata }) => metadata.name);
  assert.is(names.length, 55);
  assert.ok(names.includes("hand-00000") && names.includes("hand-00049") && !names.includes("hand-00050"));
  for (const { metadata } of others) assert.ok(names.includes(metadata.name), metadata.name);
});

s("of fifty all", () => {
  const all = proposals(50);
  assert.is(consideredRequests(all), all);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { consideredRequests } from "../../../core/lifecycle/lifecycle.ts";
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

s("the oldest is the first created, whatever its name; of one time, the first by name", () => {
  const minute = (index: number) => `2026-01-01T11:${String(59 - index).padStart(2, "0")}:00Z`;
  const all = proposals(51).map((request, index) => {
    return { ...request, metadata: { ...request.metadata, creationTimestamp: minute(Math.min(index, 49)) } };
  });
  const left = (requests: typeof all) => {
    const considered = consideredRequests(requests);
    return requests.filter((request) => !considered.includes(request)).map(({ metadata }) => metadata.name);
  };
  assert.equal(left(all), ["hand-00000"], "the youngest");
  const same = proposals(52);
  for (const given of [same, [...same].reverse()]) assert.equal(left(given).sort(), ["hand-00050", "hand-00051"]);
});

s("of fifty all", () => {
  const all = proposals(50);
  assert.is(consideredRequests(all), all);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { requestOf } from "../../support/build/update_request.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import { updateTimeline } from "../../../core/read_model/update_timeline.ts";

const s = suite("read model, what happened to a request");

const steps = [
  { at: "2026-01-01T11:00:01Z", phase: "Pending", reason: "WaitingForApproval", message: "it waits" },
  { at: "2026-01-01T11:05:00Z", phase: "Verifying", reason: "Applied", message: "applied" },
] as const;

const texts = (request: UpdateRequest) =>
  updateTimeline(request).map(({ at, what, actor, way, message }) => [at, what, actor, way, message]);

s("begins with who saw it, and has a person's word where they said it", () => {
  const request = requestOf({
    phase: "Verifying",
    steps,
    decision: { approved: true, by: "ann", via: "dashboard", reason: "looks good" },
  });
  request.status!.approvedAt = "2026-01-01T11:04:59Z";
  assert.equal(texts(request), [
    ["2026-01-01T11:00:00Z", "seen", "Headwind", "webhook (registry)", undefined],
    ["2026-01-01T11:00:01Z", "Pending", "Headwind", undefined, "it waits"],
    ["2026-01-01T11:04:59Z", "approved", "ann", "dashboard", "looks good"],
    ["2026-01-01T11:05:00Z", "Verifying", "Headwind", undefined, "applied"],
  ]);
});

s("a word that Headwind has not seen yet is the last, without a time", () => {
  const request = requestOf({ phase: "Pending", steps: steps.slice(0, 1), decision: { approved: false, by: "bob" } });
  assert.equal(texts(request).at(-1), [undefined, "rejected", "bob", undefined, undefined]);
});

s("a step that says of a decision what it says itself is not told beside it; what else it says is", () => {
  const decision = { approved: true, by: "ann", via: "dashboard" } as const;
  const said = {
    at: "2026-01-01T11:04:00Z",
    phase: "Approved",
    reason: "Approved",
    message: "approved by ann, to be applied",
  } as const;
  const waits = {
    at: "2026-01-01T11:03:00Z",
    phase: "Approved",
    reason: "OutsideUpdateWindow",
    message: "waits for its window",
  } as const;
  const approved = requestOf({ phase: "Verifying", steps: [steps[0], waits, said, steps[1]], decision });
  approved.status!.approvedAt = "2026-01-01T11:03:00Z";
  assert.equal(texts(approved).map(([, what, actor]) => `${what} ${actor}`), [
    "seen Headwind",
    "Pending Headwind",
    "approved ann",
    "Approved Headwind",
    "Verifying Headwind",
  ]);
  const step = {
    at: "2026-01-01T11:05:00Z",
    phase: "Rejected",
    reason: "Rejected",
    message: "rejected by bob: freeze",
  } as const;
  const no = { approved: false, by: "bob", reason: "freeze" };
  assert.equal(texts(requestOf({ phase: "Rejected", steps: [steps[0], step], decision: no })).at(-1), [
    "2026-01-01T11:05:00Z",
    "rejected",
    "bob",
    undefined,
    "freeze",
  ]);
});

s("what a person made says who", () => {
  const request = requestOf({ sighting: undefined, madeBy: "ann" });
  assert.equal(texts(request), [["2026-01-01T11:00:00Z", "made by hand", "ann", undefined, undefined]]);
});

s.run();

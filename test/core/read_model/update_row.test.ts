import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rowOf } from "../../../core/read_model/update_row.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("rows of updates");

s("say what is changed from what to what", () => {
  const row = rowOf(requestOf({
    namespace: "shop",
    targetNamespace: "shop",
    name: "web-1",
    containers: ["app", "migrate"],
    currentImage: "registry.example/shop/app:1.0.0",
    newImage: "registry.example/shop/app:1.1.0",
  }));
  assert.is(row.key, "shop/web-1");
  assert.is(row.workload, "Deployment/shop/web");
  assert.is(row.target, "deployment/web");
  assert.is(row.containers, "app and migrate");
  assert.equal([row.from, row.to, row.step], ["1.0.0", "1.1.0", "minor"]);
  assert.is(row.hand, undefined);
});

s("one that nobody has looked at waits for Headwind", () => {
  const row = rowOf(requestOf());
  assert.equal([row.phase, row.stage, row.waitsFor, row.since], ["Pending", "waiting", "Headwind", undefined]);
  assert.ok(row.isUndecided);
  assert.match(row.why, /has not looked/);
});

s("tell since when it stands where it does", () => {
  const step = (at: string, phase: "Pending" | "Verifying", reason: string) => ({ at, phase, reason, message: "" });
  const row = rowOf(requestOf({
    phase: "Verifying",
    steps: [
      step("2026-01-01T11:00:00Z", "Pending", "WaitingForApproval"),
      step("2026-01-01T11:01:00Z", "Verifying", "Progressing"),
      step("2026-01-01T11:02:00Z", "Verifying", "Healthy"),
    ],
  }));
  assert.is(row.since, Date.parse("2026-01-01T11:02:00Z"));
  assert.is(row.reason, "Healthy");
});

s("say who decided, by which way, and why", () => {
  const decision = { approved: false, by: "ann", via: "kubectl", reason: "not on a Friday" };
  const row = rowOf(requestOf({ decision, phase: "Rejected" }));
  assert.equal(row.decided, decision);
  assert.not(row.isUndecided);
  assert.is(row.stage, "finished");
});

s("of what a person made, that", () => {
  assert.is(rowOf(requestOf({ sighting: undefined, madeBy: "ann" })).hand, "made by hand by ann");
});

s("are made once for each state of a request", () => {
  const request = requestOf();
  assert.is(rowOf(request), rowOf(request));
  assert.is.not(rowOf(request), rowOf({ ...request }));
});

s.run();

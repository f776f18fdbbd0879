import { suite } from "uvu";
import * as assert from "uvu/assert";
import createDashboard from "../../../../ui/web/app.ts";
import { dashboardContext, type DashboardContextChanges } from "../../../support/build/dashboard_context.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { workloadOf } from "../../../support/build/workload.ts";

const s = suite("ui/web, page of one workload");

async function open(changes: DashboardContextChanges) {
  const dashboard = await createDashboard(dashboardContext(changes));
  const request = new Request("http://127.0.0.1:8082/workloads/Deployment/default/web");
  const answer = await dashboard.fetch(request, { address: "127.0.0.1" });
  const text = await answer.text();
  assert.is(answer.status, 200, text);
  return text;
}

const at = "2026-01-01T11:00:00Z";
const waiting = requestOf({
  requireApproval: true,
  phase: "Pending",
  message: "waits for approval",
  conditions: [{ type: "Applied", status: "False", reason: "WaitingForApproval", message: "", lastTransitionTime: at }],
});
const rejected = requestOf({ name: "b", newImage: "app:1.2.0", phase: "Rejected", message: "rejected by bob" });
const held = requestOf({ name: "c", newImage: "app:1.3.0", phase: "Held", message: "app:1.3.0 is held" });
const hold = { container: "app", at: "2026-01-01T11:00:00Z", by: "headwind", reason: "it crashed" };

s("offers to approve, to retry and to resume to who may, and tells others that it takes somebody else", async () => {
  const changes = {
    requests: [waiting, rejected, held],
    workloads: [workloadOf({ held: [{ ...hold, image: "app:1.3.0" }] })],
  };
  const may = await open({ ...changes, open: true });
  const mayNot = await open({ ...changes, open: false });
  for (
    const [offered, told] of [
      ["you may approve it on its page", "it takes somebody who may approve it"],
      ["a retry on its page", "a retry by somebody who may"],
      ["press Resume below", "it takes somebody who may change the workload"],
    ] as const
  ) {
    assert.match(may, offered);
    assert.not.match(may, told);
    assert.match(mayNot, told);
    assert.not.match(mayNot, offered);
  }
});

s("says of its updates what lists of updates say, and until when they wait", async () => {
  const message = "waits for approval of registry.example.com/team/app:1.1.0";
  const expiresAt = "2026-12-01T12:00:00Z";
  const text = await open({
    requests: [
      requestOf({ requireApproval: true, phase: "Pending", reason: "WaitingForApproval", message, expiresAt }),
    ],
    workloads: [workloadOf()],
  });
  const [table] = /<table id="workload-updates"[\s\S]*?<\/table>/.exec(text)!;
  assert.match(table, /waits for approval<\/span>[\s\S]*expires <time datetime="2026-12-01T12:00:00Z"/);
  assert.not.match(table, "approval of registry");
});

s("says by whom something was done in the same words everywhere", async () => {
  const rollback = { of: "app:1.1.0", by: "headwind", reason: "it crashed" };
  const entry = {
    container: "app",
    image: "app:1.0.0",
    previousImage: "app:1.1.0",
    timestamp: "2026-01-01T11:00:00Z",
    rollback,
  };
  const text = await open({ workloads: [workloadOf({ held: [hold], history: [entry] })], open: true });
  assert.match(text, "rolled back to by Headwind");
  assert.match(text, "held by Headwind: it crashed");
  assert.not.match(text, /by headwind|<div>headwind|>\s*headwind\s*</);
});

s.run();

import * as assert from "uvu/assert";
import { suite } from "uvu";
import createDashboard from "../../../../ui/web/app.ts";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import { workloadOf } from "../../../support/build/workload.ts";

const s = suite("ui/web, what a workload's page says of a check that was asked for");

async function open(annotations: Record<string, string>, { decides = true } = {}) {
  const context = dashboardContext({ workloads: [workloadOf({ annotations })], open: decides });
  const dashboard = await createDashboard(context);
  const request = new Request("http://127.0.0.1:8082/workloads/Deployment/default/web");
  const answer = await dashboard.fetch(request, { address: "127.0.0.1" });
  const text = await answer.text();
  assert.is(answer.status, 200, text);
  return text;
}
const outcome = (more: object) =>
  JSON.stringify({ requested: "now", at: "2026-11-30T11:59:00Z", updateRequests: [], ...more });

s("one that is still to come", async () => {
  assert.match(await open({ "check-requested-at": "now" }), "A check is asked for");
  const again = { "check-requested-at": "again", "last-check": outcome({}) };
  assert.match(await open(again), "A check is asked for");
});

s("one that was done: when, and what it found or why it failed", async () => {
  const asked = { "check-requested-at": "now" };
  const nothing = await open({ ...asked, "last-check": outcome({}) });
  assert.match(nothing, /datetime="2026-11-30T11:59:00(\.000)?Z"[\s\S]*nothing new/);
  const found = await open({ ...asked, "last-check": outcome({ updateRequests: ["web-app-1"] }) });
  assert.match(found, 'href="/updates/default/web-app-1"');
  const failed = await open({ ...asked, "last-check": outcome({ error: "<b>it is away" }) });
  assert.match(failed, "&lt;b&gt;it is away");
});

s("the button is there for who may press it, where there is something to look at", async () => {
  const form = 'action="/workloads/Deployment/default/web/check"';
  assert.match(await open({}), form);
  assert.not.match(await open({ "event-source": "none" }), form);
  assert.not.match(await open({}, { decides: false }), form);
});

s.run();

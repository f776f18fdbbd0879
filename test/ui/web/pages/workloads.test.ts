import { suite } from "uvu";
import * as assert from "uvu/assert";
import createDashboard from "../../../../ui/web/app.ts";
import { dashboardContext, type DashboardContextChanges } from "../../../support/build/dashboard_context.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { workloadOf } from "../../../support/build/workload.ts";

const s = suite("ui/web, pages of workloads");

const history = JSON.stringify([
  {
    container: "app",
    image: "app:1.0.0",
    previousImage: "app:0.9.0",
    timestamp: "2026-01-01T10:00:00Z",
    verified: true,
  },
  { container: "app", image: "app:0.9.0", previousImage: "app:0.8.0", timestamp: "2025-12-01T10:00:00Z" },
  { container: "app", image: "app:1.0.0", previousImage: "app:0.9.0", timestamp: "2025-11-01T10:00:00Z" },
]);
const held = JSON.stringify([
  { container: "app", image: "app:1.0.7", at: "2026-01-01T10:00:00Z", by: "ann", reason: "slow <b>start</b>" },
]);
const web = workloadOf({ annotations: { "update-history": history, held } });

async function open(changes: DashboardContextChanges = {}) {
  const requests = [requestOf({ requireApproval: true, phase: "Pending", reason: "WaitingForApproval" })];
  const context = dashboardContext({
    requests,
    workloads: [web, workloadOf({ name: "mail" })],
    open: true,
    ...changes,
  });
  const dashboard = await createDashboard(context);
  context.versionsOf = () =>
    Promise.resolve({ warnings: [], versions: [{ tag: "1.1.0" }, { tag: "1.0.7" }, { tag: "0.9.0" }] });
  return async (path: string) => {
    const answer = await dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`), { address: "127.0.0.1" });
    return { status: answer.status, text: await answer.text() };
  };
}

s("a line says what runs, what would come, what is held and when it was changed", async () => {
  const { status, text } = await (await open())("/workloads");
  assert.is(status, 200, text);
  for (
    const part of [
      "deployment/web",
      "app:<wbr>1.0.0",
      ">1.1.0</a>",
      "holds 1.0.7",
      "2026-01-01 10:00 UTC",
      "Update waits",
    ]
  ) {
    assert.ok(text.includes(part), part);
  }
});

s("what is searched, chosen and beyond the last page is said in words", async () => {
  const get = await open();
  assert.match((await get("/workloads?search=nothing")).text, "None of 2 workloads fits");
  assert.match((await get("/workloads?page=9")).text, "There is no page 9: the list has 1 page");
  assert.match((await get("/workloads?namespace=nowhere")).text, /None of 2 workloads|namespace nowhere/);
  for (const wrong of ["page=0", "page=x", "sort=colour", "state=happy"]) {
    const { status, text } = await get(`/workloads?${wrong}`);
    assert.is(status, 400, wrong);
    assert.match(text, wrong.split("=")[0]!);
  }
  assert.match((await (await open({ workloads: [] }))("/workloads")).text, "headwind.sh/policy=minor");
});

s("the page of one tells why of each version, its history, what is held, and has what may be pressed", async () => {
  const { status, text } = await (await open())("/workloads/Deployment/default/web");
  assert.is(status, 200, text);
  for (
    const part of [
      'action="/workloads/Deployment/default/web/check"',
      'action="/workloads/Deployment/default/web/hold"',
      'action="/workloads/Deployment/default/web/resume"',
      'action="/workloads/Deployment/default/web/rollback"',
      "is lower than 1.0.0",
      "held by ann",
      "slow &lt;b&gt;start&lt;/b&gt;",
    ]
  ) assert.ok(text.includes(part), part);
  assert.is(text.match(/\/rollback"/g)!.length, 1, "not back to what runs");
});

s("who may not change it has nothing to press", async () => {
  const { text } = await (await open({ open: false }))("/workloads/Deployment/default/web");
  assert.not.match(text, 'action="/workloads/');
});

s("a registry that cannot be asked, and a workload that is not there", async () => {
  const context = dashboardContext({ workloads: [web], open: true });
  context.versionsOf = () => Promise.resolve({ warnings: [], unreachable: "reg cannot be asked." });
  const dashboard = await createDashboard(context);
  const get = async (path: string) =>
    await dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`), { address: "127.0.0.1" });
  assert.match(await (await get("/workloads/Deployment/default/web")).text(), "reg cannot be asked");
  assert.is((await get("/workloads/Deployment/default/none")).status, 404);
});

s("a check of no time that there is, which anybody may write, is none", async () => {
  const outcome = (at: string) => JSON.stringify({ requested: "now", at, updateRequests: [] });
  for (const [at, shown] of [["2026-11-30T10:00:00Z", /2026-11-30 10:00 UTC/], ["2026-11-30T10:00:00+99:99", /></]]) {
    const get = await open({ workloads: [workloadOf({ annotations: { "last-check": outcome(at as string) } })] });
    const { text } = await get("/workloads");
    assert.match(text, shown as RegExp);
    assert.not.match(text, "NaN");
  }
});

s.run();

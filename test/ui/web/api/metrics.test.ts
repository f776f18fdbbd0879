import { suite } from "uvu";
import * as assert from "uvu/assert";
import createDashboard from "../../../../ui/web/app.ts";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import { opened } from "../identity/opened.ts";
import { numbers, type NumbersChanges } from "../../../support/build/numbers.ts";

const s = suite("ui/web/api/metrics");

/** At 12:02:03, so that the step that runs ends at 12:05. */
async function get(path: string, changes: NumbersChanges = {}) {
  const context = dashboardContext({ now: "2026-11-30T12:02:03Z", numbers: numbers(changes) });
  const dashboard = await createDashboard(context);
  const answer = await dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`), { address: "127.0.0.1" });
  assert.match(answer.headers.get("content-type")!, "application/json");
  return { status: answer.status, body: await answer.json() };
}
const seconds = (time: string) => Date.parse(time) / 1000;

s("the numbers of now have Headwind's shape", async () => {
  const { status, body } = await get("/api/v1/metrics", {
    state: { name: "prometheus", title: "Prometheus" },
    current: [
      { name: "headwind_updates_pending", labels: { instance: "a" }, value: 5 },
      { name: "headwind_updates_pending", labels: { instance: "b" }, value: 5 },
      { name: "headwind_updates_applied_total", labels: { instance: "a" }, value: 100 },
      { name: "headwind_updates_applied_total", labels: { instance: "b" }, value: 15 },
    ],
  });
  assert.is(status, 200);
  assert.equal(body, {
    backend: "Prometheus",
    metrics: {
      updates_pending: 5,
      updates_approved: 0,
      updates_rejected: 0,
      updates_applied: 115,
      updates_failed: 0,
      deployments_watched: 0,
      statefulsets_watched: 0,
      daemonsets_watched: 0,
      helm_releases_watched: 0,
    },
  });
});

s("a day of a metric has Headwind's shape, the step that runs with the time of now", async () => {
  const points: [number, number][] = [[seconds("2026-11-30T12:00:00Z"), 3], [seconds("2026-11-30T12:05:00Z"), 4]];
  const { status, body } = await get("/api/v1/metrics/timeseries/headwind_updates_pending", {
    series: { headwind_updates_pending: [{ labels: {}, points }] },
  });
  assert.is(status, 200);
  assert.equal(body, [
    { timestamp: "2026-11-30T12:00:00Z", value: 3 },
    { timestamp: "2026-11-30T12:02:03Z", value: 4 },
  ]);
  assert.equal(await get("/api/v1/metrics/timeseries/headwind_queue_depth"), { status: 200, body: [] });
});

s("what is no metric is said to be none, however it is written", async () => {
  for (const name of ["headwind_never_heard_of", "up", "a%22%7Bb%7D", "__proto__", "x".repeat(3000)]) {
    const { status, body } = await get(`/api/v1/metrics/timeseries/${name}`);
    assert.is(status, 404, name);
    assert.is(body.field, "metric");
    assert.ok(body.error.length < 300);
  }
});

s("a backend that fails is told in its words", async () => {
  const error = "Prometheus answered 422: too many samples";
  assert.equal(await get("/api/v1/metrics", { fails: { current: error } }), { status: 502, body: { error } });
  assert.equal(
    await get("/api/v1/metrics/timeseries/headwind_queue_depth", { fails: { headwind_queue_depth: error } }),
    { status: 502, body: { error } },
  );
});

s("who is not known is told so as JSON and led nowhere, and a token is enough", async () => {
  const tokens = new Map([["a-token", "ann"]]);
  const { get } = await opened({ tokens, env: { HEADWIND_UI_AUTH_MODE: "token" }, numbers: numbers() });
  const unknown = await get("/api/v1/metrics");
  assert.is(unknown.status, 401);
  assert.ok((await unknown.json()).error.length > 0);
  assert.is((await get("/api/v1/metrics", { authorization: "Bearer a-token" })).status, 200);
  const nowhere = await get("/api/v1/nothing", { authorization: "Bearer a-token" });
  assert.is(nowhere.status, 404);
  assert.match((await nowhere.json()).error, "nothing is at /api/v1/nothing");
});

s.run();

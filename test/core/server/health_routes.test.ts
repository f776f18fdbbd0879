import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import { metricsApp } from "../../../core/server/health_routes.ts";

const s = suite("health and metrics");
const get = async (app: { fetch(request: Request): Response | Promise<Response> }, path: string) =>
  await app.fetch(new Request(`http://headwind.example${path}`));
const health = (...reasons: string[]) => ({ unready: () => reasons, version: "1.2.3" });

// deno-fmt-ignore
const rows: { path: string; reasons: string[]; status: number; body: string | Record<string, unknown> }[] = [
  { path: "/healthz", reasons: [], status: 200, body: "ok" },
  { path: "/healthz", reasons: ["not yet"], status: 200, body: "ok" },
  { path: "/readyz", reasons: [], status: 200, body: "ok" },
  { path: "/readyz", reasons: ["not yet", "and more"], status: 503, body: "not ready: not yet; and more" },
  { path: "/health", reasons: [], status: 200, body: { status: "healthy", version: "1.2.3" } },
  { path: "/health", reasons: ["not yet"], status: 200, body: { status: "unready", version: "1.2.3", reasons: ["not yet"] } },
];
for (const { path, reasons, status, body } of rows) {
  s(`${path}, ${reasons.length > 0 ? "not ready" : "ready"}`, async () => {
    const answer = await get(metricsApp(createMetrics(), health(...reasons)), path);
    assert.is(answer.status, status);
    const text = await answer.text();
    assert.equal(typeof body === "string" ? text : JSON.parse(text), body);
  });
}

s("readiness is asked anew each time", async () => {
  const reasons = ["not yet"];
  const app = metricsApp(createMetrics(), { unready: () => reasons, version: "1.2.3" });
  assert.is((await get(app, "/readyz")).status, 503);
  reasons.length = 0;
  assert.is((await get(app, "/readyz")).status, 200);
});

s("/metrics in the text format of Prometheus, with what was counted", async () => {
  const metrics = createMetrics();
  const app = metricsApp(metrics, health());
  metrics.count("webhookEvents", {}, 3);
  const answer = await get(app, "/metrics");
  assert.is(answer.status, 200);
  assert.is(answer.headers.get("content-type"), metrics.contentType);
  assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  assert.match(text, /^headwind_webhook_events_total 3$/m);
  for (const line of text.split("\n")) assert.match(line, /^$|^# (HELP|TYPE) \S+ .+$|^\w+(\{.*\})? \S+$/);
});

s("any other route: 404", async () => {
  const answer = await get(metricsApp(createMetrics(), health()), "/other");
  assert.is(answer.status, 404);
  assert.equal(await answer.json(), { error: "there is no /other" });
});

s.run();

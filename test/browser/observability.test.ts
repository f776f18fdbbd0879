import * as assert from "uvu/assert";
import { suite } from "uvu";
import { look } from "./looks.ts";
import { numbers, type NumbersChanges } from "../support/build/numbers.ts";
import { requestOf } from "../support/build/update_request.ts";
import type { Series } from "../../core/plugin.ts";
import { openLocalDashboard } from "./local_dashboard.ts";
import { textOf } from "./dashboard.ts";

const s = suite("the observability page in a browser");
const NOW = "2026-11-30T12:02:03Z";
const end = Date.parse("2026-11-30T12:05:00Z") / 1000;

/** A day of five-minute steps. */
const day = (labels: Record<string, string>, valueAt: (step: number) => number | undefined): Series => ({
  labels,
  points: Array.from(
    { length: 289 },
    (_, step): [number, number | undefined] => [end - (288 - step) * 300, valueAt(step)],
  )
    .filter((point): point is [number, number] => point[1] !== undefined),
});
const wave = (step: number, height: number) => Math.round(height * (1 + Math.sin(step / 20)) / 2);
const busy: NumbersChanges = {
  state: {
    name: "victoriametrics",
    title: "VictoriaMetrics",
    url: "http://vmsingle-main.monitoring.svc:8428",
    found: true,
    passed: [{
      name: "prometheus",
      title: "Prometheus",
      url: "http://prometheus-operated.monitoring.svc:9090",
      why: "it knows no series of Headwind's",
    }],
  },
  current: [
    { name: "headwind_updates_pending", labels: {}, value: 7 },
    { name: "headwind_deployments_watched", labels: {}, value: 1240 },
    { name: "headwind_helm_releases_watched", labels: {}, value: 96 },
  ],
  series: {
    headwind_updates_applied_total: [day({}, (step) => step % 12 === 0 ? wave(step, 6) : 0)],
    headwind_updates_approved_total: [day({}, (step) => step % 24 === 0 ? 2 : 0)],
    headwind_updates_failed_total: [day({}, (step) => step === 200 ? 3 : 0)],
    headwind_workloads_watched: [
      day({ kind: "deployment" }, (step) => 1200 + wave(step, 40)),
      day({ kind: "statefulset" }, () => 180),
      day({ kind: "helmrelease" }, (step) => step > 100 ? 96 : undefined),
    ],
    headwind_sighting_to_applied_seconds_sum: [day({}, (step) => step % 24 === 0 ? 40 + step : 0)],
    headwind_sighting_to_applied_seconds_count: [day({}, (step) => step % 24 === 0 ? 2 : 0)],
    headwind_registry_requests_total: [
      day({ status: "200" }, (step) => 300 + wave(step, 90)),
      day({ status: "429" }, (step) => step > 240 && step < 250 ? 12 : 0),
      day({ status: "0" }, () => 0),
    ],
    headwind_queue_depth: [day({}, (step) => wave(step, 4))],
    headwind_updates_pending: [day({}, (step) => wave(step, 9))],
  },
};
const steps = [{ phase: "RolledBack" as const, reason: "Unhealthy", message: "it is not", at: "2026-11-30T09:40:00Z" }];
const requests = [
  requestOf({ name: "a", phase: "Completed", appliedAt: "2026-11-30T04:00:00Z" }),
  requestOf({ name: "b", target: "api", phase: "RolledBack", appliedAt: "2026-11-30T09:00:00Z", steps }),
];
const states: Record<string, NumbersChanges> = {
  busy,
  "no values": {},
  failing: {
    ...busy,
    fails: {
      current: "Prometheus answered 503: the storage is not ready",
      headwind_queue_depth: "Prometheus answered 422: query processing would load too many samples into memory",
    },
  },
  "no plugin": { state: null },
};

let local: Awaited<ReturnType<typeof openLocalDashboard>> | undefined;
s.after.each(async () => {
  await local?.stop();
  local = undefined;
});

for (const [state, changes] of Object.entries(states)) {
  s(`with ${state} it can be read by anybody, on a phone too, in dark and light`, async () => {
    local = await openLocalDashboard({ now: NOW, requests, numbers: numbers(changes) });
    const page = await (await local.visit()).open("/observability");
    assert.is(await page.locator("h1").innerText(), "Observability");
    assert.equal(await look(page, `observability-${state.replace(" ", "-")}`), []);
  });
}

s("a point is read out with the arrow keys, and an update that is marked is a link to it", async () => {
  local = await openLocalDashboard({ now: NOW, requests, numbers: numbers(busy) });
  const page = await (await local.visit()).open("/observability");
  await page.locator("#picture-updates .plot").focus();
  await page.keyboard.press("End");
  const reading = page.locator("#picture-updates output.reading");
  await reading.filter({ hasText: "Applied" }).waitFor();
  await page.locator("#picture-updates .mark-list a").first().click();
  await page.waitForURL("**/updates/default/a");
  assert.match(await textOf(page), "web");
});

s.run();

// runs on: deno, node
import process from "node:process";
import * as assert from "uvu/assert";
import { suite } from "uvu";
import { CATALOG, type MetricEntry } from "../../../core/telemetry/catalog.ts";
import { boundedLabel, createMetrics, type Metrics } from "../../../core/telemetry/metrics.ts";

const s = suite("metrics");

let metrics: Metrics;
s.before.each(() => {
  metrics = createMetrics();
});
const lines = async (name: string) => (await metrics.exposition()).split("\n").filter((line) => line.startsWith(name));
const numberOf = async (name: string) => Number((await lines(`${name} `))[0]?.split(" ")[1]);

s("each entry of the catalog is there, with its help and type, from the start", async () => {
  const text = await metrics.exposition();
  for (const { name, type, help } of Object.values(CATALOG)) {
    assert.match(text, `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
  }
  assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
});

s("names are Headwind's or the process's, without doubles, each with a sentence", () => {
  const entries: MetricEntry[] = Object.values(CATALOG);
  assert.is(new Set(entries.map(({ name }) => name)).size, entries.length);
  for (const { name, help } of entries) {
    assert.match(name, /^(headwind|process)_[a-z_]+$/);
    assert.match(help, /^[A-Z].*[^.]$/);
  }
});

s("counts, values and measurements", async () => {
  metrics.count("webhookEvents");
  metrics.count("webhookEvents", {}, 2);
  metrics.count("webhookOutcomes", { trigger: "registry", outcome: "stored" });
  metrics.set("queueDepth", 7);
  metrics.set("queueDepth", 3);
  for (const seconds of [0.003, 0.2, 60]) metrics.observe("reconcileSeconds", seconds);
  assert.is(await numberOf("headwind_webhook_events_total"), 3);
  assert.equal(await lines("headwind_webhook_outcomes_total{"), [
    'headwind_webhook_outcomes_total{trigger="registry",outcome="stored"} 1',
  ]);
  assert.is(await numberOf("headwind_queue_depth"), 3);
  const bucket = async (le: string) =>
    (await lines(`headwind_reconcile_duration_seconds_bucket{le="${le}"}`))[0]?.split(" ")[1];
  assert.equal([await bucket("0.005"), await bucket("0.25"), await bucket("5"), await bucket("+Inf")], [
    "1",
    "2",
    "2",
    "3",
  ]);
});

s("a plugin's metrics are declared once, by a name that is free", async () => {
  metrics.declare([{ name: "headwind_mine_total", type: "counter", help: "Mine", labels: ["a"] }]);
  metrics.countByName("headwind_mine_total", { a: "x" }, 5);
  assert.equal(await lines("headwind_mine_total{"), ['headwind_mine_total{a="x"} 5']);
  const declare = (name: string) => () => metrics.declare([{ name, type: "gauge", help: "Mine" }]);
  assert.throws(declare("headwind_mine_total"), "metric headwind_mine_total is declared twice");
  assert.throws(declare("headwind_leader"), "metric headwind_leader is declared twice");
  for (const name of ["mine_total", "headwind_", "headwind_Mine", "headwind_a-b"]) {
    assert.throws(declare(name), /its name starts with headwind_/);
  }
});

s("what is not declared, or of another type, cannot be counted", () => {
  assert.throws(() => metrics.countByName("headwind_never_total"), "headwind_never_total is no declared counter");
  assert.throws(() => metrics.countByName("headwind_queue_depth"), "headwind_queue_depth is no declared counter");
  assert.throws(() => metrics.setByName("headwind_webhook_events_total", 1), /no declared gauge/);
  assert.throws(() => metrics.observe("leader", 1), /no declared histogram/);
});

s("readers are called before each exposition", async () => {
  let reads = 0;
  metrics.onScrape(() => metrics.set("pending", ++reads));
  assert.is(await numberOf("headwind_updates_pending"), 1);
  assert.is(await numberOf("headwind_updates_pending"), 2);
});

s("two have nothing in common", async () => {
  createMetrics().count("webhookEvents");
  assert.is(await numberOf("headwind_webhook_events_total"), 0);
});

s("the process's memory, CPU time and start are real on every runtime", async () => {
  const memory = await numberOf("process_resident_memory_bytes");
  assert.ok(memory > 20e6 && memory < 10e9, `${memory}`);
  for (let scrape = 0; scrape < 5; scrape++) await metrics.exposition();
  for (const end = performance.now() + 150; performance.now() < end;);
  const { user, system } = process.cpuUsage();
  const used = await numberOf("process_cpu_seconds_total");
  assert.ok(Math.abs(used - (user + system) / 1e6) < 0.1, `${used}`);
  const age = Date.now() / 1000 - await numberOf("process_start_time_seconds");
  assert.ok(age > -1 && age < 600, `${age}`);
});

s("the first values are labels, and what comes after them is other", () => {
  const label = boundedLabel(100);
  const labels = Array.from({ length: 5000 }, (_, index) => label(`host-${index}.example`));
  assert.is(new Set(labels).size, 101);
  assert.equal([label("host-0.example"), label("host-4999.example")], ["host-0.example", "other"]);
  assert.is(boundedLabel(100)("x".repeat(250_000)), "other");
});

s.run();

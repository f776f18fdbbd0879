import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Phases } from "../../../scripts/bench/phases.ts";
import { failures, report } from "../../../scripts/bench/report.ts";
import type { BenchResults, IndexResult, SizeResult } from "../../../scripts/bench/results.ts";

const s = suite("report of the benchmark");

const phases = (change: Partial<Phases> = {}): Phases => ({
  latencies: [8, 10, 12],
  burst: { events: 500, acknowledged: 500, lost: 0, ms: 2000 },
  events: 700,
  cpuMs: 1400,
  calls: { "POST updaterequests": 700, "PATCH deployments": 700, "PATCH updaterequests/status": 700 },
  rssAfterBurst: 80e6,
  rssAfter: 70e6,
  peakRss: 90e6,
  ...change,
});

const size = (workloads: number, operator: Partial<Phases> = {}): SizeResult => ({
  workloads,
  floor: [phases(), phases()],
  floorOwnTimes: [7, 9, 11],
  operator: phases(operator),
  readyMs: [900, 700, 800],
  listsMs: [800, 750, 900],
});

const run = (...sizes: SizeResult[]): BenchResults => ({
  date: "2026-01-02T03:04:05.000Z",
  machine: { cpu: "A CPU", cores: 2, memoryBytes: 8 * 2 ** 30, load: 0.5 },
  versions: { headwind: "0.1.0", deno: "2.9.5" },
  sizes,
});

const rows = (results: BenchResults) =>
  Object.fromEntries(
    report(results).split("\n").filter((line) => line.includes(" | ")).map((line) => {
      const [name = "", ...cells] = line.split(" | ").map((cell) => cell.trim());
      return [name, cells];
    }),
  );

s("each figure stands beside its floor and its target", () => {
  const table = rows(run(size(1000), size(10_000)));
  assert.equal(table.figure, ["floor 1,000", "operator 1,000", "floor 10,000", "operator 10,000", "target", "met?"]);
  const p50 = ["10.0 ms", "10.0 ms (1.00 ×)"];
  assert.equal(table["webhook sent → workload patched, p50"], [...p50, ...p50, "≤ 1.1 × floor", "yes"]);
  assert.equal(table["burst, events per second"]?.slice(0, 2), ["250", "250 (1.00 ×)"]);
  assert.equal(table["API calls per event"]?.slice(0, 2), ["3.00", "3.00 (1.00 ×)"]);
  assert.equal(table["CPU per event"]?.slice(0, 2), ["2.00 ms", "2.00 ms (1.00 ×)"]);
  const ready = ["0.80 s", "0.80 s (1.00 ×)"];
  assert.equal(table["start → ready, beside the lists alone"]?.slice(0, 2), ready);
});

s("what misses its target is named by its size", () => {
  const missed = { ...size(10_000, { latencies: [12], rssAfter: 136e6, cpuMs: 2804 }), readyMs: [970] };
  const table = rows(run(size(1000), missed));
  assert.is(table["webhook sent → workload patched, p50"]?.at(-1), "no, at 10,000");
  assert.is(table["RSS after the run"]?.at(-1), "no, at 10,000");
  assert.is(table["CPU per event"]?.at(-1), "no, at 10,000");
  assert.is(table["start → ready, beside the lists alone"]?.at(-1), "no");
  assert.is(table["burst, events per second"]?.at(-1), "yes");
});

s("all sizes missed is a plain no", () => {
  const slow = { burst: { events: 500, acknowledged: 500, lost: 0, ms: 2600 } };
  assert.is(rows(run(size(1000, slow), size(10_000, slow)))["burst, events per second"]?.at(-1), "no");
});

s("a size without a target is not judged", () => {
  const text = report(run(size(200_000, { rssAfter: 900e6 })));
  assert.match(text, /^RSS after the run .* 900 MB \| .* MB \|$/m);
  assert.match(report(run({ ...size(1000), readyMs: [9000] })), /^start → ready, .* 9\.00 s \(.* on \|$/m);
});

s("the poll is a table of its own", () => {
  const poll = { workloads: 1000, repositories: 50, tags: 200, tagLists: 50, heads: 51, manifestGets: 0, others: 3 };
  const table = rows({ ...run(size(1000)), poll });
  assert.equal(table["tag lists"], ["50", "50", "yes"]);
  assert.equal(table["HEAD of manifests"], ["51", "≤ 50", "no"]);
  assert.equal(table["GET of manifests"], ["0", "0", "yes"]);
});

const index = (ms: number, peakRss: number): IndexResult => {
  const read = (ms: number, peakRss: number) => [ms, ms + 1, ms - 1].map((ms) => ({ ms, idleRss: 50e6, peakRss }));
  const parts = { operator: read(ms, peakRss), jsYaml: read(1000, 600e6), lineScan: read(50, 60e6) };
  return { charts: 300, versions: 200, bytes: 36e6, ...parts };
};

s("the reading of an index is a table of its own, also alone", () => {
  const table = rows({ ...run(), index: index(250, 114e6) });
  assert.equal(table["Helm index of 36 MB, 300 charts × 200 versions"]?.slice(0, 3), [
    "js-yaml",
    "line scan",
    "operator",
  ]);
  const time = ["1000 ms", "50 ms", "250 ms (0.25 ×)", "≤ 0.25 × js-yaml", "yes"];
  assert.equal(table["time to read it, 5 charts wanted"], time);
  assert.equal(table["memory above idle, highest"], ["550 MB", "10 MB", "64 MB", "≤ 64 MB", "yes"]);
  assert.is(table.figure, undefined);
  const slow = rows({ ...run(size(1000)), index: index(260, 120e6) });
  assert.is(slow["time to read it, 5 charts wanted"]?.at(-1), "no");
  assert.is(slow["memory above idle, highest"]?.at(-1), "no");
  assert.ok(slow.figure);
});

s("what is chosen of real tags is a table of its own, also alone", () => {
  const tags = { successions: 10_000, exact: 9_990, pairs: 13_000, steppedDown: 0, tags: 7000, floorMs: 10 };
  const decisions = [{ policy: "minor", ms: 4 }, { policy: "all", ms: 7.5 }];
  const table = rows({ ...run(), tags: { ...tags, decisions } });
  assert.equal(table["successions chosen exactly"], ["", "99.90 %", "≥ 99.9 %", "yes"]);
  assert.equal(table["stepped down"], ["", "0", "0", "yes"]);
  assert.equal(table["decision over 7,000 tags, policy minor"], [
    "10.00 ms",
    "4.00 ms (0.40 ×)",
    "≤ 0.4 × floor",
    "yes",
  ]);
  const slowest = ["10.00 ms", "7.50 ms (0.75 ×)", "≤ 0.75 × floor", "yes"];
  assert.equal(table["decision over 7,000 tags, the slowest policy, all"], slowest);
  assert.is(table.figure, undefined);
  const worse = rows({ ...run(), tags: { ...tags, exact: 9_989, steppedDown: 1, floorMs: 9, decisions } });
  for (const name of Object.keys(worse)) if (!name.startsWith("real tags")) assert.is(worse[name]?.at(-1), "no", name);
});

s("one image in many workloads is a table of its own, and what is lost of it fails the run", () => {
  const oneImage = {
    workloads: 10_000,
    namespaces: 100,
    storedMs: 50_000,
    appliedMs: 100_000,
    lost: 0,
    rssBefore: 100e6,
    peakRss: 150e6,
    longestReadyMs: 40,
    longestWebhookMs: 1200,
  };
  const table = rows({ ...run(), oneImage });
  assert.equal(table["all stored, and the webhook answered"]?.[0], "50.0 s, 200 per second");
  assert.equal(table["RSS, before and highest"]?.[0], "100 MB, 150 MB");
  assert.is(table["longest wait for /readyz meanwhile"]?.at(-1), "yes");
  assert.is(table["longest wait of another webhook meanwhile"]?.at(-1), "no");
  assert.equal(failures({ ...run(), oneImage: { ...oneImage, lost: 2 } }), ["2 of 10,000 of one image lost"]);
});

s("lost and refused events fail the run; slow ones do not", () => {
  assert.equal(failures(run(size(1000, { cpuMs: 1e6 }))), []);
  const lossy = { burst: { events: 500, acknowledged: 498, lost: 3, ms: 2000 } };
  assert.equal(failures(run(size(1000, lossy))), [
    "3 of 498 acknowledged events lost at 1,000",
    "2 of 500 events refused at 1,000",
  ]);
});

s("with a registry beside it: a table of its own, and what is lost there is a failure too", () => {
  const lost = { burst: { events: 500, acknowledged: 500, lost: 2, ms: 2000 } };
  const results = { ...run(size(1000)), registry: size(1000, lost) };
  assert.match(report(results), /with a registry, asked for each version +\| +floor 1,000 +\| +operator 1,000/);
  assert.not.match(report(run(size(1000))), "with a registry");
  assert.equal(failures(results), ["2 of 500 acknowledged events lost at 1,000"]);
});

s("Lighthouse: each page by its three marks", () => {
  const good = { page: "Overview", performance: 95, accessibility: 100, bestPractices: 100, lacks: [] };
  const results = [good, { ...good, page: "one update", accessibility: 99 }];
  const table = rows({ ...run(size(1000)), lighthouse: results });
  assert.equal(table.Overview, ["95", "100", "100", "≥ 95, 100, 100", "yes"]);
  assert.is(table["one update"]?.at(-1), "no");
});

s("pages stand beside JSON.stringify of the same requests", () => {
  const pages = [{ page: "overview", ms: [...Array(98).fill(5), 30, 30] }, { page: "updates", ms: [8, 8] }];
  const table = rows({ ...run(), pages: { requests: 5000, workloads: 10_000, stringifyMs: [20], firstMs: 60, pages } });
  assert.equal(table["overview, p50"], ["20.0 ms", "5.0 ms (0.25 ×)", "≤ 0.3 × JSON.stringify", "yes"]);
  assert.equal(table["overview, p99"]?.slice(1), ["30.0 ms (1.50 ×)", "≤ 1 × JSON.stringify", "no"]);
  assert.is(table["updates, p50"]?.at(-1), "no");
  assert.is(table["updates, p99"]?.at(-1), "yes");
  assert.is(table["the first page after the start"]?.[1], "60.0 ms (3.00 ×)");
});

s("open pages stand beside a bare server, without the time in which changes are gathered", () => {
  const live = { pages: 500, messageBytes: 23_000, bytesPerPage: 65 * 1024, bareMs: [80, 100], gatheredMs: 150 };
  const table = rows({ ...run(), live: { ...live, dashboardMs: [200, 340] } });
  const name = "p99, after the 150 ms in which changes are gathered";
  assert.equal(table[name], ["100 ms", "190 ms (1.90 ×)", "≤ 2 × bare server", "yes"]);
  assert.equal(table["p99, from the change"]?.slice(1), ["340 ms", "< 1000 ms", "yes"]);
  assert.equal(table["memory of an open page"]?.slice(1), ["65 KiB", "≤ 64 KiB", "no"]);
  const slow = rows({ ...run(), live: { ...live, dashboardMs: [1000] } });
  assert.is(slow[name]?.at(-1), "no");
  assert.is(slow["p99, from the change"]?.at(-1), "no");
});

s.run();

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keep, readKept } from "../../../scripts/bench/kept.ts";
import { figures } from "../../../scripts/docs/figures.ts";

const s = suite("kept figures");
let dir: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-figures-"));
});
s.after(() => rm(dir, { recursive: true }));

s("none are one line that says how to get them", () => {
  assert.match(figures(undefined), /^No figures .*`npm run bench -- --save`.*$/);
});

s("what was kept is read, and told with its day and its machine", async () => {
  const file = pathToFileURL(join(dir, "latest.json"));
  assert.is(await readKept(file), undefined);
  const phases = {
    latencies: [10],
    burst: { events: 1, acknowledged: 1, lost: 0, ms: 10 },
    events: 2,
    cpuMs: 4,
    calls: {},
    rssAfterBurst: 1e6,
    rssAfter: 1e6,
    peakRss: 1e6,
  };
  const size = {
    workloads: 1000,
    floor: [phases],
    floorOwnTimes: [9],
    operator: phases,
    readyMs: [500],
    listsMs: [400],
  };
  const poll = { workloads: 10, repositories: 5, tags: 2, tagLists: 5, heads: 5, manifestGets: 0, others: 0 };
  const reads = [{ ms: 100, idleRss: 40e6, peakRss: 50e6 }];
  const readings = { operator: reads, jsYaml: reads, lineScan: reads };
  const index = { charts: 3, versions: 2, bytes: 4e6, ...readings };
  const machine = { cpu: "A CPU", cores: 2, memoryBytes: 8 * 2 ** 30, load: 0.5 };
  await keep(
    { date: "2026-01-02T03:04:05.000Z", machine, versions: { deno: "2.9.5" }, sizes: [size], poll, index },
    file,
  );
  const text = figures(await readKept(file));
  assert.match(text, "Measured on 2026-01-02, on 2 × A CPU, 8 GiB, load 0.50 (deno 2.9.5).");
  assert.match(text, "| figure | floor 1,000 | operator 1,000 | target | met? |");
  assert.match(text, "| webhook sent → workload patched, p50 | 10.0 ms | 10.0 ms (1.00 ×) | ≤ 1.1 × floor | yes |");
  assert.match(text, "| tag lists | 5 | 5 | yes |");
  assert.match(text, "| Helm index of 4 MB, 3 charts × 2 versions | js-yaml | line scan | operator | target | met? |");
});

s.run();

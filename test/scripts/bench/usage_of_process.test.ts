import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseUsage } from "../../../scripts/bench/usage_of_process.ts";

const s = suite("usage of a process");

s("reads time and memory, whatever the process is called", () => {
  const stat = "4242 (a (b) c) S 1 4242 4242 0 -1 4194304 2000 0 0 0 123 45 0 0 20 0 8 0 100 1578748 296092 1\n";
  const status = "Name:\ta (b) c\nVmPeak:\t  900 kB\nVmHWM:\t  300 kB\nVmRSS:\t  250 kB\nRssAnon:\t 10 kB\n";
  assert.equal(parseUsage(stat, status), { cpuMs: 1680, rssBytes: 250 * 1024, peakRssBytes: 300 * 1024 });
});

s.run();

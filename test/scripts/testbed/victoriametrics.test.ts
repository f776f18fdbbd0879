import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startVictoriaMetrics, victoriaMetricsBinary } from "../../../scripts/testbed/victoriametrics.ts";

const s = suite("VictoriaMetrics of the test bed");
const before = process.env.VICTORIA_METRICS_BIN;

s.after.each(() => {
  if (before === undefined) delete process.env.VICTORIA_METRICS_BIN;
  else process.env.VICTORIA_METRICS_BIN = before;
});

s("VICTORIA_METRICS_BIN is taken as it is, and must be there", async () => {
  process.env.VICTORIA_METRICS_BIN = process.execPath;
  assert.is(await victoriaMetricsBinary(), process.execPath);
  process.env.VICTORIA_METRICS_BIN = "/nowhere/victoria-metrics";
  const error = await victoriaMetricsBinary().catch((error: Error) => error.message);
  assert.is(error, "VICTORIA_METRICS_BIN names /nowhere/victoria-metrics, which is not there");
});

s("one that does not start is told with its end", async () => {
  process.env.VICTORIA_METRICS_BIN = "/bin/false";
  const error = await startVictoriaMetrics({ targets: [] }).then(() => "", (error: Error) => error.message);
  assert.match(error, "VictoriaMetrics did not start (status 1)");
});

s.run();

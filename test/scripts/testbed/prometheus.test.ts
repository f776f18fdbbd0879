import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { prometheusBinary, startPrometheus } from "../../../scripts/testbed/prometheus.ts";

const s = suite("Prometheus of the test bed");
const before = process.env.PROMETHEUS_BIN;

s.after.each(() => {
  if (before === undefined) delete process.env.PROMETHEUS_BIN;
  else process.env.PROMETHEUS_BIN = before;
});

s("PROMETHEUS_BIN is taken as it is, and must be there", async () => {
  process.env.PROMETHEUS_BIN = process.execPath;
  assert.is(await prometheusBinary(), process.execPath);
  process.env.PROMETHEUS_BIN = "/nowhere/prometheus";
  const error = await prometheusBinary().catch((error: Error) => error.message);
  assert.is(error, "PROMETHEUS_BIN names /nowhere/prometheus, which is not there");
});

s("one that does not start is told with its end", async () => {
  process.env.PROMETHEUS_BIN = "/bin/false";
  const error = await startPrometheus({ targets: [] }).then(() => "", (error: Error) => error.message);
  assert.match(error, "Prometheus did not start (status 1)");
});

s.run();

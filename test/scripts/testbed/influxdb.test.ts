import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { influxDbBinary, startInfluxDb } from "../../../scripts/testbed/influxdb.ts";

const s = suite("InfluxDB of the test bed");
const { INFLUXD_BIN, HEADWIND_CACHE, PATH } = process.env;
const restored = { INFLUXD_BIN, HEADWIND_CACHE, PATH };

s.after.each(() => {
  for (const [name, value] of Object.entries(restored)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

s("INFLUXD_BIN is taken as it is, and must be there", () => {
  process.env.INFLUXD_BIN = process.execPath;
  assert.is(influxDbBinary(), process.execPath);
  process.env.INFLUXD_BIN = "/nowhere/influxd";
  assert.throws(influxDbBinary, "INFLUXD_BIN names /nowhere/influxd, which is not there");
});

s("where none was built there is none", () => {
  delete process.env.INFLUXD_BIN;
  process.env.HEADWIND_CACHE = "/nowhere";
  process.env.PATH = "/nowhere";
  assert.is(influxDbBinary(), undefined);
});

s("one that does not start is told with its end", async () => {
  const error = await startInfluxDb("/bin/false").then(() => "", (error: Error) => error.message);
  assert.match(error, "InfluxDB did not start (status 1)");
});

s.run();

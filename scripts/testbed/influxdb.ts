import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { cacheFolder } from "./cache.ts";
import { freePort } from "./ports.ts";
import { startTied } from "./processes.ts";
import { untilReady } from "./until_ready.ts";
import { versions } from "./versions.ts";

/** A running InfluxDB 2, set up. It ends with this process, however that ends. */
export interface InfluxDb {
  url: string;
  org: string;
  bucket: string;
  token: string;
  /** Writes points in line protocol. */
  write(lines: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The path of InfluxDB's binary, which is in no package: that of `INFLUXD_BIN`, one on the `PATH`, or one that
 * `scripts/testbed/influxdb/build.sh` has made. Undefined where there is none: its answers are kept in test/fixtures.
 */
export function influxDbBinary(): string | undefined {
  const { INFLUXD_BIN: given, PATH = "" } = process.env;
  if (given) {
    if (!existsSync(given)) throw new Error(`INFLUXD_BIN names ${given}, which is not there`);
    return given;
  }
  const built = join(cacheFolder(), "bin", `influxd-${versions.influxdb}`);
  return [...PATH.split(delimiter).map((folder) => join(folder, "influxd")), built].find(existsSync);
}

/** Starts InfluxDB on a free port of 127.0.0.1, with one organization, bucket and token. Throws with the end of its log. */
export async function startInfluxDb(command: string): Promise<InfluxDb> {
  const dir = await mkdtemp(join(tmpdir(), "headwind-influxdb-"));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const server = startTied({
    name: "influxd",
    command,
    args: [
      `--bolt-path=${join(dir, "bolt")}`,
      `--engine-path=${join(dir, "engine")}`,
      `--sqlite-path=${join(dir, "sqlite")}`,
      `--http-bind-address=${address}`,
      "--reporting-disabled",
      "--log-level=warn",
    ],
    dir,
  });
  const stop = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const [org, bucket, token] = ["headwind", "metrics", "a-token-of-the-tests"];
  const post = async (path: string, body: string) => {
    const headers = { authorization: `Token ${token}` };
    const answer = await fetch(url + path, { method: "POST", headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`InfluxDB answered ${answer.status}: ${text}`);
  };
  try {
    await untilReady("InfluxDB", server, `${url}/health`);
    await post(
      "/api/v2/setup",
      JSON.stringify({ username: "admin", password: "password-of-tests", org, bucket, token }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, org, bucket, token, write: (lines) => post(`/api/v2/write?org=${org}&bucket=${bucket}`, lines), stop };
}

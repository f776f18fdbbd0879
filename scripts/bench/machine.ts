import { readFile } from "node:fs/promises";
import * as os from "node:os";
import process from "node:process";
import { versions } from "../testbed/versions.ts";
import type { BenchResults } from "./results.ts";

/** When and where a run was made. */
export async function machine(): Promise<Pick<BenchResults, "date" | "machine" | "versions">> {
  const cpus = os.cpus();
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus[0]?.model.trim() ?? "unknown",
      cores: cpus.length,
      memoryBytes: os.totalmem(),
      load: os.loadavg()[0] ?? NaN,
    },
    versions: {
      headwind: version,
      deno: process.versions.deno ?? "none",
      kubernetes: versions.kubernetes,
      etcd: versions.etcd,
      registry: versions.registry,
    },
  };
}

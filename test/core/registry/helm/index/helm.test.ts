import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readIndex } from "../../../../../core/registry/helm/read_index.ts";
import { assets } from "../../../../../scripts/testbed/assets.ts";
import { streamOf } from "./streams.ts";

const s = suite("indexes that helm writes");
let dir: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-helm-index-"));
  await helm("create", "nginx");
  await helm("create", "redis");
  for (const version of ["0.9.0", "1.10.0", "1.11.0-rc.1", "1.10.0+build.2"]) {
    await helm("package", "nginx", "--version", version, "--destination", "charts");
  }
  await helm("package", "redis", "--version", "2.0.0", "--destination", "charts");
});
s.after(() => rm(dir, { recursive: true }));

async function helm(...args: string[]): Promise<void> {
  const env = { ...process.env, HELM_CACHE_HOME: dir, HELM_CONFIG_HOME: dir, HELM_DATA_HOME: dir };
  await promisify(execFile)(join(await assets(), "helm"), args, { cwd: dir, env });
}

for (const style of ["YAML", "JSON"]) {
  s(`${style}, in one pass`, async () => {
    await helm(
      "repo",
      "index",
      "charts",
      "--url",
      "https://charts.example.com",
      ...(style === "JSON" ? ["--json"] : []),
    );
    const index = await readFile(join(dir, "charts", "index.yaml"), "utf8");
    assert.is(index.startsWith("{"), style === "JSON");
    const options = { limit: 1e6, onFallback: (reason: string) => assert.unreachable(reason) };
    const found = await readIndex(streamOf(index, [100]).stream, new Set(["nginx", "mysql"]), options);
    assert.equal([...found.keys()], ["nginx"]);
    const versions = found.get("nginx")!.map(({ version }) => version);
    assert.equal(versions.sort(), ["0.9.0", "1.10.0", "1.10.0+build.2", "1.11.0-rc.1"]);
  });
}

s.run();

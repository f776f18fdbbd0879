import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createAddressGuard } from "../../core/runtime/egress_guard.ts";
import { createRegistryClient } from "../../core/registry/registry_client.ts";

const s = suite("clocks that are set");
const root = fileURLToPath(new URL("../../", import.meta.url));

/** What tells people, or others, the time; all else is measured by `performance.now`, or is the cluster's time. */
const mayAskTheTime: Record<string, string> = {
  "core/telemetry/log.ts": "the time of a log line",
  "core/telemetry/metrics.ts": "when the process started",
  "core/kube/cluster_clock.ts": "what the cluster's time begins with",
  "core/kube/lease.ts": "what a Lease says to people: others count from when they saw it",
  "core/server/webhooks.ts": "where nobody gives the cluster's time",
  "core/registry/cooldown.ts": "a date to wait for, of a server that does not say its own time",
};

s("the machine's clock is asked in few places", async () => {
  const found: string[] = [];
  for (const folder of ["core", "plugins"]) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!file.endsWith(".ts")) continue;
      const path = join(root, folder, file);
      if (/\bDate\.now\b|new Date\(\)/.test(await readFile(path, "utf8"))) found.push(relative(root, path));
    }
  }
  assert.equal(found.sort(), Object.keys(mayAskTheTime).sort());
});

const [wall, monotonic] = [Date.now, performance.now];
let [set, passed] = [0, 0];
s.before.each(() => {
  [set, passed] = [0, 0];
  Date.now = () => wall() + set;
  performance.now = () => monotonic.call(performance) + passed;
});
s.after.each(() => {
  Date.now = wall;
  performance.now = monotonic;
});

s("a name's addresses are looked up again after their time, though the clock was set back meanwhile", async () => {
  let lookups = 0;
  const guard = createAddressGuard({
    loopback: true,
    allowed: [],
    endpoints: [],
    lookup: () => Promise.resolve([{ address: "192.0.2.1", family: 4 as const }]).finally(() => lookups++),
  });
  const url = new URL("https://registry.example/");
  await guard.check(url);
  await guard.check(url);
  assert.is(lookups, 1);
  [set, passed] = [-3_600_000, 11_000];
  await guard.check(url);
  assert.is(lookups, 2);
});

s("a pause that a registry asked for ends after its time, though the clock was set back meanwhile", async () => {
  let asked = 0;
  const { tags } = createRegistryClient({
    insecure: [],
    fetch: () => {
      const isFirst = asked++ === 0;
      const body = JSON.stringify({ name: "app", tags: ["1.0.0"] });
      return Promise.resolve(
        isFirst ? new Response("", { status: 429, headers: { "retry-after": "600" } }) : new Response(body),
      );
    },
  });
  const list = () =>
    tags({ registry: "registry.example", repository: "app" }).then(({ tags }) => tags, () => undefined);
  assert.is(await list(), undefined);
  assert.is(await list(), undefined);
  assert.is(asked, 1);
  [set, passed] = [-3_600_000, 601_000];
  assert.equal(await list(), ["1.0.0"]);
});

s.run();

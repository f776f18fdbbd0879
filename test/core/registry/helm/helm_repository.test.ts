import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  chartRepositoryRef,
  chartVersionOfTag,
  HELM_CONFIG_TYPE,
  tagOfChartVersion,
} from "../../../../core/versions/chart_repository.ts";
import { type ChartRepository, startChartRepository } from "../../../../scripts/testbed/charts/chart_repository.ts";
import { makeCharts } from "../../../../scripts/testbed/charts/make_chart.ts";
import { pushChart } from "../../../../scripts/testbed/charts/push_chart.ts";
import { pushImage } from "../../../../scripts/testbed/push.ts";
import { registry as sharedRegistry } from "../../../support/registry.ts";
import { failure, testClient } from "../faulty_server.ts";
import { repositories, sourceAt } from "./repositories.ts";
import { secretOf, secretsOf } from "./secrets.ts";

const s = suite("charts that Helm made");

let dir: string;
let archives: string[];
let repository: ChartRepository;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-charts-test-"));
  archives = await makeCharts([
    { name: "nginx", version: "1.0.0" },
    { name: "nginx", version: "1.1.0-rc.1+build.5", deprecated: true },
    { name: "redis", version: "2.0.0" },
    { name: "busybox", version: "3.0.0+abc" },
  ], dir);
  repository = await startChartRepository();
  await repository.publish(...archives.slice(0, 3));
});
s.after(async () => {
  await repository.stop();
  await rm(dir, { recursive: true, force: true });
});
s.before.each(() => {
  repository.behave({ login: undefined, gzip: undefined, fault: undefined });
  repository.forget();
});

s("an index of helm repo index: read once, asked for with its validators, read anew when a chart came", async () => {
  const charts = repositories({ follow: ["nginx", "redis", "busybox"] });
  const source = sourceAt(repository.url);
  const nginx = [{ version: "1.1.0-rc.1+build.5", deprecated: true }, { version: "1.0.0" }];
  assert.equal(await charts.versions(source, "nginx"), nginx);
  assert.equal(await charts.versions(source, "redis"), [{ version: "2.0.0" }]);
  assert.is((await failure(charts.versions(source, "busybox"))).kind, "not-found");
  assert.equal(repository.requests().map(({ path, status }) => [path, status]), [
    ["/index.yaml", 200],
    ["/index.yaml", 304],
    ["/index.yaml", 304],
  ]);
  await repository.publish(archives[3]!);
  assert.equal(await charts.versions(source, "busybox"), [{ version: "3.0.0+abc" }]);
  charts.close();
});

s("with a login, compressed by its header or without one", async () => {
  repository.behave({ login: { user: "ann", password: "pw" } });
  const secrets = secretsOf({ "apps/login": secretOf({ username: "ann", password: "pw" }) });
  for (const gzip of [undefined, "declared", "undeclared"] as const) {
    repository.behave({ gzip });
    const charts = repositories({ secrets });
    const found = await charts.versions(sourceAt(repository.url, { secret: "login" }), "redis");
    assert.equal(found, [{ version: "2.0.0" }]);
    assert.is((await failure(charts.versions(sourceAt(repository.url), "redis"))).kind, "unauthorized");
    charts.close();
  }
});

s("faults give no half list", async () => {
  const faults = [["html", "garbage"], ["cut", "unreachable"], [{ hugeBytes: 2_000_000 }, "garbage"]] as const;
  for (const [fault, kind] of faults) {
    repository.behave({ fault });
    const charts = repositories();
    assert.is((await failure(charts.versions(sourceAt(repository.url), "gone"))).kind, kind);
    charts.close();
  }
});

s("a pushed chart is told from an image, in the repository that the URL names", async () => {
  const registry = await sharedRegistry();
  const client = testClient();
  const url = `oci://${registry.host}/helm-made`;
  for (const [archive, name] of [[archives[0], "nginx"], [archives[2], "redis"], [archives[3], "busybox"]] as const) {
    await pushChart(archive!, registry.host, { path: "helm-made" });
    const ref = chartRepositoryRef(url, name);
    const { tags } = await client.tags(ref);
    assert.is(tags.length, 1);
    assert.is(await client.configType(ref, tags[0]!), HELM_CONFIG_TYPE);
    assert.is(tagOfChartVersion(chartVersionOfTag(tags[0]!)), tags[0]);
    if (name === "busybox") assert.is(chartVersionOfTag(tags[0]!), "3.0.0+abc");
  }
  await pushImage(registry.host, "helm-made/nginx", "9.9.9");
  const image = await client.configType(chartRepositoryRef(url, "nginx"), "9.9.9");
  assert.is(image, "application/vnd.oci.image.config.v1+json");
  client.close();
  await registry.stop();
});

s.run();

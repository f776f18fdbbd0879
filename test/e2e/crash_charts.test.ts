// timeout: 900
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { type ChartRepository, startChartRepository } from "../../scripts/testbed/charts/chart_repository.ts";
import { chartScenarios } from "./scenarios_charts.ts";
import { type Cluster, cluster } from "../support/cluster.ts";
import { crashPoints } from "./crash_points.ts";
import {
  type HelmControllerProcess,
  startHelmControllerProcess,
} from "../../scripts/testbed/flux/helm_controller_process.ts";
import { installFluxCrds } from "../../scripts/testbed/flux/install_crds.ts";
import { openRunner, type ScenarioRunner } from "./scenario_runner.ts";
import { type ChartSpec, makeChart } from "../../scripts/testbed/charts/make_chart.ts";
import { registry } from "../support/registry.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { e2e } from "./suite.ts";

const s = e2e("killed before and after each write that moves a chart");

const runnersAtOnce = 2;

let plane: Cluster;
let images: Registry;
let repository: ChartRepository;
let flux: HelmControllerProcess;
let dir: string;
let runners: ScenarioRunner[] = [];

s.before(async () => {
  plane = await cluster();
  images = await registry();
  await installFluxCrds(plane);
  dir = await mkdtemp(join(tmpdir(), "headwind-crash-charts-"));
  repository = await startChartRepository();
  let publishing = Promise.resolve();
  const publisher = {
    url: repository.url,
    publish: (chart: ChartSpec) =>
      publishing = publishing.then(async () => repository.publish(await makeChart({ ...chart, dir }))),
  };
  runners = await Promise.all(Array.from({ length: runnersAtOnce }, () => openRunner(plane, images, publisher)));
  flux = await startHelmControllerProcess({
    kubeconfig: plane.kubeconfig,
    namespaces: runners.map(({ namespace }) => namespace),
  });
});

s.after(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  await flux.stop();
  await repository.stop();
  await images.stop();
  await plane.stop();
  await rm(dir, { recursive: true, force: true });
});

for (const scenario of chartScenarios) {
  s(scenario.name, async () => {
    const { points, notReached } = await crashPoints(scenario, runners);
    assert.ok(points > 0);
    assert.ok(notReached <= points / 2, `${notReached} of ${points} points were not reached`);
  });
}

s.run();

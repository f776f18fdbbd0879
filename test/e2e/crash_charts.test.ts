// timeout: 480
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChartRepository } from "../../scripts/testbed/charts/chart_repository.ts";
import { type ChartSpec, makeChart } from "../../scripts/testbed/charts/make_chart.ts";
import {
  type HelmControllerProcess,
  startHelmControllerProcess,
} from "../../scripts/testbed/flux/helm_controller_process.ts";
import { installFluxCrds } from "../../scripts/testbed/flux/install_crds.ts";
import { runCrashSuite } from "./crash_suite.ts";
import { chartScenarios } from "./scenarios_charts.ts";

runCrashSuite("killed before and after each write that moves a chart", chartScenarios, async (plane) => {
  await installFluxCrds(plane);
  const dir = await mkdtemp(join(tmpdir(), "headwind-crash-charts-"));
  const repository = await startChartRepository();
  let publishing = Promise.resolve();
  let flux: HelmControllerProcess | undefined;
  return {
    url: repository.url,
    publish: (chart: ChartSpec) =>
      publishing = publishing.then(async () => repository.publish(await makeChart({ ...chart, dir }))),
    async start(namespaces) {
      flux = await startHelmControllerProcess({ kubeconfig: plane.kubeconfig, namespaces });
    },
    async stop() {
      await flux?.stop();
      await repository.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
});

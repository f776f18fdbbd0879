import process from "node:process";
import * as assert from "uvu/assert";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { type Cluster, cluster } from "../support/cluster.ts";
import { registry } from "../support/registry.ts";
import { crashPoints } from "./crash_points.ts";
import type { Scenario } from "./scenario.ts";
import { type ChartPublisher, openRunner, type ScenarioRunner } from "./scenario_runner.ts";
import { e2e } from "./suite.ts";

/** How many operators are killed side by side. */
const operatorsAtOnce = Number(process.env.HEADWIND_TEST_OPERATORS ?? 2);
/** A part of a scenario's name: only such are told. */
const only = process.env.HEADWIND_TEST_SCENARIO ?? "";

export interface ChartReleases extends ChartPublisher {
  /** Releases charts in these namespaces. */
  start(namespaces: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** A suite that kills the operator before and after each write of each scenario. */
export function runCrashSuite(
  name: string,
  scenarios: readonly Scenario[],
  openCharts?: (plane: Cluster) => Promise<ChartReleases>,
): void {
  const s = e2e(name);
  let plane: Cluster;
  let images: Registry;
  let charts: ChartReleases | undefined;
  let runners: ScenarioRunner[] = [];

  s.before(async () => {
    plane = await cluster();
    images = await registry();
    charts = await openCharts?.(plane);
    runners = await Promise.all(Array.from({ length: operatorsAtOnce }, () => openRunner(plane, images, charts)));
    await charts?.start(runners.map(({ namespace }) => namespace));
  });

  s.after(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await charts?.stop();
    await images.stop();
    await plane.stop();
  });

  for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
    s(scenario.name, async () => {
      const { points, notReached } = await crashPoints(scenario, runners);
      assert.ok(points > 0);
      assert.ok(notReached <= points / 2, `${notReached} of ${points} points were not reached`);
    });
  }

  s.run();
}

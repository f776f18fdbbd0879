// timeout: 900
import process from "node:process";
import * as assert from "uvu/assert";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { type Cluster, cluster } from "../support/cluster.ts";
import { registry } from "../support/registry.ts";
import { crashPoints } from "./crash_points.ts";
import { openRunner, type ScenarioRunner } from "./scenario_runner.ts";
import { scenarios } from "./scenarios.ts";
import { e2e } from "./suite.ts";

const s = e2e("killed before and after each write");

/** How many operators are killed side by side. */
const runnersAtOnce = Number(process.env.HEADWIND_TEST_OPERATORS ?? 2);
/** A part of a scenario's name: only such are told. */
const only = process.env.HEADWIND_TEST_SCENARIO ?? "";

let plane: Cluster;
let images: Registry;
let runners: ScenarioRunner[] = [];

s.before(async () => {
  plane = await cluster();
  images = await registry();
  runners = await Promise.all(Array.from({ length: runnersAtOnce }, () => openRunner(plane, images)));
});

s.after(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
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

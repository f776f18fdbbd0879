// timeout: 480
import process from "node:process";
import * as assert from "uvu/assert";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { type Cluster, cluster } from "../support/cluster.ts";
import { registry } from "../support/registry.ts";
import { crashPoints } from "./crash_points.ts";
import { type Lane, openLane } from "./lane.ts";
import { scenarios } from "./scenarios.ts";
import { e2e } from "./suite.ts";

const s = e2e("killed before and after each write");

/** How many operators are killed side by side. */
const lanesAtOnce = Number(process.env.HEADWIND_TEST_LANES ?? 2);
/** A part of a scenario's name: only such are told. */
const only = process.env.HEADWIND_TEST_SCENARIO ?? "";

let plane: Cluster;
let images: Registry;
let lanes: Lane[] = [];

s.before(async () => {
  plane = await cluster();
  images = await registry();
  lanes = await Promise.all(Array.from({ length: lanesAtOnce }, () => openLane(plane, images)));
});

s.after(async () => {
  await Promise.all(lanes.map((lane) => lane.stop()));
  await images.stop();
  await plane.stop();
});

for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
  s(scenario.name, async () => {
    const { points, notReached } = await crashPoints(scenario, lanes);
    assert.ok(points > 0);
    assert.ok(notReached <= points / 2, `${notReached} of ${points} points were not reached`);
  });
}

s.run();

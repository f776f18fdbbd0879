import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createEstimate, expectedSeconds } from "../../../scripts/testbed/estimate.ts";
import { recipes } from "../../../scripts/testbed/recipes.ts";

const s = suite("how long builds still take");

const named = (...names: string[]) => names.map((name) => recipes.find((recipe) => recipe.name === name)!);

s("the first of a module takes longer than those after it", () => {
  const [first, second] = expectedSeconds(named("kube-controller-manager", "kube-scheduler")) as [number, number];
  const [, after] = expectedSeconds(named("kube-apiserver", "kube-controller-manager")) as [number, number];
  assert.ok(first > after);
  assert.ok(second < 60);
  assert.ok(expectedSeconds(recipes).every((seconds) => seconds > 0));
});

s("begins with the table, goes on with what this machine does, and never says that nothing is left", () => {
  let ms = 0;
  const table = [{ seconds: 120, module: "a" }, { seconds: 120, module: "b" }, { seconds: 120, module: "c" }];
  const estimate = createEstimate(table, { cores: 2, now: () => ms });
  let done = estimate.begin(0);
  assert.is(estimate.left(), "about 6 min left on 2 cores");
  ms = 60_000;
  assert.is(estimate.left(), "about 5 min left on 2 cores");
  ms = 300_000;
  assert.is(estimate.left(), "about 4 min left on 2 cores");
  done();
  // twice as slow as the table
  done = estimate.begin(1);
  assert.is(estimate.left(), "about 8 min left on 2 cores");
  ms += 1_000;
  done();
  done = estimate.begin(2);
  ms += 1_000_000;
  assert.is(estimate.left(), "about 20 s left on 2 cores");
});

s("more cores take less time", () => {
  const table = [{ seconds: 240, module: "a" }];
  assert.is(createEstimate(table, { cores: 8, now: () => 0 }).left(), "about 60 s left on 8 cores");
  assert.is(createEstimate(table, { cores: 1, now: () => 0 }).left(), "about 8 min left on 1 core");
});

s.run();

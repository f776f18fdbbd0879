import { suite } from "uvu";
import * as assert from "uvu/assert";
import { namespacesOf, ownRepositories } from "../../../scripts/bench/deployments.ts";

const s = suite("bench: Deployments");

s("a hundred stand in one namespace, wherever a size begins", () => {
  const names = (count: number, from = 0) => ownRepositories(count, from).map(({ name }) => name);
  assert.equal(namespacesOf(names(250)), ["bench-0", "bench-1", "bench-2"]);
  assert.equal(namespacesOf(names(1200, 1000)), ["bench-10", "bench-11"]);
  assert.equal(namespacesOf(names(100_100, 100_000)), ["bench-1000"]);
});

s.run();

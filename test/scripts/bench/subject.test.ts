import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventSource } from "../../../scripts/bench/subject.ts";

const s = suite("events of the benchmark");

s("each workload has its turn, and its versions only rise", () => {
  const events = eventSource((name) => `host/${name}`);
  const next = (count: number) => events(["a", "b", "c"], count);
  const short = (count: number) => next(count).map(({ name, tag }) => `${name}:${tag}`);
  assert.equal(short(2), ["a:1.1.0", "b:1.1.0"]);
  assert.equal(short(3), ["c:1.1.0", "a:1.2.0", "b:1.2.0"]);
  assert.equal(next(1), [{ name: "c", repository: "host/c", tag: "1.2.0" }]);
});

s("where there are more workloads later, those of before go on from where they are", () => {
  const events = eventSource((name) => `host/${name}`);
  events(["a"], 2);
  assert.equal(events(["a", "b"], 2).map(({ name, tag }) => `${name}:${tag}`), ["a:1.3.0", "b:1.1.0"]);
});

s.run();

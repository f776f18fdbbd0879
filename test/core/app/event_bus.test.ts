import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createBus } from "../../../core/app/event_bus.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { eventually, pause } from "../../conformance/checks.ts";

const s = suite("bus");

function busOf() {
  const lines: string[] = [];
  return { bus: createBus(createLog({ write: (line) => void lines.push(line) })), lines };
}

s("every listener of an event is told now, in order, and no other", () => {
  const { bus } = busOf();
  const told: unknown[] = [];
  bus.on("leading", (leading) => told.push(["first", leading]));
  bus.on("leading", (leading) => told.push(["second", leading]));
  bus.on("changed", () => told.push("never"));
  bus.emit("leading", true);
  bus.emit("leading", false);
  assert.equal(told, [["first", true], ["second", true], ["first", false], ["second", false]]);
});

s("an event without listeners is nothing", () => {
  const { bus, lines } = busOf();
  bus.emit("leading", true);
  assert.equal(lines, []);
});

s("a listener that is taken off is told no more, and the others are", () => {
  const { bus } = busOf();
  const told: string[] = [];
  const off = bus.on("leading", () => {
    told.push("first");
    off();
  });
  bus.on("leading", () => told.push("second"));
  bus.emit("leading", true);
  bus.emit("leading", true);
  off();
  assert.equal(told, ["first", "second", "second"]);
});

s("one that throws, now or later, stops nobody, and the log has it", async () => {
  const { bus, lines } = busOf();
  let told = 0;
  bus.on("leading", () => {
    throw new Error("at once");
  });
  bus.on("leading", async () => {
    await pause(1);
    throw new Error("later");
  });
  bus.on("leading", () => void told++);
  bus.emit("leading", true);
  assert.is(told, 1);
  await eventually("the log has both", () => lines.length === 2);
  const logged = lines.map((line) => JSON.parse(line)).map(({ level, event, error }) => [level, event, error]);
  assert.equal(logged, [["error", "leading", "at once"], ["error", "leading", "later"]]);
});

s.run();

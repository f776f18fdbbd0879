import * as assert from "uvu/assert";
import { conformance } from "../../conformance/mod.ts";
import { hosted } from "../../conformance/hosted.ts";
import live from "../../../plugins/metrics/live.ts";
import type { MetricsContext, MetricsPlugin, Plugin } from "../../../core/plugin.ts";

const plugin = live as MetricsPlugin;
const s = conformance(live, {});
const signal = new AbortController().signal;
const { context } = hosted(plugin as Plugin);
const over = (text: string): MetricsContext => ({ ...context, exposition: () => Promise.resolve(text) });

s("every line of the text format is read", async () => {
  const text = [
    "# HELP headwind_a Help with headwind_b 5",
    "# TYPE headwind_a gauge",
    "headwind_a 1",
    "headwind_b{} 2 1700000000000",
    'headwind_c{a="1",b="2",} 3.5e-3',
    'headwind_d { a = "x" } -Inf',
    'headwind_e{le="+Inf",path="C:\\\\n\\"}{\\n"} +Inf',
    "headwind_f NaN",
    'headwind_g{empty=""} 0',
    "other_h 4",
    "",
    "headwind_cut{a=",
  ].join("\n");
  assert.equal(await plugin.current(over(text), signal), [
    { name: "headwind_a", labels: {}, value: 1 },
    { name: "headwind_b", labels: {}, value: 2 },
    { name: "headwind_c", labels: { a: "1", b: "2" }, value: 0.0035 },
    { name: "headwind_d", labels: { a: "x" }, value: -Infinity },
    { name: "headwind_e", labels: { le: "+Inf", path: 'C:\\n"}{\n' }, value: Infinity },
    { name: "headwind_f", labels: {}, value: NaN },
    { name: "headwind_g", labels: { empty: "" }, value: 0 },
  ]);
});

s("an exposition that fails is no empty list", async () => {
  const failing = { ...context, exposition: () => Promise.reject(new Error("no numbers")) };
  const query = { metric: "headwind_a", start: 0, end: 1, step: 1 };
  for (const asked of [plugin.current(failing, signal), plugin.range(query, failing, signal)]) {
    assert.is(await asked.then(() => undefined, (error: Error) => error.message), "no numbers");
  }
});

s("without a past a range is the point of now", async () => {
  const before = Math.floor(Date.now() / 1000);
  const query = { metric: "headwind_a", start: before - 3600, end: before, step: 60 };
  const series = await plugin.range(query, over('headwind_a{x="1"} 7\nheadwind_ab 8\n'), signal);
  assert.equal(series.map(({ labels }) => labels), [{ x: "1" }]);
  const [[time, value]] = series[0]!.points as [[number, number]];
  assert.is(value, 7);
  assert.ok(time >= before && time <= Date.now() / 1000);
});

s.run();

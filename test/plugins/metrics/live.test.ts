import * as assert from "uvu/assert";
import { conformance } from "../../conformance/mod.ts";
import { hosted } from "../../conformance/hosted.ts";
import live from "../../../plugins/metrics/live.ts";
import type { MetricsContext, MetricsPlugin, Plugin } from "../../../core/plugin.ts";

const plugin = live as MetricsPlugin;
const s = conformance(live, {});
const signal = new AbortController().signal;
const { context } = hosted(plugin as Plugin);
const over = (text: string): MetricsContext => ({
  ...context,
  exposition: () => Promise.resolve(text),
  remembered: () => Promise.resolve([]),
});

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
  const failing = { ...over(""), exposition: () => Promise.reject(new Error("no numbers")) };
  assert.is(await plugin.current(failing, signal).then(() => "", (error: Error) => error.message), "no numbers");
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createPluginHost, type PluginHost } from "../../../core/host/plugin_host.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics, type Metrics } from "../../../core/telemetry/metrics.ts";
import type { Plugin, TriggerPlugin } from "../../../core/plugin.ts";

import { pause } from "../../conformance/checks.ts";

const s = suite("plugin host");

const trigger = (name: string, changes: Partial<TriggerPlugin> = {}): TriggerPlugin => ({
  kind: "trigger",
  name,
  description: "Something.",
  run: async () => {},
  ...changes,
});
const notifier: Plugin = {
  kind: "notifier",
  name: "n",
  description: "Something.",
  enabled: () => true,
  deliver: async () => {},
};
const a = trigger("a", {
  metrics: [
    { name: "headwind_a_total", type: "counter", help: "A", labels: ["x"] },
    { name: "headwind_a_size", type: "gauge", help: "A" },
  ],
});
const b = trigger("b");

let host: PluginHost;
let metrics: Metrics;
let lines: string[];
let plugins: Plugin[];
/** The signals that came with calls to the outside. */
let asked: (AbortSignal | undefined)[];
s.before.each(() => {
  metrics = createMetrics();
  lines = [];
  asked = [];
  plugins = [a, notifier, b];
  host = createPluginHost({
    plugins,
    settings: new Map([["trigger/a", { A: 1 }]]),
    log: createLog({ write: (line) => void lines.push(line) }),
    metrics,
    fetch: (_, init) => {
      asked.push(init?.signal ?? undefined);
      return Promise.resolve(new Response("outside"));
    },
  });
});
const numbers = async (name: string) =>
  (await metrics.exposition()).split("\n").filter((line) => line.startsWith(name));

s("plugins by kind, in their order", () => {
  assert.equal(host.of("trigger"), [a, b]);
  assert.equal(host.of("notifier"), [notifier]);
  assert.equal(host.of("metrics"), []);
});

s("each has its own settings, a log that names it, and the way outside", async () => {
  assert.equal(host.context(a).settings, { A: 1 });
  assert.equal(host.context(b).settings, {});
  host.context(b).log.info("hello", { more: 1 });
  const { plugin, message, more } = JSON.parse(lines[0]!);
  assert.equal([plugin, message, more], ["trigger/b", "hello", 1]);
  assert.is(await (await host.context(a).fetch("http://127.0.0.1/")).text(), "outside");
});

s("a call to the outside has an end, the plugin's own or another", async () => {
  const { signal } = new AbortController();
  await host.context(a).fetch("http://127.0.0.1/", { signal });
  await host.context(a).fetch("http://127.0.0.1/");
  assert.is(asked[0], signal);
  assert.ok(asked[1]);
});

s("a plugin counts what it declares, and nothing else", async () => {
  const { count, gauge } = host.context(a);
  count("headwind_a_total", { x: "1" });
  count("headwind_a_total", { x: "1" }, 4);
  gauge("headwind_a_size", 2.5);
  assert.equal(await numbers("headwind_a_"), ['headwind_a_total{x="1"} 5', "headwind_a_size 2.5"]);
  assert.throws(() => count("headwind_leader"), "trigger/a does not declare the metric headwind_leader");
  assert.throws(() => host.context(b).count("headwind_a_total"), /trigger\/b does not declare/);
  assert.throws(() => gauge("headwind_a_total", 1), /no declared gauge/);
  assert.throws(() => count("headwind_a_total", { y: "1" }), /y/);
});

s("nothing can be added after the start", () => {
  const late = trigger("late");
  plugins.push(late);
  assert.equal(host.of("trigger"), [a, b]);
  assert.throws(() => host.context(late), "plugin trigger/late was added after the start");
});

const limits = { signals: [new AbortController().signal] };

s("what a plugin throws is counted and thrown on, also at once and not as an Error", async () => {
  const failing: (() => Promise<void>)[] = [
    () => Promise.reject(new Error("later")),
    () => {
      throw new Error("at once");
    },
    () => Promise.reject("a text"),
  ];
  const thrown = [];
  for (const work of failing) {
    thrown.push(
      await host.guarded(a, limits, work).catch((error: unknown) => error instanceof Error ? error.message : error),
    );
  }
  assert.equal(thrown, ["later", "at once", "a text"]);
  assert.is(await host.guarded(b, limits, () => Promise.resolve(7)), 7);
  assert.equal(await numbers("headwind_plugin_errors_total"), ['headwind_plugin_errors_total{plugin="trigger/a"} 3']);
});

s("a call that does not end is given up, and told until it has ended", async () => {
  let end = () => {};
  const deaf = () => new Promise<void>((done) => end = done);
  const failure = await host.guarded(a, { ...limits, ms: 20 }, deaf).then(() => undefined, (error) => error.name);
  assert.is(failure, "TimeoutError");
  assert.equal(await numbers("headwind_plugin_calls_given_up"), [
    'headwind_plugin_calls_given_up{plugin="trigger/a"} 1',
  ]);
  end();
  await pause(5);
  assert.equal(await numbers("headwind_plugin_calls_given_up"), [
    'headwind_plugin_calls_given_up{plugin="trigger/a"} 0',
  ]);
});

s("a plugin of which many calls do not end gets no more, and others do", async () => {
  let calls = 0;
  const deaf = () => {
    calls++;
    return new Promise<never>(() => {});
  };
  const one = () => host.guarded(a, { ...limits, ms: 10 }, deaf).then(() => "", (error: Error) => error.message);
  await Promise.all(Array.from({ length: 64 }, one));
  assert.is(await one(), "64 calls of trigger/a were given up and have not ended");
  assert.is(calls, 64);
  assert.is(await host.guarded(b, { ...limits, ms: 1_000 }, () => Promise.resolve(7)), 7);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createPluginHost } from "../../../core/host/plugin_host.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import { eventually, pause, settles } from "../../conformance/checks.ts";
import { runTriggers } from "../../../core/host/run_triggers.ts";
import type { TriggerContext, TriggerPlugin } from "../../../core/plugin.ts";

const s = suite("running triggers");

type Run = NonNullable<TriggerPlugin["run"]>;
const ended = (signal: AbortSignal) => new Promise<void>((done) => signal.addEventListener("abort", () => done()));

function start(runs: Record<string, Run | undefined>) {
  const lines: { level: string; plugin?: string; seconds?: number; error?: string }[] = [];
  const log = createLog({ level: "debug", write: (line) => void lines.push(JSON.parse(line)) });
  const plugins = Object.entries(runs).map(([name, run]): TriggerPlugin => ({
    kind: "trigger",
    name,
    description: "Something.",
    ...(run ? { run } : {}),
  }));
  const settings = new Map();
  const host = createPluginHost({ plugins, settings, log, metrics: createMetrics(), fetch: () => Promise.reject() });
  const stop = new AbortController();
  const overs: AbortSignal[] = [];
  const contextOf = (plugin: TriggerPlugin, over: AbortSignal) => {
    overs.push(over);
    return { ...host.context(plugin) } as TriggerContext;
  };
  const running = runTriggers(host, contextOf, log, stop.signal, 300);
  return { running, lines, overs, stop: () => stop.abort(new Error("the test ends")) };
}

s("they end with the signal, all of them", async () => {
  const order: string[] = [];
  const { running, stop } = start({
    quick: async (_, signal) => {
      await ended(signal);
      order.push("quick");
    },
    slow: async (_, signal) => {
      await ended(signal);
      await pause(100);
      order.push("slow");
    },
    none: undefined,
  });
  assert.not(await settles(running, 50));
  stop();
  await running;
  assert.equal(order, ["quick", "slow"]);
});

s("one that fails stops no other, and is started again after longer and longer", async () => {
  const starts: number[] = [];
  let ticks = 0;
  const { running, lines, stop } = start({
    failing: () => {
      starts.push(performance.now());
      throw new Error(`failure ${starts.length}`);
    },
    rejecting: () => Promise.reject(new Error("always")),
    steady: async (_, signal) => {
      for (; !signal.aborted; ticks++) await pause(20);
    },
  });
  await eventually("it is started a third time", () => starts.length === 3);
  const before = ticks;
  await eventually("the other goes on", () => ticks > before);
  stop();
  await running;
  const [first, second, third] = starts as [number, number, number];
  assert.ok(second - first >= 900 && third - second >= 1_800, `${starts}`);
  const told = lines.filter(({ level, plugin }) => level === "error" && plugin === "trigger/failing");
  assert.equal(told.map(({ error }) => error), ["failure 1", "failure 2", "failure 3"]);
  assert.equal(told.map(({ seconds }) => seconds), [1, 2, 4]);
});

s("the wait before the next start ends with the signal, too", async () => {
  const { running, stop, lines } = start({ failing: () => Promise.reject(new Error("always")) });
  await eventually("it fails", () => lines.length === 1);
  stop();
  assert.ok(await settles(running, 500));
});

s("one that throws because it is stopped is no failure", async () => {
  const { running, stop, lines } = start({
    stopped: async (_, signal) => {
      await ended(signal);
      throw signal.reason;
    },
  });
  await pause(20);
  stop();
  await running;
  assert.equal(lines, []);
});

s("one that ends by itself is not started again", async () => {
  let starts = 0;
  const { running } = start({ done: async () => void starts++ });
  await running;
  assert.is(starts, 1);
});

s("what it reports counts until the signal, also once its loop has ended, and no more once it failed", async () => {
  const { overs, running, stop } = start({
    done: async () => {},
    failing: () => Promise.reject(new Error("always")),
  });
  await pause(20);
  assert.equal(overs.map(({ aborted }) => aborted), [false, true]);
  stop();
  await running;
  assert.equal(overs.map(({ aborted }) => aborted), [true, true]);
});

s("one that does not end when it is told to is left, told, and what it reports counts no more", async () => {
  const { overs, running, lines, stop } = start({ deaf: () => new Promise(() => {}) });
  await pause(20);
  stop();
  assert.not(await settles(running, 150));
  await running;
  assert.ok(overs[0]!.aborted);
  assert.equal(lines.map(({ level, plugin }) => [level, plugin]), [["warn", "trigger/deaf"]]);
});

s.run();

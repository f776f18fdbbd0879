import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import { createMetricsBackend } from "../../../core/observability/metrics_backend.ts";
import { createPluginHost } from "../../../core/host/plugin_host.ts";
import type { KubeClient } from "../../../core/kube/client.ts";
import type { MetricsContext, MetricsPlugin, RangeQuery } from "../../../core/plugin.ts";
import { observabilitySettings } from "../../../core/observability/observability_settings.ts";

const s = suite("numbers of the past");
const query: RangeQuery = { metric: "headwind_queue_depth", as: "max", start: 0, end: 600, step: 300 };
const noServices: KubeClient = {
  request: <T>() => Promise.resolve({ items: [] } as T),
  stream: () => Promise.reject(new Error("nothing is watched")),
};

/** A Prometheus that does as it is told, the replica's own numbers, and who asks them. */
function backend({ settings = {} as unknown, client = noServices } = {}) {
  const state = {
    settings,
    up: true,
    refuses: false,
    hangs: false,
    clock: 0,
    asked: [] as string[],
    contexts: [] as MetricsContext[],
    lines: [] as string[],
  };
  const own = (name: string): MetricsPlugin => ({
    kind: "metrics",
    name,
    title: name === "live" ? "Live" : "Prometheus",
    description: "A backend of the tests.",
    available(context) {
      state.asked.push(`${name} available`);
      state.contexts.push(context);
      if (name === "live") return Promise.resolve(true);
      if (state.hangs) return new Promise(() => {});
      return state.up ? Promise.resolve(true) : Promise.reject(new Error("Prometheus cannot be reached"));
    },
    current: () => Promise.resolve([{ name: "headwind_queue_depth", labels: {}, value: 1 }]),
    range(_, context) {
      state.asked.push(`${name} range`);
      state.contexts.push(context);
      if (name === "live") return Promise.resolve([{ labels: {}, points: [[600, 1]] }]);
      if (!state.up || state.refuses) {
        return Promise.reject(new Error("Prometheus answered 422: Bearer abcdef is wrong"));
      }
      return Promise.resolve([{ labels: {}, points: [[600, 2]] }]);
    },
  });
  const log = createLog({ level: "debug", write: (line) => void state.lines.push(line) });
  const plugins = [own("prometheus"), own("live")];
  const metrics = createMetrics();
  const ending = new AbortController();
  const made = createMetricsBackend({
    host: createPluginHost({
      plugins,
      settings: new Map(),
      log,
      metrics,
      fetch: () => Promise.reject(new Error("set")),
    }),
    client,
    settings: () => observabilitySettings.parse(state.settings),
    exposition: metrics.exposition,
    remembered: () => Promise.resolve([]),
    fetchFound: () => Promise.reject(new Error("found")),
    now: () => new Date(1_700_000_000_000 + state.clock),
    log,
    signal: ending.signal,
    clock: () => state.clock,
  });
  return { state, made, ending };
}

const set = { prometheus: { url: "http://p" } };
const fails = (work: Promise<unknown>) => work.then(() => "", (error: Error) => error.message);

s("nobody is asked before somebody wants to know, and then once for all who do", async () => {
  const { state, made } = backend({ settings: set });
  assert.equal(state.asked, []);
  const values = await Promise.all([made.range(query), made.range(query), made.state()]);
  assert.equal(state.asked, ["prometheus available", "prometheus range"]);
  assert.equal(values[0], [{ labels: {}, points: [[600, 2]] }]);
  const { name, title, url, found, since, passed } = values[2]!;
  assert.equal([name, title, url, found, since.toISOString(), passed], [
    "prometheus",
    "Prometheus",
    "http://p",
    false,
    "2023-11-14T22:13:20.000Z",
    [],
  ]);
});

s("one that goes away is left for the next, with the reason, and come back to", async () => {
  const { state, made } = backend({ settings: set });
  await made.range(query);
  state.up = false;
  state.clock = 20_000;
  assert.equal(await made.range(query), [{ labels: {}, points: [[600, 1]] }]);
  const { name, since, passed } = (await made.state())!;
  assert.is(name, "live");
  assert.is(since.toISOString(), "2023-11-14T22:13:40.000Z");
  assert.equal(passed, [{
    name: "prometheus",
    title: "Prometheus",
    url: "http://p",
    why: "Prometheus cannot be reached",
  }]);
  state.up = true;
  state.clock += 61_000;
  assert.is((await made.state())!.name, "live", "who asks is not kept waiting");
  await new Promise((done) => setTimeout(done, 0));
  assert.is((await made.state())!.name, "prometheus");
});

s("a question that is too much for it is refused, and the backend stays", async () => {
  const { state, made } = backend({ settings: set });
  await made.state();
  state.refuses = true;
  assert.is(await fails(made.range(query)), "Prometheus answered 422: Bearer [redacted] is wrong");
  assert.is((await made.state())!.name, "prometheus");
});

s("other settings are another choice at once", async () => {
  const { state, made } = backend({ settings: set });
  assert.is((await made.state())!.name, "prometheus");
  state.settings = { metricsBackend: "live" };
  assert.is((await made.state())!.name, "live");
  assert.equal(await made.range(query), [{ labels: {}, points: [[600, 1]] }]);
});

s("one that is set is asked as plugins ask, one that is found through the guard", async () => {
  for (const [settings, way] of [[set, "set"], [{}, "found"]] as const) {
    const { state, made } = backend({ settings });
    await made.range(query);
    const asked = state.contexts.at(-1)!;
    assert.is(await fails(asked.fetch("http://p/")), way);
    assert.is(asked.place?.token, undefined);
  }
});

s("a token is read from its file for each question; a file that is not there is told by its name", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headwind-token-"));
  const tokenFile = join(dir, "token");
  const { state, made } = backend({ settings: { prometheus: { url: "http://p", tokenFile } } });
  assert.is((await made.state())!.passed[0]!.why, `its tokenFile ${tokenFile} cannot be read`);
  await writeFile(tokenFile, "first\n");
  state.settings = { prometheus: { url: "http://p/", tokenFile, enabled: true } };
  state.clock += 61_000;
  await made.state();
  await new Promise((done) => setTimeout(done, 50));
  await made.range(query);
  assert.is(state.contexts.at(-1)!.place?.token, "first");
  await writeFile(tokenFile, "second\n");
  state.clock += 20_000;
  await made.range(query);
  assert.is(state.contexts.at(-1)!.place?.token, "second");
  await rm(dir, { recursive: true });
});

s("one that hangs is passed over in its time", async () => {
  const { state, made } = backend({ settings: set });
  state.hangs = true;
  const told = (await made.state())!;
  assert.is(told.name, "live");
  assert.is(told.passed[0]!.why, "it does not answer");
});

s("an API server that answers nothing does not keep one from its own numbers", async () => {
  const client: KubeClient = { ...noServices, request: () => Promise.reject(new Error("no connection")) };
  const { state, made } = backend({ client });
  state.up = false;
  const told = (await made.state())!;
  assert.is(told.name, "live");
  assert.match(told.passed[0]!.why, "Headwind may not list Services");
});

s("no secret and no login is in what is logged", async () => {
  const { state, made } = backend({ settings: set });
  await made.state();
  const line = state.lines.find((line) => line.includes("chose a metrics backend"))!;
  assert.equal(JSON.parse(line).url, "http://p");
});

s.run();

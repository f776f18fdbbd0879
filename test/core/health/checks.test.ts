import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkAnnotationNames } from "../../../core/health/check_annotations.ts";
import { type Checks, createChecks } from "../../../core/health/checks.ts";
import { createPluginHost } from "../../../core/host/plugin_host.ts";
import { type CheckPlugin, type CheckReading, defineCheck, type Plugin } from "../../../core/plugin.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics, type Metrics } from "../../../core/telemetry/metrics.ts";

const s = suite("checks");

type Read = CheckPlugin["read"];

/** A check with the annotations `check-NAME` and `check-NAME-limit`, the latter a number. */
const plugin = (name: string, read: Read): CheckPlugin =>
  defineCheck({
    kind: "check",
    name,
    description: "A check of this test.",
    annotations: (z) =>
      z.object({
        [`check-${name}`]: z.string().min(1, "something is wanted").describe("what"),
        [`check-${name}-limit`]: z.coerce.number({ error: "a number is wanted" }).optional().describe("how much"),
      }),
    read,
  });

const says = (state: CheckReading["state"], message = "so it is"): Read => () => Promise.resolve({ state, message });
const subject = {
  workload: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web", uid: "w" },
  container: "app",
  image: "web:2",
  updateRequest: { namespace: "shop", name: "ur", uid: "u" },
  appliedAt: "2026-01-01T00:00:00Z",
};

interface World {
  checks: Checks;
  metrics: Metrics;
  stop(reason: Error): void;
}

function world(plugins: CheckPlugin[], timeoutMs?: number): World {
  const metrics = createMetrics();
  const ending = new AbortController();
  const checks = createChecks({
    host: createPluginHost({
      plugins: plugins as Plugin[],
      settings: new Map(),
      log: createLog({ level: "error" }),
      metrics,
      fetch: () => Promise.reject(new Error("no network in this test")),
    }),
    access: () => ({ get: () => Promise.resolve(undefined), create: () => Promise.resolve() }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    signal: ending.signal,
  });
  return { checks, metrics, stop: (reason) => ending.abort(reason) };
}

/** A check that counts its readings. */
function counted(name: string): { check: CheckPlugin; reads: () => number } {
  let reads = 0;
  const check = plugin(name, () => {
    reads++;
    return Promise.resolve({ state: "ok", message: "so it is" });
  });
  return { check, reads: () => reads };
}

s("only checks whose annotation is set are made, with their annotations parsed", async () => {
  const seen: unknown[] = [];
  const { checks } = world([
    plugin("a", (given) => {
      seen.push(given);
      return Promise.resolve({ state: "waiting", message: "soon" });
    }),
    plugin("b", says("failing")),
  ]);
  const annotations = { "headwind.sh/check-a": "x", "headwind.sh/check-a-limit": "7", "other/check-b": "y" };
  assert.equal(await checks.read(subject, annotations), [
    { name: "a", reading: { state: "waiting", message: "soon" } },
  ]);
  assert.equal(seen, [{ ...subject, annotations: { "check-a": "x", "check-a-limit": 7 } }]);
  assert.equal(await checks.read(subject, {}), []);
});

s("all are made at the same time", async () => {
  let here = 0;
  let all = () => {};
  const both = new Promise<void>((resolve) => all = resolve);
  const meets: Read = async () => {
    if (++here === 2) all();
    await both;
    return { state: "ok", message: "met" };
  };
  const { checks } = world([plugin("a", meets), plugin("b", meets)], 2_000);
  const readings = await checks.read(subject, { "headwind.sh/check-a": "x", "headwind.sh/check-b": "x" });
  assert.equal(readings.map(({ reading }) => reading.message), ["met", "met"]);
});

s("a throw fails with its message, is counted, and harms no other", async () => {
  const { checks, metrics } = world([
    plugin("a", () => Promise.reject(new Error("it broke"))),
    plugin("b", () => {
      throw new Error("at once");
    }),
    plugin("c", says("ok")),
  ]);
  const annotations = { "headwind.sh/check-a": "x", "headwind.sh/check-b": "x", "headwind.sh/check-c": "x" };
  const readings = await checks.read(subject, annotations);
  assert.equal(readings.map(({ reading }) => reading), [
    { state: "failing", message: "it broke" },
    { state: "failing", message: "at once" },
    { state: "ok", message: "so it is" },
  ]);
  assert.match(await metrics.exposition(), /headwind_plugin_errors_total\{plugin="check\/a"\} 1/);
});

s("no reading, a strange one and a very long one", async () => {
  const { checks } = world([
    plugin("a", () => Promise.resolve(undefined as unknown as CheckReading)),
    plugin("b", () => Promise.resolve({ state: "fine", message: "" } as unknown as CheckReading)),
    plugin("c", says("failing", "x".repeat(10_000))),
  ]);
  const annotations = { "headwind.sh/check-a": "x", "headwind.sh/check-b": "x", "headwind.sh/check-c": "x" };
  const [a, b, c] = await checks.read(subject, annotations);
  assert.equal(a!.reading, { state: "failing", message: "the check gave no reading" });
  assert.equal(b!.reading, { state: "failing", message: "the check gave no reading" });
  assert.is(c!.reading.message.length, 500);
});

s("one that does not answer is given up, though it does not listen to its signal", async () => {
  let given: AbortSignal | undefined;
  const { checks } = world([
    plugin("deaf", (_subject, _context, signal) => {
      given = signal;
      return new Promise(() => {});
    }),
  ], 50);
  const [only] = await checks.read(subject, { "headwind.sh/check-deaf": "x" });
  assert.equal(only!.reading, { state: "failing", message: "no answer in 0.05 s" });
  assert.ok(given!.aborted);
});

s("who ends all gets his reason, and no reading", async () => {
  const { checks, stop } = world([plugin("deaf", () => new Promise(() => {}))]);
  const reason = new Error("the operator stops");
  const read = checks.read(subject, { "headwind.sh/check-deaf": "x" }).then(() => undefined, (error) => error);
  stop(reason);
  assert.is(await read, reason);
  const after = checks.read(subject, { "headwind.sh/check-deaf": "y" }).then(() => undefined, (error) => error);
  assert.is(await after, reason);
});

s("a namespace whose checks do not answer keeps no other's waiting", async () => {
  let begun = 0;
  const { checks, stop } = world([
    plugin("deaf", () => {
      begun++;
      return new Promise(() => {});
    }),
    plugin("a", says("ok")),
  ]);
  const flood = Array.from({ length: 200 }, () => checks.read(subject, { "headwind.sh/check-deaf": "x" }))
    .map((one) => one.catch((error) => error));
  const elsewhere = { ...subject, workload: { ...subject.workload, namespace: "other" } };
  const [only] = await checks.read(elsewhere, { "headwind.sh/check-a": "x" });
  assert.is(only!.reading.state, "ok");
  assert.is(begun, 8);
  stop(new Error("the operator stops"));
  await Promise.all(flood);
});

s("a reading that is not wanted any more is ended", async () => {
  let given: AbortSignal | undefined;
  const { checks } = world([
    plugin("deaf", (_subject, _context, signal) => {
      given = signal;
      return new Promise(() => {});
    }),
  ]);
  const own = new AbortController();
  const reason = new Error("not wanted");
  const read = checks.read(subject, { "headwind.sh/check-deaf": "x" }, own.signal)
    .then(() => undefined, (error) => error);
  await new Promise((done) => setTimeout(done, 0));
  own.abort(reason);
  assert.is(await read, reason);
  assert.is(given?.reason, reason);
});

s("annotations that cannot be read fail by their names, and are told beforehand", async () => {
  const { check, reads } = counted("a");
  const { checks } = world([check]);
  const wrong = { "headwind.sh/check-a": "", "headwind.sh/check-a-limit": "much" };
  const [only] = await checks.read(subject, wrong);
  assert.equal(only!.reading, {
    state: "failing",
    message: "headwind.sh/check-a: something is wanted; headwind.sh/check-a-limit: a number is wanted",
  });
  assert.equal(checks.mistakes(wrong), [
    { annotation: "headwind.sh/check-a", message: "headwind.sh/check-a: something is wanted" },
    { annotation: "headwind.sh/check-a-limit", message: "headwind.sh/check-a-limit: a number is wanted" },
  ]);
  assert.equal(checks.mistakes({ "headwind.sh/check-a": "x" }), []);
  assert.is(reads(), 0);
});

s("an annotation without the first one of its check says nothing, and that is said", async () => {
  const { checks } = world([plugin("a", says("ok"))]);
  const [only] = await checks.read(subject, { "headwind.sh/check-a-limit": "1" });
  assert.equal(only!.reading, {
    state: "failing",
    message: "headwind.sh/check-a-limit says nothing without headwind.sh/check-a",
  });
});

s("whether there are any, and their names", () => {
  const plugins = [plugin("a", says("ok")), plugin("b", says("ok"))];
  const { checks } = world(plugins);
  assert.not(checks.has({}));
  assert.not(checks.has({ "headwind.sh/policy": "minor", "check-a": "x" }));
  assert.ok(checks.has({ "headwind.sh/check-b": "x" }));
  assert.ok(checks.has({ "headwind.sh/check-b-limit": "1" }));
  const picked = checks.pick({ "headwind.sh/policy": "minor", "headwind.sh/check-b": "x", "other/note": "long" });
  assert.equal(picked, { "headwind.sh/check-b": "x" });
  assert.equal(checkAnnotationNames(plugins), ["check-a", "check-a-limit", "check-b", "check-b-limit"]);
});

s.run();

/**
 * What every plugin of a kind has to do, for built-in plugins and those of strangers:
 *
 * ```ts
 * import { conformance } from "headwind/conformance";
 * import plugin from "./my-registry.ts";
 *
 * conformance(plugin, { good: { … }, bad: { … } }).run();
 * ```
 *
 * @module
 */
import { suite, type Test } from "uvu";
import * as assert from "uvu/assert";
import { checkChecks, type CheckFixtures } from "./check.ts";
import type { Checks } from "./checks.ts";
import { fixtureFaults } from "./fixture_faults.ts";
import { metricsChecks, type MetricsFixtures } from "./metrics.ts";
import { notifierChecks, type NotifierFixtures } from "./notifier.ts";
import { shapeFaults } from "../../core/host/plugin_faults.ts";
import { triggerChecks, type TriggerFixtures } from "./trigger.ts";
import { workloadChecks, type WorkloadFixtures } from "./workload.ts";
import type {
  CheckPlugin,
  MetricsPlugin,
  NotifierPlugin,
  Plugin,
  TriggerPlugin,
  WorkloadPlugin,
} from "../../core/plugin.ts";

export type { CheckFixtures } from "./check.ts";
export type { Annotations, Surroundings } from "./check_asked.ts";
export type { BadBody, GoodBody, TriggerFixtures } from "./trigger.ts";
export type { RunFixtures } from "./trigger_run.ts";
export type { Backend, MetricsFixtures } from "./metrics.ts";
export type { NotifierFixtures } from "./notifier.ts";
export type { Received } from "./receiver.ts";
export type { WorkloadFixtures } from "./workload.ts";
export type { KubeObject } from "./workload_place.ts";

type Fixtures = TriggerFixtures | WorkloadFixtures | CheckFixtures | NotifierFixtures | MetricsFixtures;

/** A uvu suite with all checks of the plugin's kind: add tests of your own to it, then call `run()`. */
export function conformance<S>(plugin: TriggerPlugin<S>, fixtures: TriggerFixtures): Test;
export function conformance(plugin: WorkloadPlugin, fixtures: WorkloadFixtures): Test;
export function conformance<S, A>(plugin: CheckPlugin<S, A>, fixtures: CheckFixtures): Test;
export function conformance<S>(plugin: NotifierPlugin<S>, fixtures: NotifierFixtures): Test;
export function conformance<S>(plugin: MetricsPlugin<S>, fixtures: MetricsFixtures): Test;
export function conformance(plugin: unknown, fixtures: Fixtures): Test {
  const wrong = shapeFaults(plugin);
  if (wrong.length > 0) {
    const s = suite("the plugin conforms");
    s("it has the shape of its kind, or nothing is tried", () => assert.unreachable(wrong.join("\n")));
    return s;
  }
  const { kind, name } = plugin as Plugin;
  const s = suite(`${kind}/${name} conforms`);
  const faults = fixtureFaults(plugin as Plugin, fixtures);
  if (faults.length > 0) {
    s("its fixtures can be used, or nothing is tried", () => assert.unreachable(faults.join("\n")));
    return s;
  }
  const { checks, end } = checksOf(plugin as Plugin, fixtures);
  for (const { name, run } of checks) s(name, run);
  if (end) s.after(end);
  return s;
}

function checksOf(plugin: Plugin, fixtures: Fixtures): Checks {
  switch (plugin.kind) {
    case "trigger":
      return triggerChecks(plugin, fixtures as TriggerFixtures);
    case "workload":
      return workloadChecks(plugin, fixtures as WorkloadFixtures);
    case "check":
      return checkChecks(plugin, fixtures as CheckFixtures);
    case "notifier":
      return notifierChecks(plugin, fixtures as NotifierFixtures);
    case "metrics":
      return metricsChecks(plugin, fixtures as MetricsFixtures);
  }
}

/**
 * The plugin contract: the one module that a plugin imports, and types only, so that a plugin's file runs unbundled on
 * every runtime. A plugin is a plain object, the default export of its file; `define…` exists for the editor's sake.
 *
 * @module
 */
import type { CheckPlugin } from "./plugin/check_plugin.ts";
import type { MetricsPlugin } from "./plugin/metrics_plugin.ts";
import type { NotifierPlugin } from "./plugin/notifier_plugin.ts";
import type { TriggerPlugin } from "./plugin/trigger_plugin.ts";
import type { WorkloadPlugin } from "./plugin/workload_plugin.ts";

export type * from "./plugin/artifact.ts";
export type * from "./plugin/check_plugin.ts";
export type * from "./plugin/common.ts";
export type * from "./plugin/metrics_plugin.ts";
export type * from "./plugin/notifier_plugin.ts";
export type * from "./plugin/references.ts";
export type * from "./plugin/slot.ts";
export type * from "./plugin/trigger_plugin.ts";
export type * from "./plugin/workload_plugin.ts";

export type Plugin = TriggerPlugin | WorkloadPlugin | CheckPlugin | NotifierPlugin | MetricsPlugin;
export type PluginKind = Plugin["kind"];

/** For the editor's sake: gives back what it is given. */
export const defineTrigger = <S = Record<string, unknown>>(plugin: TriggerPlugin<S>): TriggerPlugin<S> => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineWorkload = (plugin: WorkloadPlugin): WorkloadPlugin => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineCheck = <S = Record<string, unknown>, A = Record<string, unknown>>(
  plugin: CheckPlugin<S, A>,
): CheckPlugin<S, A> => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineNotifier = <S = Record<string, unknown>>(plugin: NotifierPlugin<S>): NotifierPlugin<S> => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineMetrics = <S = Record<string, unknown>>(plugin: MetricsPlugin<S>): MetricsPlugin<S> => plugin;

/**
 * The plugin contract: the one module that a plugin imports, and types only, so that a plugin's file runs unbundled on
 * every runtime. A plugin is a plain object, the default export of its file; `define…` exists for the editor's sake.
 *
 * @module
 */
import type { CheckPlugin } from "./plugin/check.ts";
import type { MetricsPlugin } from "./plugin/metrics.ts";
import type { NotifierPlugin } from "./plugin/notifier.ts";
import type { TriggerPlugin } from "./plugin/trigger.ts";
import type { WorkloadPlugin } from "./plugin/workload.ts";

export type * from "./plugin/artifact.ts";
export type * from "./plugin/check.ts";
export type * from "./plugin/common.ts";
export type * from "./plugin/metrics.ts";
export type * from "./plugin/notifier.ts";
export type * from "./plugin/slot.ts";
export type * from "./plugin/trigger.ts";
export type * from "./plugin/workload.ts";

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

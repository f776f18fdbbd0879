import { createInterner } from "../lib/interner.ts";
import { formatLabelSelector } from "../kube/paths.ts";
import type { FindObject, LabelSelector, Rollout, WorkloadPlugin } from "../plugin.ts";

const interned = createInterner<Rollout>();
const MAX_LENGTH = 1024;
/** Labels, and expressions, of a selector by which pods are watched. */
const MAX_TERMS = 50;

/** What the plugin reads of an object: equal readings give the same frozen one, so that thousands of workloads cost little. */
export function readRollout(plugin: WorkloadPlugin, object: unknown, find: FindObject): Rollout {
  const read = rolloutOf(plugin, object, find);
  const key = JSON.stringify([read.state, read.reason, read.message, read.at]);
  return interned(key, () => read);
}

/** A plugin that throws must not make the workload unseen. */
function rolloutOf(plugin: WorkloadPlugin, object: unknown, find: FindObject): Rollout {
  try {
    const { state, reason, message, at } = plugin.rollout(object, find);
    return { state, reason: cut(reason), message: cut(message), ...(at === undefined ? {} : { at: cut(at) }) };
  } catch (error) {
    const message = cut(`the plugin workload/${plugin.name} cannot read its status: ${(error as Error).message}`);
    return { state: "none", reason: "StatusUnreadable", message };
  }
}

/** By way of JSON, since a slice keeps the whole text that it is of in memory. */
const cut = (text: string): string =>
  text.length <= MAX_LENGTH ? text : JSON.parse(JSON.stringify(`${text.slice(0, MAX_LENGTH - 1)}…`)) as string;

/** Undefined also where the plugin throws, or gives one by which pods cannot be listed. */
export function readPodSelector(plugin: WorkloadPlugin, object: unknown): LabelSelector | undefined {
  try {
    const selector = plugin.podSelector?.(object) ?? undefined;
    // labels alone are always right; with tens of thousands of workloads every text that is made here is felt
    if (selector && !isBounded(selector)) return undefined;
    if (!selector?.matchExpressions || formatLabelSelector(selector) !== undefined) return selector;
    return undefined;
  } catch {
    return undefined;
  }
}

function isBounded({ matchLabels, matchExpressions }: LabelSelector): boolean {
  let terms = matchExpressions?.length ?? 0;
  for (const _ in matchLabels) if (++terms > MAX_TERMS) return false;
  return terms <= MAX_TERMS && (matchExpressions ?? []).every(({ values }) => (values?.length ?? 0) <= MAX_TERMS);
}

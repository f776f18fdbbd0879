import type { CheckPlugin, MetricDeclaration, Plugin, PluginKind } from "../plugin.ts";
import * as z from "zod";
import { CORE_ANNOTATIONS } from "../workloads/annotations.ts";

const KINDS: readonly PluginKind[] = ["trigger", "workload", "check", "notifier", "metrics"];
const REQUIRED_FIELDS: Record<PluginKind, readonly [field: string, type: string][]> = {
  trigger: [],
  workload: [["resource", "object"], ["rollout", "function"]],
  check: [["annotations", "function"], ["read", "function"]],
  notifier: [["enabled", "function"], ["deliver", "function"]],
  metrics: [["available", "function"], ["current", "function"], ["range", "function"]],
};

/** What keeps a value from being a plugin, a sentence each that names the field; empty for a plugin. */
export function shapeFaults(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return ["the default export is no plugin object"];
  const plugin = value as Record<string, unknown>;
  const kind = plugin.kind as PluginKind;
  if (!KINDS.includes(kind)) return [`kind: is ${JSON.stringify(plugin.kind)}, not one of ${KINDS.join(", ")}`];
  const faults: string[] = [];
  if (typeof plugin.name !== "string" || !/^[a-z][a-z0-9-]{0,62}$/.test(plugin.name)) {
    faults.push("name: lower case letters, digits and hyphens are wanted");
  }
  if (typeof plugin.description !== "string" || plugin.description === "") {
    faults.push("description: a sentence is wanted");
  }
  if (plugin.settings !== undefined && typeof plugin.settings !== "function") {
    faults.push("settings: a function is wanted");
  }
  if (plugin.metrics !== undefined && !Array.isArray(plugin.metrics)) faults.push("metrics: a list is wanted");
  else faults.push(...((plugin.metrics ?? []) as unknown[]).flatMap(metricFaults));
  for (const [field, type] of REQUIRED_FIELDS[kind]) {
    if (typeof plugin[field] !== type || plugin[field] === null) faults.push(`${field}: a ${type} is wanted`);
  }
  if (kind === "trigger") faults.push(...triggerFaults(plugin));
  if (kind === "workload" && faults.length === 0) faults.push(...workloadFaults(plugin));
  return faults;
}

function triggerFaults({ webhook, run }: Record<string, unknown>): string[] {
  if (webhook === undefined && run === undefined) return ["webhook, run: a trigger has at least one of them"];
  const faults: string[] = [];
  if (run !== undefined && typeof run !== "function") faults.push("run: a function is wanted");
  if (webhook === undefined) return faults;
  if (typeof webhook !== "object" || webhook === null) return [...faults, "webhook: an object is wanted"];
  const { path, read } = webhook as Record<string, unknown>;
  if (typeof path !== "string" || !/^\/webhook\/[a-z0-9/_-]+$/.test(path)) {
    faults.push("webhook.path: begins with /webhook/");
  }
  if (typeof read !== "function") faults.push("webhook.read: a function is wanted");
  return faults;
}

function workloadFaults(plugin: Record<string, unknown>): string[] {
  const { resource, podTemplate } = plugin as unknown as Extract<Plugin, { kind: "workload" }>;
  const faults = (["group", "version", "plural", "kind"] as const)
    .filter((field) => typeof resource[field] !== "string")
    .map((field) => `resource.${field}: a string is wanted`);
  if (podTemplate === undefined && plugin.slots === undefined) {
    faults.push("podTemplate, slots: a workload has at least one of them");
  }
  if (podTemplate !== undefined && (typeof podTemplate !== "string" || !podTemplate.startsWith("/"))) {
    faults.push("podTemplate: a JSON pointer is wanted");
  }
  for (const field of ["podSelector", "slots", "keep"]) {
    if (plugin[field] !== undefined && typeof plugin[field] !== "function") {
      faults.push(`${field}: a function is wanted`);
    }
  }
  const related = plugin.related ?? [];
  if (!Array.isArray(related) || !related.every(isRelated)) {
    faults.push("related: a list of { resource, keep } is wanted");
  } else if (related.length > 0 && plugin.keep === undefined) {
    faults.push("keep: a function is wanted, since there is related");
  }
  return faults;
}

function isRelated(value: unknown): boolean {
  const { resource, keep } = (value ?? {}) as { resource?: Record<string, unknown>; keep?: unknown };
  return typeof keep === "function" &&
    ["group", "version", "plural", "kind"].every((field) => typeof resource?.[field] === "string");
}

function metricFaults(metric: unknown, index: number): string[] {
  if (typeof metric !== "object" || metric === null) return [`metrics.${index}: an object is wanted`];
  const { name, type, help, labels = [] } = metric as Partial<Record<keyof MetricDeclaration, unknown>>;
  const faults: string[] = [];
  if (typeof name !== "string" || !/^headwind_[a-z0-9_]+$/.test(name)) {
    faults.push("name: begins with headwind_, and has lower case letters, digits and _");
  }
  if (type !== "counter" && type !== "gauge") faults.push("type: counter or gauge is wanted");
  if (typeof help !== "string" || help === "") faults.push("help: a sentence is wanted");
  if (
    !Array.isArray(labels) || !labels.every((label) => typeof label === "string" && /^[a-z][a-z0-9_]*$/.test(label))
  ) {
    faults.push("labels: a list of names in lower case is wanted");
  }
  return faults.map((fault) => `metrics.${index}.${fault}`);
}

/** What keeps a check's annotations from being used beside those of core and of the checks before it, a sentence each. */
export function annotationFaults(plugin: CheckPlugin, before: readonly CheckPlugin[]): string[] {
  const names = namesOf(plugin);
  if (names === undefined) return ["annotations: a zod object with at least one annotation is wanted"];
  const taken = new Set(before.flatMap((other) => namesOf(other) ?? []));
  return names.flatMap((name) => {
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
      return [`annotations: ${name} is no name: lower case letters, digits and - are wanted`];
    }
    if (CORE_ANNOTATIONS.includes(name)) return [`annotations: headwind.sh/${name} is one of Headwind's own`];
    return taken.has(name) ? [`annotations: headwind.sh/${name} belongs to another check`] : [];
  });
}

function namesOf(plugin: CheckPlugin): string[] | undefined {
  try {
    const names = Object.keys(plugin.annotations(z).shape);
    return names.length > 0 ? names : undefined;
  } catch {
    return undefined;
  }
}

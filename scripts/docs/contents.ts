import * as z from "zod";
import {
  ASKING_ANNOTATIONS,
  PREFIX,
  REFERENCED_OBJECT_ANNOTATIONS,
  UPDATE_ANNOTATIONS,
  VERIFICATION_ANNOTATIONS,
  WRITTEN_ANNOTATIONS,
} from "../../core/workloads/annotations.ts";
import { coreSettings } from "../../core/app/setting_schema.ts";
import type { Plugin } from "../../core/plugin.ts";
import { POLICIES } from "../../core/policy/policies.ts";
import { CATALOG, type MetricEntry } from "../../core/telemetry/catalog.ts";
import { type ReasonFacts, REASONS } from "../../core/requests/reasons.ts";
import { GATES } from "../../core/lifecycle/gates.ts";
import { type PhaseFacts, PHASES } from "../../core/requests/phases.ts";
import type { Source } from "../check/sources.ts";
import type { KeptFigures } from "../bench/kept.ts";
import { commandTable } from "./commands.ts";
import { figures } from "./figures.ts";
import { layerPicture } from "./layers.ts";
import { markdownTable } from "./markdown_table.ts";
import { describedSettings } from "./settings.ts";

export interface Sources {
  plugins: readonly Plugin[];
  /** Of the last benchmark that was kept. */
  kept: KeptFigures | undefined;
  /** The files of `core/`. */
  core: readonly Source[];
}

/** The generated blocks of the README files by name, in Markdown. */
export function contents({ plugins, kept, core }: Sources): Record<string, string> {
  return {
    annotations: annotations(plugins),
    policies: policies(),
    phases: phases(),
    reasons: reasons(),
    gates: gates(),
    commands: commandTable(),
    variables: variables(plugins),
    metrics: metrics(plugins),
    plugins: pluginList(plugins),
    bench: figures(kept),
    layers: layerPicture(core),
  };
}

function annotations(plugins: readonly Plugin[]): string {
  const ofChecks = plugins.flatMap((plugin) =>
    plugin.kind === "check"
      ? [`Of plugin ${idOf(plugin)}:`, settingsTable("annotation", plugin.annotations(z), PREFIX)]
      : []
  );
  const ofWorkloads = plugins.flatMap((plugin) => {
    if (plugin.kind !== "workload" || !plugin.annotations) return [];
    const rows = Object.entries(plugin.annotations).map(([name, text]) => [code(PREFIX + name), text]);
    return [`Of plugin ${idOf(plugin)}:`, markdownTable(["annotation", "meaning"], rows)];
  });
  const rowsOf = (texts: Record<string, string>) =>
    Object.entries(texts).map(([name, text]) => [code(PREFIX + name), text]);
  return [
    settingsTable("annotation", UPDATE_ANNOTATIONS, PREFIX),
    "On what comes after a change:",
    settingsTable("annotation", VERIFICATION_ANNOTATIONS, PREFIX),
    ...ofWorkloads,
    ...ofChecks,
    "On a HelmRepository or OCIRepository, for releases of other namespaces:",
    markdownTable(["annotation", "meaning"], rowsOf(REFERENCED_OBJECT_ANNOTATIONS)),
    "Anybody writes to ask for something once:",
    markdownTable(["annotation", "meaning"], rowsOf(ASKING_ANNOTATIONS)),
    "Headwind writes by itself:",
    markdownTable(["annotation", "meaning"], rowsOf(WRITTEN_ANNOTATIONS)),
  ].join("\n\n");
}

const policies = () => markdownTable(["policy", "moves"], POLICIES.map(({ name, summary }) => [code(name), summary]));

function phases(): string {
  const yesNo = (value = false) => value ? "yes" : "no";
  const rows = Object.entries<PhaseFacts>(PHASES).map(([phase, facts]) => [
    code(phase),
    facts.meaning,
    yesNo(facts.isFinal),
    yesNo(facts.canRetry),
    code(facts.event.reason),
    facts.notification ? code(facts.notification) : "",
  ]);
  return markdownTable(["phase", "meaning", "final", "retry", "Event on the workload", "notification"], rows);
}

function gates(): string {
  const rows = GATES.map(({ name, reason, annotation, explanation, opensBy }) => [
    name,
    code(reason),
    annotation ? code(PREFIX + annotation) : "",
    explanation,
    opensBy,
  ]);
  return markdownTable(["gate", "reason", "set by", "closed when", "opens by"], rows);
}

function reasons(): string {
  const rows = Object.entries<ReasonFacts>(REASONS).map(([reason, { phases, meaning, canRecreate = false }]) => [
    code(reason),
    phases.map(code).join(", "),
    meaning,
    canRecreate ? "yes" : "no",
  ]);
  return markdownTable(["reason", "phase", "meaning", "offered again"], rows);
}

function variables(plugins: readonly Plugin[]): string {
  const ofPlugins = plugins.flatMap((plugin) => {
    const schema = plugin.settings?.(z);
    return schema ? [`Of plugin ${idOf(plugin)}:`, settingsTable("variable", schema)] : [];
  });
  return [settingsTable("variable", coreSettings), ...ofPlugins].join("\n\n");
}

function metrics(plugins: readonly Plugin[]): string {
  const ofPlugins = plugins.flatMap((plugin) => {
    return plugin.metrics?.length ? [`Of plugin ${idOf(plugin)}:`, metricsTable(plugin.metrics)] : [];
  });
  return [metricsTable(Object.values(CATALOG)), ...ofPlugins].join("\n\n");
}

const pluginList = (plugins: readonly Plugin[]) =>
  markdownTable(["plugin", "what it does"], plugins.map((plugin) => [idOf(plugin), plugin.description]));

function settingsTable(what: string, schema: z.ZodObject, prefix = ""): string {
  const rows = describedSettings(schema).map(({ name, values, standard, description }) => {
    return [code(prefix + name), values, standard, description];
  });
  return markdownTable([what, "values", "default", "meaning"], rows);
}

function metricsTable(entries: readonly MetricEntry[]): string {
  const rows = entries.map((
    { name, type, labels = [], help },
  ) => [code(name), type, labels.map(code).join(", "), help]);
  return markdownTable(["metric", "type", "labels", "meaning"], rows);
}

const code = (text: string) => `\`${text}\``;
const idOf = ({ kind, name }: Plugin) => code(`${kind}/${name}`);

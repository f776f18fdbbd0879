import * as z from "zod";
import {
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
import { EVENT_REASONS } from "../../core/lifecycle/update_event.ts";
import { FINISHED, type Phase } from "../../core/requests/update_request.ts";
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
    "Headwind writes by itself:",
    markdownTable(["annotation", "meaning"], rowsOf(WRITTEN_ANNOTATIONS)),
  ].join("\n\n");
}

const policies = () => markdownTable(["policy", "moves"], POLICIES.map(({ name, summary }) => [code(name), summary]));

function phases(): string {
  const rows = Object.entries(EVENT_REASONS).map(([phase, reason]) => {
    return [code(phase), FINISHED.includes(phase as Phase) ? "yes" : "no", code(reason)];
  });
  return markdownTable(["phase", "final", "Event on the workload"], rows);
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

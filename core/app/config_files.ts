import * as z from "zod";
import { type ConfigFile, type ConfigFileState, createConfigFile } from "./config_file.ts";
import type { Bus } from "./event_bus.ts";
import type { Config } from "./setting_schema.ts";
import { join } from "node:path";
import type { Log } from "../plugin.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { type ObservabilitySettings, observabilitySettings } from "../observability/observability_settings.ts";
import { type UiConfig, uiConfig } from "./ui_config.ts";

/** `config.yaml` in the ConfigMap `headwind-config`. */
export const mainConfig = z.object({ observability: observabilitySettings });

export interface OpenConfigFile {
  state: ConfigFileState;
  schema: z.ZodType;
  value: unknown;
  /** As in `ConfigFile`. */
  given: readonly string[];
}

/** The settings that count without a restart: those of mounted ConfigMaps. */
export interface ConfigFiles {
  ui(): UiConfig;
  observability(): ObservabilitySettings;
  /** The files, and what each may set. */
  files(): OpenConfigFile[];
  /** Reads those that are another than they were. */
  look(): Promise<void>;
  /** Looks at them until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface ConfigFilesOptions {
  config: Pick<Config, "HEADWIND_CONFIG_DIR" | "HEADWIND_UI_CONFIG_DIR">;
  log: Log;
  metrics: Pick<Metrics, "set" | "count">;
  bus: Bus;
  now(): Date;
  /** As in `createConfigFile`. */
  everyMs?: number;
}

export function createConfigFiles({ config, log, metrics, bus, now, everyMs }: ConfigFilesOptions): ConfigFiles {
  const open = <T extends z.ZodType>(name: string, folder: string, schema: T): ConfigFile<z.infer<T>> => {
    metrics.set("configFileBroken", 0, { file: name });
    return createConfigFile({
      name,
      path: join(folder, "config.yaml"),
      schema,
      log,
      now,
      onChange({ status }) {
        metrics.set("configFileBroken", status === "broken" ? 1 : 0, { file: name });
        metrics.count("configFileReads", { file: name, outcome: status });
        bus.emit("settingsChanged", name);
      },
      ...(everyMs === undefined ? {} : { everyMs }),
    });
  };
  const ui = open("headwind-ui-config", config.HEADWIND_UI_CONFIG_DIR, uiConfig);
  const main = open("headwind-config", config.HEADWIND_CONFIG_DIR, mainConfig);
  const all = [ui, main];
  return {
    ui: ui.value,
    observability: () => main.value().observability,
    files: () => [openFile(ui, uiConfig), openFile(main, mainConfig)],
    look: async () => void await Promise.all(all.map((file) => file.look())),
    run: async (signal) => void await Promise.all(all.map((file) => file.run(signal))),
  };
}

const openFile = (file: ConfigFile<unknown>, schema: z.ZodType): OpenConfigFile => ({
  state: file.state(),
  schema,
  value: file.value(),
  given: file.given(),
});

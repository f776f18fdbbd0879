import type { Log, LogFields } from "../../core/plugin.ts";

export interface Line {
  level: "debug" | "info" | "warn" | "error";
  message: string;
  fields: LogFields;
}

/** A log that keeps its lines. */
export function recordedLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const withFields = (base: LogFields): Log => {
    const at = (level: Line["level"]) => (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields: { ...base, ...fields } });
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      with: (fields) => withFields({ ...base, ...fields }),
    };
  };
  return { log: withFields({}), lines };
}

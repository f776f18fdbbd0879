import type { Log, LogFields } from "../../../core/plugin.ts";

export interface Line {
  level: "debug" | "info" | "warn" | "error";
  message: string;
  fields: LogFields;
}

/** A log that keeps its lines. */
export function keptLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: Line["level"]) => (message: string, fields: LogFields = {}) =>
    void lines.push({ level, message, fields });
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), with: () => log };
  return { log, lines };
}

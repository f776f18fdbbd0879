import process from "node:process";
import type { Log, LogFields } from "../plugin.ts";
import { pretty } from "./pretty.ts";
import { redacted, withoutSecrets } from "./redact.ts";

export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = typeof LEVELS[number];

export interface LogOptions {
  level?: Level;
  format?: "json" | "pretty";
  write?: (line: string) => void;
}

/** One line of a log before it is written. */
export interface LogLine {
  /** RFC 3339. */
  time: string;
  level: Level;
  message: string;
  fields: LogFields;
}

/** A log of one JSON line per call, or of lines for people. Secrets in messages and fields are blotted out. */
export function createLog(options: LogOptions = {}): Log {
  const { level = "info", format = "json", write = (line) => void process.stdout.write(`${line}\n`) } = options;
  const least = LEVELS.indexOf(level);
  const render = format === "pretty" ? pretty(process.stdout.isTTY === true) : json;
  const withFields = (base: LogFields): Log => {
    const at = (level: Level) => (message: string, fields: LogFields = {}) => {
      if (LEVELS.indexOf(level) < least) return;
      const line = { time: new Date().toISOString(), level, message: withoutSecrets(message) };
      write(render({ ...line, fields: redacted({ ...base, ...fields }) }));
    };
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      with: (fields) => withFields({ ...base, ...fields }),
    };
  };
  return withFields({});
}

/** A field cannot take the name of what each line has. */
function json({ fields, ...line }: LogLine): string {
  return JSON.stringify({ ...line, ...fields, ...line });
}

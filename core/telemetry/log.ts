import process from "node:process";
import type { Log, LogFields } from "../plugin.ts";
import { redactFields, redactSecrets } from "./redact.ts";

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
      const line = { time: new Date().toISOString(), level, message: redactSecrets(message) };
      write(render({ ...line, fields: redactFields({ ...base, ...fields }) }));
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

const COLOURS: Record<Level, string> = { debug: "\x1b[2m", info: "\x1b[32m", warn: "\x1b[33m", error: "\x1b[31m" };
const PLAIN = "\x1b[0m";

/** A line for people: time of day, level, message, and the fields as `name=value`. */
export function pretty(coloured: boolean): (line: LogLine) => string {
  const paint = (level: Level, text: string) => coloured ? `${COLOURS[level]}${text}${PLAIN}` : text;
  const dim = (text: string) => coloured && text ? `\x1b[2m${text}${PLAIN}` : text;
  return ({ time, level, message, fields }) => {
    const told = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`).join(" ");
    return `${time.slice(11, 23)} ${paint(level, level.padEnd(5))} ${message}${told ? `  ${dim(told)}` : ""}`;
  };
}

function shown(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? String(value);
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/**
 * Tells of the first of a kind, and of the others of the next `ms` milliseconds only how many there were, when the kind comes
 * up again after that. `kind` is one of few.
 */
export function createLogThrottle(ms = 10_000, now: () => number = () => performance.now()) {
  const told = new Map<string, { at: number; unsaid: number }>();
  return (kind: string, tell: (unsaid: number) => void): void => {
    const last = told.get(kind);
    if (last && now() - last.at < ms) return void last.unsaid++;
    told.set(kind, { at: now(), unsaid: 0 });
    tell(last?.unsaid ?? 0);
  };
}

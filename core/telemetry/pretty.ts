import type { Level, LogLine } from "./log.ts";

const colours: Record<Level, string> = { debug: "\x1b[2m", info: "\x1b[32m", warn: "\x1b[33m", error: "\x1b[31m" };
const plain = "\x1b[0m";

/** A line for people: time of day, level, message, and the fields as `name=value`. */
export function pretty(coloured: boolean): (line: LogLine) => string {
  const paint = (level: Level, text: string) => coloured ? `${colours[level]}${text}${plain}` : text;
  const dim = (text: string) => coloured && text ? `\x1b[2m${text}${plain}` : text;
  return ({ time, level, message, fields }) => {
    const told = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`).join(" ");
    return `${time.slice(11, 23)} ${paint(level, level.padEnd(5))} ${message}${told ? `  ${dim(told)}` : ""}`;
  };
}

function shown(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? String(value);
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

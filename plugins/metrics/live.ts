import { defineMetrics, type Sample } from "../../core/plugin.ts";

/** `name{labels} value timestamp?`; a label's value may hold `}` and escaped quotes. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\s*\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}|(?=\s))\s*(\S+)/;
const LABEL = /([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Record<string, string> = { n: "\n", "\\": "\\", '"': '"' };

export default defineMetrics({
  kind: "metrics",
  name: "live",
  title: "Live",
  description: "The operator's own numbers: of this replica, which remembers a day of those that are charted.",
  available: () => Promise.resolve(true),
  async current({ exposition }) {
    return samplesOf(await exposition()).filter(({ name }) => name.startsWith("headwind_"));
  },
  range: (query, { remembered }) => remembered(query),
});

/** Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
function samplesOf(text: string): Sample[] {
  return text.split("\n").flatMap((row) => {
    const [, name, labels = "", value] = LINE.exec(row) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, labels: labelsOf(labels), value: number(value) }];
  });
}

function labelsOf(text: string): Record<string, string> {
  const unescape = (value: string) => value.replace(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name, value]) => [name!, unescape(value!)]));
}

function number(text: string): number {
  return /^[+-]?Inf$/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}

/** The prefixes of SI, each a thousand times the one before. */
const prefixes = ["", "k", "M", "G", "T", "P"];

/** Three digits of a number, without zeros at its end: `1.25`, `12.5`, `125`. */
const short = (value: number): string => String(Number(value.toPrecision(3)));

/** A value for people: `0.25 s`, `1.5 k`, `12`; `–` where there is none. The same on every runtime and in every language. */
export function numberText(value: number | undefined, unit = ""): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const power = size < 1000 ? 0 : Math.floor(Math.log10(size) / 3 + 1e-9);
  if (power >= prefixes.length) return withUnit(value.toExponential(2), unit);
  if (unit === "s") return durationText(value);
  return withUnit(short(value / 1000 ** power) + (power > 0 ? ` ${prefixes[power]}` : ""), unit);
}

/** A value as a table tells it: whole numbers exactly, others by four digits or more, without a prefix; a duration by its two largest units. */
export function exactText(value: number | undefined, unit = ""): string {
  if (value === undefined || !Number.isFinite(value) || unit === "s") return numberText(value, unit);
  const told = Number.isInteger(value) ? value : Number(value.toPrecision(Math.abs(value) < 1000 ? 4 : 7));
  return withUnit(String(told), unit);
}

const withUnit = (text: string, unit: string): string => unit === "" ? text : `${text} ${unit}`;

/** Seconds for people: `250 ms`, `1.5 s`, `2 min 8 s`, `3 h 20 min`, `2 d 4 h`. */
export function durationText(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  if (size < 1) return `${short(seconds * 1000)} ms`;
  if (size < 60) return `${short(seconds)} s`;
  const sign = seconds < 0 ? "-" : "";
  const [first, unit, second, below] = size < 3600
    ? [60, "min", 1, "s"] as const
    : size < 86_400
    ? [3600, "h", 60, "min"] as const
    : [86_400, "d", 3600, "h"] as const;
  const whole = Math.floor(size / first);
  const rest = Math.floor((size - whole * first) / second);
  return `${sign}${whole} ${unit}${rest > 0 ? ` ${rest} ${below}` : ""}`;
}

/** `1 update`, `2 updates`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

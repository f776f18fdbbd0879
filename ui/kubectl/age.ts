const units = [["y", 365 * 86_400], ["d", 86_400], ["h", 3600], ["m", 60], ["s", 1]] as const;

/** How long ago a time (RFC 3339) was, as kubectl says it: `45s`, `3m10s`, `5h`, `12d`. */
export function age(time: string | undefined, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(time ?? "")) / 1000);
  if (Number.isNaN(seconds)) return "";
  return span(Math.max(0, seconds));
}

/** Seconds with at most two units, the second only where it still matters. */
export function span(seconds: number): string {
  const index = units.findIndex(([, size]) => seconds >= size);
  if (index < 0) return "0s";
  const [unit, size] = units[index]!;
  const count = Math.floor(seconds / size);
  const next = units[index + 1];
  const rest = next ? Math.floor((seconds - count * size) / next[1]) : 0;
  return `${count}${unit}${next && rest > 0 && count < 10 ? `${rest}${next[0]}` : ""}`;
}

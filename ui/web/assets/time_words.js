const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

/** How far `at` is from `now`, both in milliseconds: `just now`, `12 s ago`, `in 5 min`, `3 h ago`; a date where it is over a month. */
export function relativeText(at, now) {
  const seconds = Math.round((at - now) / 1000);
  const size = Math.abs(seconds);
  if (size > 30 * DAY) return new Date(at).toISOString().slice(0, 10);
  const [each, unit] = size < MINUTE
    ? [1, "s"]
    : size < HOUR
    ? [MINUTE, "min"]
    : size < 2 * DAY
    ? [HOUR, "h"]
    : [DAY, "d"];
  const text = `${Math.floor(size / each)} ${unit}`;
  if (size < 2) return "just now";
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

const parts = (at, zone) =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    }).formatToParts(at).map(({ type, value }) => [type, value]),
  );

/** `2026-11-30 12:06:02 CET`, in the reader's zone, or in `zone`. */
export function exactText(at, zone) {
  const { year, month, day, hour, minute, second, timeZoneName } = parts(at, zone);
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${timeZoneName}`;
}

/** `12:06:02` in the reader's zone; of `length` 5 without the seconds, and the day before it as `11-30` where that is asked for. */
export function clockText(at, length, zone) {
  const { month, day, hour, minute, second } = parts(at, zone);
  return length === "day" ? `${month}-${day}` : `${hour}:${minute}:${second}`.slice(0, length);
}

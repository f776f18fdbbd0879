const DAY = "(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])";
const STARTS_WITH_DAY = new RegExp(`^${DAY}`);
/** A day, with or without hour, minute and second (`20240101`, `20240101120000`), or Unix time in seconds or milliseconds. */
const MOMENT = new RegExp(`^(?:${DAY}(?:\\d\\d){0,3}|1\\d{9}|1\\d{12})$`);

/** Whether a number counts days: `20240101`, with or without the time of day. */
export function countsDays(number: string): boolean {
  return number.length >= 8 && STARTS_WITH_DAY.test(number);
}

/** Whether a row of digits says when something was built, and so is neither a commit's hash nor a small count. */
export function isMoment(digits: string): boolean {
  return digits.length >= 8 && MOMENT.test(digits);
}

/**
 * A date with hyphens, with or without a time: `2024-01-15`, `2023-06-30T06-44-06Z` (MinIO), `20240115T093000Z`. ISO 8601
 * with `-` where it has `:`, which no tag can have.
 */
export const WRITTEN_DATE =
  /^(?:(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d\d-?\d\d(?:-?\d\d)?Z?)?|(?:19|20)\d{6}T\d{4}(?:\d\d)?Z?)(?=$|[-_.+])/;

/** The digits of a written date, as one number. */
export function digitsOf(date: string): string {
  return date.replace(/\D/g, "");
}

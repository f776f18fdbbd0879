// deno-lint-ignore no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Text of others in one line, without what a terminal would obey. */
export function visible(text: string): string {
  return text.replace(control, (found) => /^[\t\r\n]+$/.test(found) ? " " : "\ufffd");
}

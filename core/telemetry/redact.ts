import type { LogFields } from "../plugin.ts";
import { isIP } from "node:net";

const SECRET_NAME = /password|passwd|secret$|token|authorization|credential|(?:private|api).?key/i;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/g;
const USER_INFO = /(\/\/)[^/\s@]+@/g;
const QUERY = /([?&](?:token|secret|password|sig|signature)=)[^&\s"]+/gi;
const DEEPEST = 6;
const LONGEST_LINE = 8192;

/** Fields fit for a log: plain data whatever was given, errors as their messages, and nothing that looks like a secret. */
export function redactFields(fields: LogFields): LogFields {
  return cleanFields(fields, []);
}

/** A text without logins, bearer tokens and secrets of URLs, and without its end where it is longer than a line of a log. */
export function redactSecrets(whole: string): string {
  const text = whole.length > LONGEST_LINE ? `${whole.slice(0, LONGEST_LINE)}…` : whole;
  return text.replace(BEARER, "$1 [redacted]").replace(USER_INFO, "$1[redacted]@").replace(
    QUERY,
    "$1[redacted]",
  );
}

/** `around` holds the objects that this one is in, so that one that is in itself comes to an end. */
function cleanFields(fields: object, around: readonly unknown[]): LogFields {
  const clean: LogFields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) {
      clean[name] = SECRET_NAME.test(name) ? "[redacted]" : cleaned(value, [...around, fields]);
    }
  }
  return clean;
}

function cleaned(value: unknown, around: readonly unknown[]): unknown {
  if (typeof value === "string") return redactSecrets(value);
  if (value instanceof Error) return redactSecrets(messageOf(value));
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return "[function]";
  if (typeof value !== "object" || value === null) return value;
  if (around.includes(value) || around.length >= DEEPEST) return "…";
  if (Array.isArray(value)) return value.map((part) => cleaned(part, [...around, value]));
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return cleaned(toJSON.call(value), [...around, value]);
  return cleanFields(value, around);
}

function messageOf(error: Error): string {
  return error.cause instanceof Error && !error.message.includes(error.cause.message)
    ? `${error.message.replace(/\.$/, "")}: ${error.cause.message}`
    : error.message;
}

const URL_TEXT = /\b[a-z][a-z0-9+.-]{0,20}:\/\/([^\s/?#"'<>()]*)[^\s"'<>()]*/gi;
/** Characters. The search takes the square of a word's length, and a plugin may throw what a stranger's server said. */
const LONGEST_ERROR = 2048;

/** The text of an error with each URL told by its host alone: what comes after it is often a secret. Of a long text the beginning. */
export function redactUrls(whole: string): string {
  const text = whole.length > LONGEST_ERROR ? `${whole.slice(0, LONGEST_ERROR)}…` : whole;
  return text.replace(URL_TEXT, (_, authority: string) => authority.replace(/^.*@/, ""));
}

/** An error in one line, with those that caused it, and without what `redactUrls` takes out. */
export function redactErrorUrls(error: unknown): Error {
  const said: string[] = [];
  for (let at: unknown = error; at !== undefined && said.length < 5; at = at instanceof Error ? at.cause : undefined) {
    said.push(at instanceof Error ? at.message : String(at));
  }
  return new Error(redactUrls(said.map((text) => text.replace(/\.$/, "")).join(": ")));
}

const ADDRESS_TEXT = /\[?[0-9a-f]*[:.][0-9a-f:.]*[0-9a-f](?:%\w+)?\]?(?::\d{1,5})?/gi;

/**
 * The text of an error that a runtime or a plugin wrote, for whoever has a workload: pods' and the operator's addresses are none of their
 * business. Of a very long one only the beginning, up to the end of a word.
 */
export function redactAddresses(whole: string): string {
  const text = whole.length > LONGEST_ERROR
    ? `${whole.slice(0, Math.max(0, whole.lastIndexOf(" ", LONGEST_ERROR)))} …`
    : whole;
  return text.replaceAll(ADDRESS_TEXT, (word) => isAddress(word) ? "…" : word);
}

function isAddress(word: string): boolean {
  const [, inside] = /^\[([^\]%]+)(?:%\w+)?\](?::\d+)?$/.exec(word) ?? [];
  return isIP(inside ?? word) !== 0 || isIP(word.replace(/:\d+$/, "")) !== 0;
}

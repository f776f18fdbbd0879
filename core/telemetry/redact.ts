import type { LogFields } from "../plugin.ts";

const secretName = /password|passwd|secret$|token|authorization|credential|(?:private|api).?key/i;
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/g;
const userInfo = /(\/\/)[^/\s@]+@/g;
const query = /([?&](?:token|secret|password|sig|signature)=)[^&\s"]+/gi;
const deepest = 6;
const longest = 8192;

/** Fields fit for a log: plain data whatever was given, errors as their messages, and nothing that looks like a secret. */
export function redacted(fields: LogFields): LogFields {
  return cleanFields(fields, []);
}

/** A text without logins, bearer tokens and secrets of URLs, and without its end where it is longer than a line of a log. */
export function withoutSecrets(whole: string): string {
  const text = whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
  return text.replace(bearer, "$1 [redacted]").replace(userInfo, "$1[redacted]@").replace(query, "$1[redacted]");
}

/** `around` holds the objects that this one is in, so that one that is in itself comes to an end. */
function cleanFields(fields: object, around: readonly unknown[]): LogFields {
  const clean: LogFields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) clean[name] = secretName.test(name) ? "[redacted]" : cleaned(value, [...around, fields]);
  }
  return clean;
}

function cleaned(value: unknown, around: readonly unknown[]): unknown {
  if (typeof value === "string") return withoutSecrets(value);
  if (value instanceof Error) return withoutSecrets(messageOf(value));
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return "[function]";
  if (typeof value !== "object" || value === null) return value;
  if (around.includes(value) || around.length >= deepest) return "…";
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

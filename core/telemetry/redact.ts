import type { LogFields } from "../plugin.ts";

const secretName = /password|passwd|secret$|token|authorization|credential|private.?key/i;
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/g;
const userInfo = /(\/\/)[^/\s:@]+:[^/\s@]+@/g;
const query = /([?&](?:token|secret|password|sig|signature)=)[^&\s"]+/gi;

/** Fields fit for a log: errors as their messages, and nothing that looks like a secret. */
export function redacted(fields: LogFields): LogFields {
  const clean: LogFields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) clean[name] = secretName.test(name) ? "[redacted]" : cleaned(value);
  }
  return clean;
}

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return withoutSecrets(value);
  if (value instanceof Error) return withoutSecrets(messageOf(value));
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value === "object" && value !== null) return redacted(value as LogFields);
  return value;
}

function messageOf(error: Error): string {
  return error.cause instanceof Error && !error.message.includes(error.cause.message)
    ? `${error.message}: ${error.cause.message}`
    : error.message;
}

function withoutSecrets(text: string): string {
  return text.replace(bearer, "$1 [redacted]").replace(userInfo, "$1[redacted]@").replace(query, "$1[redacted]");
}

import * as z from "zod";

/** What is accepted of a value that was refused, for where its schema has no words of its own: a sentence without a full stop. */
export const expectedValue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_value") {
    if ((issue as { expected?: unknown }).expected === "stringbool") return "true or false is wanted";
    return `${issue.values.map(String).join(" or ")} is wanted`;
  }
  if (issue.input === undefined) return "it is wanted";
  if (issue.code === "invalid_type") {
    if (["number", "int"].includes(issue.expected)) return numberOf(schemaOf(issue));
    return `a value of type ${issue.expected} is wanted`;
  }
  if (issue.code === "too_small" || issue.code === "too_big") {
    if (issue.origin === "number") return numberOf(schemaOf(issue));
    if (issue.origin !== "string") return undefined;
    const bound = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
    return `${bound} characters are wanted`;
  }
  if (issue.code === "invalid_format" && issue.format === "url") return "a URL is wanted";
  return undefined;
};

/** Checks say which schema they are of; a type's own refusal is the schema's. */
const schemaOf = (issue: z.core.$ZodRawIssue): unknown => (issue as { schema?: unknown }).schema ?? issue.inst;

function numberOf(schema: unknown): string {
  if (!(schema instanceof z.ZodNumber)) return "a number is wanted";
  const what = schema.isInt ? "a whole number" : "a number";
  const bound = (value: number | null) => value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const [least, most] = [schema.minValue, schema.maxValue];
  if (bound(least) && bound(most)) return `${what} from ${least} to ${most} is wanted`;
  if (bound(least)) return `${what} from ${least} on is wanted`;
  return bound(most) ? `${what} up to ${most} is wanted` : `${what} is wanted`;
}

import type { References, WebhookCall, Zod } from "../../../core/plugin.ts";

interface Fault {
  code?: string;
  expected?: string;
  path: PropertyKey[];
  message: string;
}

/** A fault before it has words; of a union with what is wrong by each of its options. */
interface Raw {
  code?: string;
  expected?: string;
  errors?: Fault[][];
}

interface Schema<T> {
  safeParse(value: unknown, parameters: { error(fault: Raw): string | undefined }):
    | { success: true; data: T }
    | { success: false; error: { issues: Fault[] } };
}

/**
 * A value as its schema has it. Else the call ends, naming the path of the first fault from the body's root, such as
 * `events.0.target.tag`.
 *
 * @param at the path of the value itself
 */
export function parse<T>(schema: Schema<T>, value: unknown, { refuse }: WebhookCall, at = ""): T {
  const read = schema.safeParse(value, {
    error: ({ code, expected, errors = [] }) =>
      code === "invalid_type"
        ? `a value of type ${expected} is wanted`
        : errors.flat().find(({ code }) => code !== "invalid_value")?.message,
  });
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  return refuse(fieldOf(at, ...path) || "body", message);
}

/** A field's path, such as `events.0.target.tag`. */
export function fieldOf(...parts: PropertyKey[]): string {
  return parts.map(String).filter((part) => part !== "").join(".");
}

const MAX_ITEMS = 100;

/** A list of what a call tells of, looked into only once it is known to be no longer than core would take. */
export function list<T extends Parameters<Zod["array"]>[0]>(z: Zod, item: T) {
  const isShort = (value: unknown) => !Array.isArray(value) || value.length <= MAX_ITEMS;
  return z.unknown().refine(isShort, { error: `a call may tell of ${MAX_ITEMS}, not of more` }).pipe(z.array(item));
}

/** Builds a schema when it is first needed, and once: zod compiles an object's schema at its first use. */
export function once<T>(build: (z: Zod, references: References) => T): (call: Given) => T {
  let built: { schema: T } | undefined;
  return ({ z, references }) => (built ??= { schema: build(z, references) }).schema;
}

/** What schemas are made with. */
type Given = Pick<WebhookCall, "z" | "references">;

import * as z from "zod";

/** A schema and what it wraps, from the outside to what is written by a person. */
export function schemaLayers(schema: z.ZodType): [z.ZodType, ...z.ZodType[]] {
  const inner = innerOf(schema);
  return inner ? [schema, ...schemaLayers(inner)] : [schema];
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return (schema.out instanceof z.ZodTransform ? schema.in : schema.out) as z.ZodType;
  const wraps = [z.ZodDefault, z.ZodPrefault, z.ZodOptional, z.ZodNullable, z.ZodCatch, z.ZodReadonly];
  return wraps.some((kind) => schema instanceof kind)
    ? (schema as z.ZodOptional<z.ZodType>).unwrap() as z.ZodType
    : undefined;
}

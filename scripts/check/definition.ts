import { isDeepStrictEqual } from "node:util";
import { load } from "js-yaml";
import { type PhaseFacts, PHASES } from "../../core/requests/phases.ts";

interface Schema {
  description?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** What the tables of core say of fields of an UpdateRequest, by path. */
const wanted: Readonly<Record<string, Pick<Schema, "enum" | "description">>> = {
  "status.phase": { enum: Object.keys(PHASES), description: phaseDescription() },
  "status.steps[].phase": { enum: Object.keys(PHASES) },
};

function phaseDescription(): string {
  const phases = Object.entries<PhaseFacts>(PHASES).map(([phase, { meaning }]) =>
    `${phase}: ${meaning.replaceAll("`", "")}.`
  );
  return ["Where it stands.", ...phases].join("\n");
}

/** Where the definition of UpdateRequests, as YAML, differs from the tables of core: a sentence for each place. */
export function definitionFaults(yaml: string): string[] {
  const definition = load(yaml) as { spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] } };
  return definition.spec.versions.flatMap(({ name, schema }) =>
    Object.entries(wanted).flatMap(([path, facts]) => {
      const found = schemaAt(schema.openAPIV3Schema, path);
      return (["enum", "description"] as const).flatMap((key) => {
        const value = facts[key];
        if (value === undefined || isDeepStrictEqual(found?.[key], value)) return [];
        return `${name} ${path}: its ${key} has to be ${JSON.stringify(value)}, as the tables of core have it`;
      });
    })
  );
}

function schemaAt(schema: Schema, path: string): Schema | undefined {
  return path.split(".").reduce<Schema | undefined>((at, name) => {
    const below = at?.properties?.[name.replace("[]", "")];
    return name.endsWith("[]") ? below?.items : below;
  }, schema);
}

import { readFile } from "node:fs/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { load } from "js-yaml";
import { PHASES } from "../../core/requests/phases.ts";

interface Schema {
  type?: string;
  description?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

const s = suite("UpdateRequest definition, read");
const definition = load(
  await readFile(new URL("../../deploy/crds/updaterequests.headwind.sh.yaml", import.meta.url), "utf8"),
) as { spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } };
const [version] = definition.spec.versions;

/** A schema and all below it, by path. */
function* walk(schema: Schema, path: string): Generator<[path: string, Schema]> {
  yield [path, schema];
  for (const [name, below] of Object.entries(schema.properties ?? {})) yield* walk(below, `${path}.${name}`);
  if (schema.items) yield* walk(schema.items, `${path}[]`);
}
/** The API server describes `metadata` itself, and takes no other words on it. */
const all = [...walk(version!.schema.openAPIV3Schema, "")].filter(([path]) => path !== ".metadata");

s("`kubectl explain` has a sentence for each field", () => {
  assert.ok(all.length > 40);
  for (const [path, { description = "" }] of all) assert.match(description, /^[A-Z].*\.$/s, path);
});

s("what has few values names them", () => {
  const closed = Object.fromEntries(
    all.filter(([, schema]) => schema.enum).map(([path, schema]) => [path, schema.enum]),
  );
  assert.equal(Object.keys(closed).sort(), [
    ".spec.policy",
    ".spec.sighting.via",
    ".spec.updateType",
    ".status.conditions[].status",
    ".status.phase",
    ".status.steps[].phase",
  ]);
  assert.equal(closed[".status.steps[].phase"], closed[".status.phase"]);
  assert.equal(closed[".status.phase"], Object.keys(PHASES));
});

s.run();

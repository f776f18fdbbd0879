// runs on: deno, node
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseObjects } from "../../../core/kube/parse_objects.ts";

const s = suite("an object without managedFields");

/** Any but what is taken for the end of them, which is left in. */
const text = fc.string().filter((text) => !text.includes("]}}"));
/** As the API server keeps them: objects of objects, whose keys hold any text. */
const fieldNames = fc.oneof(
  fc.constantFrom("f:spec", 'k:{"name":"a]},"}', 'v:["x"]', '],"name":"', ']},"spec":'),
  text,
);
const fieldsV1 = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, fc.constant({}), fc.dictionary(fieldNames, tie("node"), { maxKeys: 3 })),
})).node;
const managedFields = fc.array(
  fc.record({
    manager: text,
    operation: fc.constantFrom("Apply", "Update"),
    time: fc.constant("2026-01-02T03:04:05Z"),
    fieldsType: fc.constant("FieldsV1"),
    fieldsV1,
  }),
  { minLength: 1, maxLength: 4 },
);
const words = fc.oneof(fc.constantFrom('"managedFields":[{', ']},"spec":', '],"name":"', "managedFields"), fc.string());
const texts = fc.dictionary(words, words, { maxKeys: 3 });

const byName = (entry: object) =>
  Object.fromEntries(Object.entries({ apiVersion: "apps/v1", ...entry }).sort(([a], [b]) => a < b ? -1 : 1));
/** In Go's order of fields, or with sorted keys. */
const objects = fc.record({ annotations: texts, name: words, managedFields, spec: texts, sorted: fc.boolean() }).map(
  ({ annotations, name, managedFields, spec, sorted }) => {
    const metadata = sorted
      ? { annotations, labels: { a: "b" }, managedFields: managedFields.map(byName), name, namespace: "apps" }
      : { name, namespace: "apps", annotations, ownerReferences: [{ name }], managedFields };
    return { apiVersion: "v1", kind: "A", metadata, spec, status: { conditions: [{ type: "Ready" }] } };
  },
);

s("all but managedFields is as it was: in an object, in a watch's event, in a list", () => {
  fc.assert(
    fc.property(fc.array(objects, { maxLength: 4 }), (items) => {
      const bare = items.map(({ metadata: { managedFields: _, ...metadata }, ...object }) => ({ ...object, metadata }));
      const wanted = JSON.parse(JSON.stringify(bare));
      assert.equal(items.map((object) => parseObjects(JSON.stringify(object))), wanted);
      assert.equal(
        items.map((object) => parseObjects(JSON.stringify({ type: "MODIFIED", object }))),
        wanted.map((object: unknown) => ({ type: "MODIFIED", object })),
      );
      assert.equal(parseObjects(JSON.stringify({ kind: "AList", items })), { kind: "AList", items: wanted });
    }),
    { numRuns: 500 },
  );
});

s("any JSON without them is parsed as it is", () => {
  fc.assert(fc.property(fc.json(), (text) => assert.equal(parseObjects(text), JSON.parse(text))));
});

s("where they end otherwise, or are something else, all is kept", () => {
  const odd = [
    { metadata: { managedFields: [] } },
    { metadata: { managedFields: [{ manager: "a" }] } },
    { metadata: { managedFields: [{ name: "a" }], name: "b" } },
    { metadata: { managedFields: [{ manager: "]}}" }, { manager: "a" }] }, spec: {} },
    { metadata: { managedFields: [{ manager: "a", fieldsV1: { "f:]}}": {} } }] }, spec: {} },
    { data: { managedFields: ["a"] }, spec: {} },
    { spec: { values: { managedFields: [{ manager: "a", of: [{ x: [1], y: 2 }] }], other: [3] } } },
  ];
  for (const object of odd) assert.equal(parseObjects(JSON.stringify(object)), object);
});

s("objects with nothing after their metadata do not swallow those beside them", () => {
  const managedFields = [{ manager: "a", fieldsV1: { 'k:{"a":[1]}}': {} } }];
  const account = (name: string) => ({ kind: "ServiceAccount", metadata: { name, managedFields } });
  const secrets = { ...account("b"), secrets: [{ name: "c" }] };
  for (const items of [[account("a"), secrets], [secrets, account("a"), secrets]]) {
    const names = (parseObjects(JSON.stringify({ items })) as { items: { metadata: { name: string } }[] }).items;
    assert.equal(names.map(({ metadata }) => metadata.name), items.map(({ metadata }) => metadata.name));
  }
});

s("what is no JSON throws", () => {
  for (const text of ["", "{", '{"managedFields":[{"manager":"a"}', '{"managedFields":[{"manager":"a"}]},"spec":']) {
    assert.throws(() => parseObjects(text), SyntaxError.prototype.name);
  }
});

s.run();

import * as fc from "fast-check";

/** What a random index says of its charts; `versions` is what a reader has to find. */
export interface Model {
  charts: { name: string; items: Record<string, unknown>[] }[];
  /** Fields beside `entries`, and where that stands among them. */
  fields: [name: string, value: unknown][];
  entriesAt: number;
}

/** Texts that look like the structure of an index, or are hard to quote. */
const nasty = fc.constantFrom(
  "entries:\n  nginx:\n  - version: 6.6.6\n",
  "  nginx:\n  - version: 6.6.6",
  "nginx:\n- version: 6.6.6\n\nredis: []",
  "\n\n  leading lines",
  "trailing spaces  \n  and more   ",
  "a # no comment",
  "# a comment?",
  "---",
  "--- a\n...\n",
  "- item",
  "? key",
  "key: value",
  "key:",
  "it's",
  `say "hello"`,
  `"quoted" first`,
  "'single' first",
  "[a, b",
  "{a: b",
  "a ] } , b",
  "*alias",
  "&anchor",
  "!tag",
  "| pipe",
  "> fold",
  "%percent",
  "@at",
  "`tick",
  "<<",
  "",
  " ",
  "~",
  "null",
  "true",
  "1.10",
  "0x1F",
  "12:30:45",
  "2024-01-01",
  "tab\there",
  "\ttab first",
  'back\\slash \\" \\',
  "é ü 日本 😀",
  "\u00a0\u2028\u2029\u0085",
  "a very long text that a writer will fold into several lines, because it is wider: than any - reasonable # width is",
  "https://example.com/a:b?c=d#e",
);
const text = fc.oneof(
  { weight: 3, arbitrary: nasty },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.array(nasty, { minLength: 2, maxLength: 3 }).map((texts) => texts.join("\n")) },
);
const word = fc.constantFrom(
  "name",
  "urls",
  "home",
  "version",
  "entries",
  "nginx",
  "a b",
  "c:d",
  "é",
  "x-y",
  "1",
  "it's",
);
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    text,
    fc.constantFrom<unknown>(1, 1.5, true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(word, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const version = fc.constantFrom(
  "1.10",
  "1.2.3",
  "1.2.3+b.1",
  "v1",
  "2",
  "1e3",
  "0x10",
  "2024-01-01",
  "1.0 # x",
  "not one",
);
const item = fc.tuple(
  fc.option(version, { nil: undefined, freq: 10 }),
  fc.constantFrom(true, false, undefined, undefined),
  fc.dictionary(word.filter((name) => name !== "version"), value, { maxKeys: 3, noNullPrototype: true }),
  fc.boolean(),
).map(([version, deprecated, noise, first]): Record<string, unknown> => {
  const own = { ...(version === undefined ? {} : { version }), ...(deprecated === undefined ? {} : { deprecated }) };
  return first ? { ...own, ...noise } : { ...noise, ...own };
});

/** Names of charts: those of `wanted`, and others. */
export const wanted = new Set([
  "nginx",
  "redis",
  "1.10",
  "it's",
  "with space",
  "a: b",
  "é",
  "- x",
  "#x",
  "true",
  "entries",
]);
const name = fc.constantFrom(
  ...wanted,
  "apache",
  "version",
  "x",
  "日本",
  '"q"',
  "null",
  "{z",
  "&a",
  "nginx-2",
  "y:",
  "2",
);

export const model: fc.Arbitrary<Model> = fc.record({
  charts: fc.uniqueArray(fc.record({ name, items: fc.array(item, { maxLength: 3 }) }), {
    selector: ({ name }) => name,
    maxLength: 4,
  }),
  fields: fc.uniqueArray(
    fc.tuple(fc.constantFrom("generated", "annotations", "publicKeys", "nginx", "serverInfo"), value),
    { selector: ([name]) => name, maxLength: 3 },
  ).map((fields): [string, unknown][] => [["apiVersion", "v1"], ...fields]),
  entriesAt: fc.nat({ max: 4 }),
});

/** The document as an object, its keys in the model's order. */
export function documentOf({ charts, fields, entriesAt }: Model): Record<string, unknown> {
  const entries = Object.fromEntries(charts.map(({ name, items }) => [name, items]));
  return Object.fromEntries(fields.toSpliced(entriesAt, 0, ["entries", entries]));
}

/** What a reader has to find. */
export function versionsIn({ charts }: Model): Map<string, unknown> {
  return new Map(
    charts.filter(({ name }) => wanted.has(name)).map(({ name, items }) => [
      name,
      items.filter(({ version }) => version !== undefined).map(({ version, deprecated }) =>
        deprecated === true ? { version, deprecated } : { version }
      ),
    ]),
  );
}

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mutate, mutationsIn } from "../../../../scripts/bench/mutants/mutations.ts";

const s = suite("mutations of a text");

/** text, and for each mutation its operator and what the text is with it */
const rows: [string, ...string[]][] = [
  ["const a = b < c;", "boundary: const a = b <= c;"],
  ["x = a >= b;", "boundary: x = a > b;", "statement: ;"],
  ["f = a === b ? c : d", "equality: f = a !== b ? c : d", "statement: ;"],
  ["f(a && (b || c))", "statement: ;", "logical: f((a || (b || c)))", "logical: f(a && ((b && c)))"],
  ["if (a.b) f();", "condition: if (!(a.b)) f();", "statement: if (a.b) ;"],
  ["if (!a) f();", "negation: if (a) f();", "statement: if (!a) ;"],
  ["const a = b ?? c;", "default: const a = b;"],
  ["const a = b + c - d;", "arithmetic: const a = b - c - d;", "arithmetic: const a = b + c + d;"],
  ["const a = 0;", "number: const a = 1;", "number: const a = (-1);"],
  ["const a = true;", "boolean: const a = false;"],
  ['const a = "b";', 'string: const a = "";'],
  ['const a = "";', 'string: const a = "mutant";'],
  ["const a = `${b}/`;", "string: const a = ``;"],
  ["const a = Math.max(b, c);", "method: const a = Math.min(b, c);"],
  ["const a = [b, ...c];", "element: const a = [...c];", "element: const a = [b];"],
  ["const a = { ...b };", "element: const a = {  };"],
  ["const a = (b) => b.c;", "return: const a = (b) => undefined;"],
  [
    "function a() { if (b) return c; return d; }",
    "condition: function a() { if (!(b)) return c; return d; }",
    "statement: function a() { if (b) ; return d; }",
    "return: function a() { if (b) return c; return undefined; }",
  ],
  ["for (;;) { i++; continue; }", "statement", "arithmetic: for (;;) { i--; continue; }", "statement"],
  // text is joined, not added
  ["const a = b + `c`;", "string: const a = b + ``;"],
];

for (const [text, ...expected] of rows) {
  s(text, () => {
    const found = mutationsIn(text).map((mutation) => `${mutation.operator}: ${mutate(text, mutation)}`);
    const sorted = (lines: string[]) => [...lines].sort();
    assert.is(found.length, expected.length, found.join("\n"));
    for (const [index, line] of sorted(found).entries()) assert.ok(line.startsWith(sorted(expected)[index]!), line);
  });
}

for (
  const text of [
    'import { a } from "b";',
    'export * from "b";',
    'let a: "b" | 1;',
    'const a: { b: "c" } = { d };',
    'const a = new TypeError("b");',
    'log.info("a", { b: 1 });',
    'const a = "said to people";',
    "const a = `said to ${b ? 1 : 2}`;",
    'const a = z.describe("b");',
  ]
) {
  s(`nothing of ${text}`, () => assert.equal(mutationsIn(text), []));
}

s("each has its line, in the order of the text", () => {
  const found = mutationsIn("const a = 1;\n\nconst b = true;\n");
  assert.equal(found.map(({ line, operator }) => [line, operator]), [[1, "number"], [1, "number"], [3, "boolean"]]);
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as z from "zod";
import { describedSettings } from "../../../scripts/docs/settings.ts";

const s = suite("settings in words");

const described = (schema: z.ZodType) => {
  const { values, standard } = describedSettings(z.object({ NAME: schema.describe("what") }))[0]!;
  return [values, standard];
};

const cases: [string, z.ZodType, string, string][] = [
  ["a text", z.string(), "", "required"],
  ["one that may be absent", z.string().min(1).optional(), "", ""],
  ["a default", z.string().default("a b"), "", "`a b`"],
  ["an empty default", z.string().default("").transform((text) => text.split(",")), "", ""],
  ["a list", z.string().transform((text) => text.split(",")).default(["a", "b"]), "", "`a,b`"],
  ["an enum", z.enum(["a", "b"]).default("a"), "`a`, `b`", "`a`"],
  ["an enum in any case", z.string().toLowerCase().pipe(z.enum(["a", "b"])).default("b"), "`a`, `b`", "`b`"],
  [
    "an enum that is turned into something",
    z.string().pipe(z.enum(["on", "off"])).transform((text) => text === "on").optional(),
    "`on`, `off`",
    "",
  ],
  ["a truth", z.stringbool().default(false), "`true`, `false`", "`false`"],
  ["a number", z.coerce.number().int().min(1).max(9).default(3), "1 to 9", "`3`"],
  ["a number with one bound", z.coerce.number().int().min(0).default(0), "from 0", "`0`"],
  ["any whole number", z.coerce.number().int().default(0), "number", "`0`"],
  ["a URL", z.url().optional(), "URL", ""],
  ["a refined one", z.string().refine((text) => text !== "x").default("y"), "", "`y`"],
];

for (const [what, schema, values, standard] of cases) {
  s(what, () => assert.equal(described(schema), [values, standard]));
}

s("a description is found under a default, and its absence is an error", () => {
  const inner = z.object({ NAME: z.string().describe("inside").default("a") });
  assert.is(describedSettings(inner)[0]?.description, "inside");
  assert.throws(() => describedSettings(z.object({ NAME: z.string() })), /setting NAME has no description/);
});

s.run();

import * as fc from "fast-check";
import {
  DEFAULT_SCALAR_STYLE_RULES,
  dump,
  FAILSAFE_SCHEMA,
  loadAll,
  mergeTag,
  SCALAR_STYLE,
  type ScalarLayout,
  type ScalarStyle,
} from "js-yaml";
import { isDeepStrictEqual } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseIndex } from "../../../../../core/registry/helm/index/parse.ts";
import { IndexError, readIndex } from "../../../../../core/registry/helm/read_index.ts";
import { byHand, chooser } from "./by_hand.ts";
import { documentOf, type Model, model, versionsIn, wanted } from "./model.ts";
import { streamOf } from "./streams.ts";

const s = suite("read random indexes");

const sizes = fc.oneof(
  fc.constant([65_536]),
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
);
const dress = fc.record({ crlf: fc.boolean(), mark: fc.boolean(), sizes });
type Dress = typeof dress extends fc.Arbitrary<infer T> ? T : never;

/** Reads a text, and says whether that took the full parser. */
async function read(text: string, { crlf, mark, sizes }: Dress) {
  let fallback: string | undefined;
  const dressed = (mark ? "\ufeff" : "") + (crlf ? text.replaceAll("\n", "\r\n") : text);
  const options = { limit: 1e7, onFallback: (reason: string) => void (fallback = reason) };
  const found = await readIndex(streamOf(dressed, sizes).stream, wanted, options);
  return { found, fallback };
}

const failsafe = FAILSAFE_SCHEMA.withTags(mergeTag);

/** What the YAML library by itself makes of a text. */
function byParser(text: string): Map<string, unknown> {
  const [index] = loadAll(text, { schema: failsafe }) as [{ entries: Record<string, Record<string, string>[]> }];
  const { entries } = index;
  return new Map(
    Object.entries(entries ?? {}).filter(([name]) => wanted.has(name)).map(([name, items]) => [
      name,
      items.filter(({ version }) => version !== undefined).map(({ version, deprecated }) =>
        deprecated === "true" ? { version, deprecated: true } : { version }
      ),
    ]),
  );
}

async function same(model: Model, text: string, dress: Dress): Promise<string | undefined> {
  const { found, fallback } = await read(text, dress);
  assert.equal(sorted(found), sorted(versionsIn(model)), text);
  assert.equal(sorted(found), sorted(byParser(text)), text);
  return fallback;
}

const sorted = (found: ReadonlyMap<string, unknown>) =>
  Object.fromEntries([...found].sort(([a], [b]) => a < b ? -1 : 1));

s("JSON, in one pass", async () => {
  await fc.assert(
    fc.asyncProperty(model, fc.constantFrom(undefined, 1, 2, 8, "\t"), dress, async (model, indent, dress) => {
      assert.is(await same(model, JSON.stringify(documentOf(model), null, indent), dress), undefined);
    }),
    { numRuns: 400, includeErrorInReport: true },
  );
});

s("as Helm writes them, in one pass", async () => {
  await fc.assert(
    fc.asyncProperty(model, dress, async (model, dress) => {
      const text = dump(documentOf(model), {
        indent: 2,
        seqNoIndent: true,
        lineWidth: -1,
        sortKeys: true,
        noRefs: true,
        quoteStyle: "double",
      });
      assert.is(await same(model, text, dress), undefined, text);
    }),
    { numRuns: 400, includeErrorInReport: true },
  );
});

s("as js-yaml writes them, in one pass", async () => {
  const options = fc.record({
    indent: fc.integer({ min: 1, max: 8 }),
    seqNoIndent: fc.boolean(),
    lineWidth: fc.constantFrom(-1, 20, 80),
    flowLevel: fc.constantFrom(-1, -1, 3, 4),
    sortKeys: fc.boolean(),
    quoteStyle: fc.constantFrom<"single" | "double">("single", "double"),
    forceQuotes: fc.boolean(),
    quoteFlowKeys: fc.boolean(),
    flowBracketPadding: fc.boolean(),
    noRefs: fc.constant(true),
  });
  await fc.assert(
    fc.asyncProperty(model, options, dress, async (model, options, dress) => {
      const text = dump(documentOf(model), options);
      assert.is(await same(model, text, dress), undefined, text);
    }),
    { numRuns: 400, includeErrorInReport: true },
  );
});

s("in any style, also with anchors", async () => {
  const options = fc.record({
    indent: fc.integer({ min: 1, max: 8 }),
    seqNoIndent: fc.boolean(),
    lineWidth: fc.constantFrom(-1, 20, 80),
    flowLevel: fc.constantFrom(-1, -1, -1, 0, 3),
    quoteStyle: fc.constantFrom<"single" | "double">("single", "double"),
    forceQuotes: fc.boolean(),
  });
  const scalars = fc.array(fc.constantFrom<ScalarStyle>(...Object.values(SCALAR_STYLE)), { minLength: 1 });
  let passes = 0;
  await fc.assert(
    fc.asyncProperty(model, options, scalars, fc.boolean(), dress, async (model, options, scalars, shared, dress) => {
      const copied = shared && model.charts.length > 1
        ? { ...model, charts: model.charts.map((chart) => ({ ...chart, items: model.charts[0]!.items })) }
        : model;
      let count = 0;
      const style = (layout: ScalarLayout) => {
        const isText = layout.node.tag === "tag:yaml.org,2002:str";
        if (isText && !layout.isKey) layout.style = scalars[count++ % scalars.length]!;
      };
      const scalarStyleRules = [style, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];
      const text = dump(documentOf(copied), { ...options, scalarStyleRules });
      if (await same(copied, text, dress) === undefined) passes++;
    }),
    { numRuns: 400, includeErrorInReport: true },
  );
  assert.ok(passes > 120, `${passes} of 400 in one pass`);
});

s("as people write them", async () => {
  let passes = 0;
  await fc.assert(
    fc.asyncProperty(model, chooser, dress, async (model, choose, dress) => {
      if (await same(model, byHand(model, choose), dress) === undefined) passes++;
    }),
    { numRuns: 500, includeErrorInReport: true },
  );
  assert.ok(passes > 440, `${passes} of 500 in one pass`);
});

const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.constantFrom(0, 1, 1, 2, 5, 1e9),
  put: fc.constantFrom(
    "",
    "",
    " ",
    "\n",
    "\n\n",
    ":",
    ": ",
    "-",
    "- ",
    "\n- ",
    '"',
    "'",
    "#",
    " #",
    "[",
    "]",
    "{",
    "}",
    ",",
    "|",
    "&a ",
  ),
});
const styles: ((model: Model, choose: Parameters<typeof byHand>[1]) => string)[] = [
  byHand,
  (model) => JSON.stringify(documentOf(model)),
  (model) => dump(documentOf(model), { seqNoIndent: true }),
  (model) => dump(documentOf(model), { flowLevel: 4 }),
];

s("damaged and cut: refused, or read as the full parsers read them where these agree", async () => {
  let valid = 0;
  await fc.assert(
    fc.asyncProperty(
      model,
      chooser,
      fc.constantFrom(...styles),
      damage,
      sizes,
      async (model, choose, write, where, sizes) => {
        const whole = write(model, choose);
        const at = Math.floor(where.at * whole.length);
        const text = whole.slice(0, at) + where.put + whole.slice(at + where.removed);
        const expected = bothParsers(text);
        let found: ReadonlyMap<string, unknown> | undefined;
        try {
          ({ found } = await read(text, { crlf: false, mark: false, sizes }));
        } catch (error) {
          if (!(error instanceof IndexError)) throw error;
          assert.match(error.message, /^[A-Z].*\.$/);
        }
        if (!expected) return;
        valid++;
        assert.ok(found, `refused: ${text}`);
        assert.equal(sorted(found), sorted(expected), text);
      },
    ),
    { numRuns: 800, includeErrorInReport: true },
  );
  assert.ok(valid > 120, `${valid} of 800 were still valid`);
});

/** What both parsers make of a text; undefined where one of them refuses it, or they do not agree. */
function bothParsers(text: string): Map<string, unknown> | undefined {
  try {
    const [one, other] = [byParser(text), parseIndex(text, wanted)];
    return isDeepStrictEqual(one, other) ? one : undefined;
  } catch {
    return undefined;
  }
}

s.run();

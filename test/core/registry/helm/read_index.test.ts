import { suite } from "uvu";
import * as assert from "uvu/assert";
import { IndexError, type IndexErrorKind, readIndex } from "../../../../core/registry/helm/read_index.ts";
import { gzip, streamOf } from "./index/streams.ts";

const s = suite("read an index");

const wanted = new Set(["nginx", "redis", "été", "with space", "1.10", "it's", "a:b"]);

interface Read {
  found: Record<string, string[]>;
  fallback: string | undefined;
}

/** What is found, each version as its text, with `!` behind it where it is deprecated. */
async function read(content: string | Uint8Array, sizes?: number[], fullParseLimit?: number): Promise<Read> {
  let fallback: string | undefined;
  const onFallback = (reason: string) => void (fallback = reason);
  const { stream, state } = streamOf(content, sizes);
  const options = { limit: 1e6, onFallback, ...(fullParseLimit === undefined ? {} : { fullParseLimit }) };
  try {
    const found = await readIndex(stream, wanted, options);
    const texts = [...found].map(([name, versions]) =>
      [name, versions.map(({ version, deprecated }) => deprecated ? `${version}!` : version)] as const
    );
    return { found: Object.fromEntries(texts), fallback };
  } finally {
    assert.ok(state.cancelled || state.given >= (typeof content === "string" ? 0 : content.length));
  }
}

const helm = `apiVersion: v1
entries:
  apache:
  - apiVersion: v2
    description: |
      entries:
        nginx:
        - version: 0.0.1
    version: 9.9.9
  nginx:
  - annotations:
      category: Web
    apiVersion: v2
    deprecated: true
    urls:
    - https://charts.example.com/nginx-1.10.tgz
    version: 1.10
  - apiVersion: v2
    version: "1.9.0+build.1"
  zookeeper:
  - version: 1.0.0
generated: "2026-01-02T03:04:05Z"
`;
const found = { nginx: ["1.10!", "1.9.0+build.1"] };
const crlf = (text: string) => text.replaceAll("\n", "\r\n");

/** Read without the full parser. */
// deno-fmt-ignore
const streamed: [name: string, content: string, found: Record<string, string[]>][] = [
  ["Helm's own style", helm, found],
  ["CRLF", crlf(helm), found],
  ["a byte order mark", `\ufeff${helm}`, found],
  ["document markers and comments", `# c\n---\n# d\n${helm}# e\n...\n`, found],
  ["only the first document", `---\n${helm}---\nentries:\n  redis:\n  - version: 1.0.0\n`, found],
  ["no line break at the end", helm.trimEnd(), found],
  ["generated before entries", `generated: x\n${helm.replace(/generated.*\n/, "")}`, found],
  ["entries before apiVersion", `${helm.replace("apiVersion: v1\n", "")}apiVersion: v1\n`, found],
  ["deeper lists", "entries:\n    nginx:\n        -   version: 1.0.0\n            name: nginx\n", { nginx: ["1.0.0"] }],
  ["an indent of one", "entries:\n nginx:\n -  version: 1.0.0\n", { nginx: ["1.0.0"] }],
  ["a dash on its own line", "entries:\n  nginx:\n  -\n    version: 1.0.0\n  -   # c\n    version: 2.0.0\n", { nginx: ["1.0.0", "2.0.0"] }],
  ["flow style in a list", "entries:\n  nginx:\n  - {version: 1.10, deprecated: true}\n", { nginx: ["1.10!"] }],
  ["a list in flow style", `entries:\n  redis: [{version: '1.0.0',\n    urls: ["]"]}, ]\n  nginx: []\n`, {
    redis: ["1.0.0"],
    nginx: [],
  }],
  [
    "quoted and plain versions",
    `entries:\n  nginx:\n  - version: '1.2.3'\n  - version: "1.2.3"\n  - version: 1.2.3 # c\n`,
    { nginx: ["1.2.3", "1.2.3", "1.2.3"] },
  ],
  [
    "versions that look like something else",
    "entries:\n  nginx:\n  - version: 1e3\n  - version: 0x10\n  - version: 2024-01-02\n",
    { nginx: ["1e3", "0x10", "2024-01-02"] },
  ],
  [
    "duplicate and strange versions",
    "entries:\n  nginx:\n  - version: 1.0.0\n  - version: 1.0.0\n  - version: not one\n",
    { nginx: ["1.0.0", "1.0.0", "not one"] },
  ],
  ["items without a version", "entries:\n  nginx:\n  - name: nginx\n  -\n  - null\n  - version: 1.0.0\n  - version:\n", { nginx: ["1.0.0"] }],
  ["deprecated, and not", "entries:\n  nginx:\n  - {version: a, deprecated: false}\n  - {version: b, deprecated: yes}\n", { nginx: ["a", "b!"] }],
  ["no entries", "apiVersion: v1\nentries: {}\ngenerated: x\n", {}],
  ["null entries", "apiVersion: v1\nentries:\ngenerated: x\n", {}],
  ["null entries by name", "entries: null # c\nx: y\n", {}],
  ["no field entries", "apiVersion: v1\n", {}],
  ["null lists", "entries:\n  nginx:\n  redis: null\n  x: ~\n", { nginx: [], redis: [] }],
  [
    "keys of all kinds",
    `"entries": # c\n  'it''s':\n  - version: a\n  "\\u00e9t\\u00e9" :\n  - version: b\n` +
    `  with space   :\n  - version: c\n  1.10:\n  - version: d\n  a:b:\t\n  - version: e\n`,
    { "it's": ["a"], "été": ["b"], "with space": ["c"], "1.10": ["d"], "a:b": ["e"] },
  ],
  ["a key with a space that YAML does not take for one", "entries:\n  nginx\u00a0:\n  - version: b\n", {}],
  ["keys in Unicode", "entries:\n  été:\n  - version: b\n  日本:\n  - version: c\n", { "été": ["b"] }],
  [
    "an unwanted block scalar that looks like entries",
    "entries:\n  a:\n  - x: >-\n     nginx:\n\n     - version: 1\n  nginx:\n  - version: 2\n",
    { nginx: ["2"] },
  ],
  [
    "quoted lines that look like entries",
    `entries:\n  a:\n  - x: "b\n      \\"\n  nginx:\n  - version: 1\n  "\n  nginx:\n  - version: '2'\n`,
    { nginx: ["2"] },
  ],
  ["plain lines that look quoted", "entries:\n  a:\n  - x: b\n      'c\n      \"d [{\n    y: z\n  nginx:\n  - version: 2\n", { nginx: ["2"] }],
  [
    "flow lines that look like entries",
    `entries:\n  a:\n  - x: [b, # ]\n  "nginx:",\n  c"d, 'e]'\n  ]\n  nginx:\n  - version: 2\n`,
    { nginx: ["2"] },
  ],
  [
    "colons in flow lines that are no indicators",
    `entries:\n  a:\n  - x: [:'b, c:"d]\n    y: {"e":'f]'}\n  nginx:\n  - version: 2\n`,
    { nginx: ["2"] },
  ],
  ["comments of any indentation", "entries:\n# nginx:\n  a:\n      # x: |\n  - b: c\n # d\n  nginx:\n#\n  - version: 2\n", { nginx: ["2"] }],
  ["an anchor that no other chart uses", "entries:\n  nginx:\n  - &a {version: 1, x: &b y}\n  - <<: *a\n    z: *b\n", { nginx: ["1", "1"] }],
  ["tags", "entries:\n  a: !!seq\n  - !!map {b: !!str c}\n  nginx: !!seq\n  - !!map\n    version: !!str 1.10\n    b: !!int 3\n", { nginx: ["1.10"] }],
  ["JSON", JSON.stringify({ apiVersion: "v1", entries: { a: [{ version: '}]"{' }], nginx: [{ version: "1.10" }] } }), { nginx: ["1.10"] }],
  [
    "JSON with tabs",
    JSON.stringify({ entries: { nginx: [{ version: "1", deprecated: true }], redis: null } }, null, "\t"),
    { nginx: ["1!"], redis: [] },
  ],
  ["JSON with escapes in keys", `{"entri\\u0065s":{"\\u00e9t\\u00e9":[{"version":"\\u0031"}]}} \n`, { "été": ["1"] }],
  ["JSON with a number for a version", `{"entries":{"nginx":[{"version":1.10}]}}`, { nginx: ["1.10"] }],
  ["JSON without entries", `{"entries":null,"apiVersion":"v1"}`, {}],
  ["JSON with nothing in entries", `{"entries":{},"x":{"nginx":[{"version":"1"}]}}`, {}],
];

for (const [name, content, expected] of streamed) {
  s(`in one pass: ${name}`, async () => {
    for (const sizes of [[65_536], [1], [7, 2, 13]]) {
      assert.equal(await read(content, sizes), { found: expected, fallback: undefined }, `chunks of ${sizes}`);
    }
  });
}

/** Read by the full parser. */
const parsed: [name: string, content: string, found: Record<string, string[]>][] = [
  ["an alias of another chart's list", "entries:\n  a: &a\n  - version: 1.10\n  nginx: *a\n", { nginx: ["1.10"] }],
  ["an alias in a list", "x: &x\n  version: 1\nentries:\n  nginx:\n  - *x\n", { nginx: ["1"] }],
  ["a merge of charts", "x: &x\n  nginx:\n  - version: 1\nentries:\n  <<: *x\n  redis: []\n", {
    nginx: ["1"],
    redis: [],
  }],
  ["a merge of fields", "x: &x\n  entries:\n    nginx: [{version: 1}]\n<<: *x\n", { nginx: ["1"] }],
  ["an alias for entries", "x: &x\n  nginx: [{version: 1}]\nentries: *x\n", { nginx: ["1"] }],
  ["entries in flow style", "entries: {nginx: [{version: 1.10}]}\n", { nginx: ["1.10"] }],
  ["entries in flow style below", "entries:\n  {nginx: [{version: 1.10}]}\n", { nginx: ["1.10"] }],
  ["a document in flow style", "{entries: {nginx: [{version: 1.10}, {version: it's}]}}", { nginx: ["1.10", "it's"] }],
  ["a document in flow style, with comments", `{"entries": # c }\n{"nginx": [{"version": "1"}]}}`, { nginx: ["1"] }],
  ["an explicit key", "entries:\n  ? nginx\n  : - version: 1\n", { nginx: ["1"] }],
  ["a key with an anchor", "entries:\n  &a nginx:\n  - version: 1\n", { nginx: ["1"] }],
  ["a document that is indented", "  entries:\n    nginx:\n    - version: 1\n", { nginx: ["1"] }],
  ["a directive", "%YAML 1.2\n---\nentries:\n  nginx:\n  - version: 1\n", { nginx: ["1"] }],
  ["content behind the marker", "--- {entries: {nginx: [{version: 1}]}}\n", { nginx: ["1"] }],
  ["lone carriage returns", "entries:\r  nginx:\r  - version: 1\r", { nginx: ["1"] }],
];

for (const [name, content, expected] of parsed) {
  s(`by the full parser: ${name}`, async () => {
    for (const sizes of [[65_536], [1]]) {
      const { found, fallback } = await read(content, sizes);
      assert.equal(found, expected);
      assert.type(fallback, "string");
    }
  });
}

async function failure(reading: Promise<unknown>): Promise<IndexError> {
  try {
    const value = await reading;
    throw new Error(`no error, but ${JSON.stringify(value)}`);
  } catch (error) {
    if (error instanceof IndexError) return error;
    throw error;
  }
}

const bad: [name: string, content: string | Uint8Array, kind: IndexErrorKind, message: RegExp][] = [
  ["nothing", "", "empty", /empty/],
  ["a byte order mark alone", "\ufeff", "empty", /empty/],
  ["one letter", "x", "not-an-index", /no mapping/],
  ["deep nesting", `{"entries":{"nginx":${"[".repeat(5000)}${"]".repeat(5000)}}}`, "malformed", /./],
  ["white space and comments", "\n \n# c\n---\n", "empty", /empty/],
  ["HTML", "\n<!DOCTYPE html><html><body>Log in</body></html>", "not-an-index", /HTML/],
  ["a line of text", "404 page not found\n", "not-an-index", /no mapping/],
  ["a list", "- nginx\n", "not-an-index", /no mapping/],
  ["a list in JSON", `["nginx"]`, "not-an-index", /no mapping/],
  ["another document", "kind: Deployment\n", "not-an-index", /entries/],
  ["another document in JSON", `{"errors":[{"code":"UNAUTHORIZED"}]}`, "not-an-index", /entries/],
  ["entries as a list", "entries:\n- nginx\n", "malformed", /entries .* no mapping/],
  ["entries as an indented list", "entries:\n  - nginx\n", "malformed", /entries .* no mapping/],
  ["entries as a text", "entries: nginx\n", "malformed", /entries .* no mapping/],
  ["entries as a list in JSON", `{"entries":[]}`, "malformed", /entries .* no mapping/],
  ["entries as a text in JSON", `{"entries":"x"}`, "malformed", /entries .* no mapping/],
  ["a chart as a mapping", "entries:\n  nginx:\n    version: 1\n", "malformed", /nginx is no list/],
  ["a chart as a text in JSON", `{"entries":{"nginx":"x"}}`, "malformed", /nginx is no list/],
  ["a version as a text", "entries:\n  nginx:\n  - 1.0.0\n", "malformed", /Item 1 .* nginx is no mapping/],
  ["a version as a list", "entries:\n  nginx:\n  - version: [1]\n", "malformed", /no text/],
  ["a chart twice", "entries:\n  nginx:\n  - version: 1\n  nginx: []\n", "malformed", /nginx twice/],
  ["a chart twice in JSON", `{"entries":{"nginx":[],"nginx":[]}}`, "malformed", /nginx twice/],
  ["entries twice", "entries: {}\nx: y\nentries:\n  nginx: []\n", "malformed", /entries twice/],
  ["a field of a version twice", "entries:\n  nginx:\n  - version: 1\n    version: 2\n", "malformed", /line 4/],
  ["tabs for indentation", "entries:\n\tnginx:\n", "malformed", /line 2/],
  ["an alias of nothing", "entries:\n  nginx: *a\n", "malformed", /alias/],
  ["JSON cut in a string", `{"entries":{"nginx":[{"version":"1.0`, "truncated", /not whole/],
  ["JSON cut between versions", `{"entries":{"nginx":[{"version":"1.0"},`, "truncated", /not whole/],
  ["JSON cut before its last bracket", `{"entries":{"nginx":[]}`, "truncated", /not whole/],
  ["YAML cut in a quoted text", 'entries:\n  nginx:\n  - version: 1\n    description: "a\n', "truncated", /not whole/],
  ["YAML cut in a flow collection", "entries:\n  nginx:\n  - version: 1\n    urls: [a,\n", "truncated", /not whole/],
  ["YAML cut in a key", "entries:\n  nginx:\n  - version: 1\n    descr", "truncated", /not whole/],
  ["YAML cut in an unwanted chart's key", "entries:\n  nginx:\n  - version: 1\n  redis-clu", "truncated", /not whole/],
  ["Latin-1", new Uint8Array([...new TextEncoder().encode("entries: {} # "), 0xe9, 10]), "encoding", /UTF-8/],
  ["cut in a character", new Uint8Array([...new TextEncoder().encode("entries: {} # "), 0xc3]), "encoding", /UTF-8/],
  ["UTF-16", new Uint8Array([0xff, 0xfe, 0x65, 0]), "encoding", /UTF-8/],
];

for (const [name, content, kind, message] of bad) {
  s(`refused: ${name}`, async () => {
    for (const sizes of [[65_536], [1]]) {
      const error = await failure(read(content, sizes));
      assert.is(error.kind, kind, error.message);
      assert.match(error.message, message);
      assert.match(error.message, /^[A-Z].*\.$/);
    }
  });
}

s("gzip that no header tells of", async () => {
  const zipped = await gzip(helm);
  assert.equal(await read(zipped), { found, fallback: undefined });
  assert.equal(await read(zipped, [1]), { found, fallback: undefined });
});

s("gzip that is cut, or damaged", async () => {
  const zipped = await gzip(helm);
  const cut = await failure(read(zipped.slice(0, -20)));
  assert.is(cut.kind, "truncated");
  const damaged = await failure(read(Uint8Array.from(zipped, (byte, index) => index > 40 ? byte ^ 0xff : byte)));
  assert.ok(["truncated", "malformed"].includes(damaged.kind), damaged.message);
});

s("the limit counts what gzip hides, and ends it early", async () => {
  const bomb = await gzip(`x: ${"0".repeat(50_000_000)}\n`);
  const error = await failure(readIndex(streamOf(bomb, [1024]).stream, wanted, { limit: 1e6 }));
  assert.is(error.kind, "too-large");
  assert.match(error.message, /1 MB/);
  const digits = Array.from({ length: 300_000 }, (_, index) => Math.imul(index, 0x9e3779b1)).join(" ");
  const large = await gzip(`x: ${digits}\n`);
  const { stream, state } = streamOf(large, [1024]);
  assert.is((await failure(readIndex(stream, wanted, { limit: 1e5 }))).kind, "too-large");
  assert.ok(state.cancelled);
  assert.ok(state.given < large.length / 2, `${state.given} of ${large.length} bytes were read`);
});

s("over the limit: refused, and the stream cancelled", async () => {
  const { stream, state } = streamOf(`${helm}${"# c\n".repeat(1000)}`, [64]);
  const error = await failure(readIndex(stream, wanted, { limit: 1000 }));
  assert.is(error.kind, "too-large");
  assert.ok(state.cancelled && state.given < 1200);
});

s("HTML is not read to its end", async () => {
  const { stream, state } = streamOf(`<html>${"x".repeat(1e6)}`, [1000]);
  assert.is((await failure(readIndex(stream, wanted, { limit: 1e7 }))).kind, "not-an-index");
  assert.ok(state.cancelled && state.given <= 2000);
});

s("the full parser has its own limit", async () => {
  const large = `${"# c\n".repeat(100)}entries:\n  a: &a []\n  nginx: *a\n`;
  const early = await failure(read(large, [64], 100));
  assert.is(early.kind, "too-large");
  assert.match(early.message, /alias.*up to 0 MB|up to/);
  const late = `entries:\n  nginx: *a\n  b:\n${"# c\n".repeat(100)}`;
  const { stream, state } = streamOf(late, [64]);
  assert.is((await failure(readIndex(stream, wanted, { limit: 1e6, fullParseLimit: 200 }))).kind, "too-large");
  assert.ok(state.cancelled && state.given < 300);
  assert.equal((await read(large, [64], 1000)).found, { nginx: [] });
});

s("a line, or a chart, that is too long to keep", async () => {
  const line = `x: ${"y".repeat(1_100_000)}`;
  const options = { limit: 1e8 };
  const error = await failure(readIndex(streamOf(`${line}\nentries: {}\n`, [1000]).stream, wanted, options));
  assert.is(error.kind, "too-large");
  assert.match(error.message, /line of more than 1 MB/);
  const chart = `entries:\n  nginx:\n${"  - {version: 1.0.0}\n".repeat(30_000)}`;
  const heavy = await failure(readIndex(streamOf(chart, [65_536]).stream, wanted, options));
  assert.is(heavy.kind, "too-large");
  assert.match(heavy.message, /chart nginx .* full parser .* 0\.3 MB/);
  const plain = `entries:\n  nginx:\n${"  - version: 1.0.0\n".repeat(49_000)}`;
  assert.is((await readIndex(streamOf(plain, [65_536]).stream, wanted, options)).get("nginx")!.length, 49_000);
});

s("too many versions, of one chart and of all that are wanted", async () => {
  const block = (count: number) => "  - version: 1.0.0\n".repeat(count);
  const json = (count: number) => `[${'{"version":"1.0.0"},'.repeat(count)}{"version":"1.0.0"}]`;
  const texts: [string, RegExp][] = [
    [`entries:\n  nginx:\n${block(50_001)}`, /more than 50000 versions of the chart nginx/],
    [`entries:\n  nginx:\n${"  -\n".repeat(50_001)}`, /more than 50000 versions of the chart nginx/],
    [`{"entries":{"nginx":${json(50_001)}}}`, /more than 50000 versions of the chart nginx/],
    [
      `entries:\n${["a", "b", "c"].map((name) => `  ${name}:\n${block(40_000)}`).join("")}`,
      /more than 100000 versions/,
    ],
    [`{"entries":{"a":${json(40_000)},"b":${json(40_000)},"c":${json(40_000)}}}`, /more than 100000 versions/],
  ];
  for (const [text, says] of texts) {
    const error = await failure(
      readIndex(streamOf(text, [65_536]).stream, new Set(["nginx", "a", "b", "c"]), { limit: 1e8 }),
    );
    assert.is(error.kind, "too-large");
    assert.match(error.message, says);
  }
});

s("what it says that it has in hand stays small, whatever is written", async () => {
  const texts = [
    `entries: {nginx: [${"[],".repeat(1_000_000)}[]]}`,
    `entries:\n  nginx: [${"[],".repeat(1_000_000)}[]]\n`,
    `{"entries":{"nginx":[${"{},".repeat(1_000_000)}{}]}}`,
    `{"entries":{"nginx":${"[".repeat(2_000_000)}`,
    `${Array.from({ length: 100_000 }, (_, at) => `k${at}: 1\n`).join("")}entries: {}\n`,
    `entries:\n  nginx:\n${"  - description: long\n    version: 1.0.0\n".repeat(45_000)}`,
  ];
  for (const text of texts) {
    let most = 0;
    const held = (bytes: number) => Promise.resolve(void (most = Math.max(most, bytes)));
    await readIndex(streamOf(text, [65_536]).stream, wanted, { limit: 1e8, held }).catch(() => {});
    assert.ok(most < 6_000_000, `${most} bytes of ${text.slice(0, 40)}`);
  }
});

s("a version that is too long for one is left out", async () => {
  const versions = ["1.0.0", `1.0.0-${"x".repeat(300)}`];
  const block = `entries:\n  nginx:\n${versions.map((version) => `  - version: ${version}\n`).join("")}`;
  const json = JSON.stringify({ entries: { nginx: versions.map((version) => ({ version })) } });
  for (const text of [block, json]) assert.equal((await read(text)).found, { nginx: ["1.0.0"] });
});

s("a JSON list is read item by item", async () => {
  const read = async (list: string) => {
    const text = `{"entries":{"nginx":${list}}}`;
    return (await readIndex(streamOf(text, [3]).stream, wanted, { limit: 1e6 })).get("nginx")!.map((one) =>
      one.version
    );
  };
  assert.equal(await read("[]"), []);
  assert.equal(await read("[ ]"), []);
  assert.equal(await read('[ {"version":"1.0.0"} , null,\n{"version":"2.0.0","x":[{},[1,","]]}]'), ["1.0.0", "2.0.0"]);
  assert.equal(await read('[{"version":1.10}]'), ["1.10"]);
  const wrong = await failure(read('[null, {"version":"1.0.0"}, "x"]'));
  assert.match(wrong.message, "Item 2 of the chart nginx is no mapping");
  assert.is((await failure(read('[{"version":"1.0.0"},,{"version":"2.0.0"}]'))).kind, "malformed");
});

s("much white space at the beginning", async () => {
  assert.equal((await read(`${" \n".repeat(100_000)}${helm}`, [3])).found, found);
  assert.equal((await read(`${" \n".repeat(100_000)}{"entries":null}`, [3])).found, {});
});

s("an error of the stream is passed on", async () => {
  const broken = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(helm));
    },
    pull: (controller) => controller.error(new TypeError("connection reset")),
  });
  try {
    await readIndex(broken, wanted, { limit: 1e6 });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TypeError);
    assert.match((error as Error).message, /connection reset/);
  }
});

s("what follows the document is not waited for", async () => {
  const { stream, state } = streamOf(`${helm}...\n${"# c\n".repeat(1000)}`, [64]);
  await readIndex(stream, wanted, { limit: 1e6 });
  assert.ok(state.cancelled && state.given < helm.length + 200);
});

s.run();

import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as z from "zod";
import { type ConfigFile, type ConfigFileState, createConfigFile } from "../../../core/app/config_file.ts";
import { type Line, recordedLog } from "../../support/recorded_log.ts";
import { type MountedConfig, mountedConfig } from "../../support/mounted_config.ts";

const s = suite("file with settings that count as soon as it is another");

const schema = z.object({
  items: z.number().int().min(1).max(100).default(20),
  part: z.object({ token: z.string().default(""), url: z.url().optional() }).prefault({}),
});
let mounted: MountedConfig;
let file: ConfigFile<z.infer<typeof schema>>;
let lines: Line[];
let states: ConfigFileState[];
let now: number;

s.before.each(async () => {
  mounted = await mountedConfig();
  const recorded = recordedLog();
  lines = recorded.lines;
  states = [];
  now = 1000;
  file = createConfigFile({
    name: "headwind-ui-config",
    path: join(mounted.folder, "config.yaml"),
    schema,
    log: recorded.log,
    now: () => new Date(now),
    onChange: (state) => states.push(state),
    everyMs: 5,
  });
});
s.after.each(() => mounted.remove());

const warnings = () => lines.filter(({ level }) => level === "warn").length;
const stands = () => {
  const { status, problems, readAt } = file.state();
  return [status, problems, readAt];
};

s("one that is not there gives the defaults, and is nothing to tell of", async () => {
  await file.look();
  assert.equal(file.value(), { items: 20, part: { token: "" } });
  assert.equal([stands(), warnings(), states], [["absent", [], undefined], 0, []]);
});

s("text that is no UTF-8 is broken, whatever YAML makes of it", async () => {
  await mounted.write("items: 30\n");
  await file.look();
  await mounted.write(new Uint8Array([...new TextEncoder().encode("items: 40\nname: caf"), 0xe9]));
  await file.look();
  assert.equal([file.value().items, stands()], [30, ["broken", ["it is no UTF-8"], 1000]]);
});

s("counts when it comes, and when the link is swapped; the same is read once", async () => {
  await mounted.write("items: 30\n");
  await file.look();
  await file.look();
  assert.equal([file.value().items, stands(), states.length], [30, ["read", [], 1000], 1]);
  now = 2000;
  await mounted.write("items: 40\n");
  await file.look();
  assert.equal([file.value().items, stands(), states.length], [40, ["read", [], 2000], 2]);
  await mounted.write("");
  await file.look();
  assert.equal([file.value().items, file.state().status], [20, "read"]);
});

const broken: [what: string, text: string, problem: RegExp][] = [
  ["bad YAML", "items: [30\npart: {token: s3cret}", /^it is no YAML: /],
  ["a wrong type", "items: many", /^items: a whole number from 1 to 100 is wanted$/],
  ["out of bounds", "items: 0", /^items: a whole number from 1 to 100 is wanted$/],
  ["a wrong part", "part: {url: s3cret}", /^part\.url: a URL is wanted$/],
  ["a list", "- items", /^it is no mapping of names to values$/],
  ["a text", "s3cret", /^it is no mapping of names to values$/],
  ["a name twice", "items: 1\nitems: 2", /^it is no YAML: /],
  ["too big", `items: 30\n# ${"x".repeat(1 << 20)}`, /^it has more than 1048576 bytes$/],
];
for (const [what, text, problem] of broken) {
  s(`${what}: what counted before stays, and that is told once, without a value of it`, async () => {
    await mounted.write("items: 30\n");
    await file.look();
    await mounted.write(text);
    await file.look();
    await file.look();
    const { status, problems, readAt } = file.state();
    assert.equal([file.value().items, status, problems.length, readAt], [30, "broken", 1, 1000]);
    assert.match(problems[0]!, problem);
    assert.is(warnings(), 1);
    await mounted.write(text);
    await file.look();
    assert.is(warnings(), 1, "the same mistake again");
    assert.not.match(JSON.stringify([lines, states]), "s3cret");
    await mounted.write("items: 50\n");
    await file.look();
    assert.equal([file.value().items, stands()], [50, ["read", [], 1000]]);
  });
}

s("broken from the start: the defaults count, and it is told", async () => {
  await mounted.write("items: many");
  await file.look();
  assert.equal([file.value().items, file.state().status, file.state().readAt, warnings()], [
    20,
    "broken",
    undefined,
    1,
  ]);
});

s("one that goes: what counted before stays, and it is told; it may come back", async () => {
  await mounted.write("items: 30\n");
  await file.look();
  await mounted.write(undefined);
  await file.look();
  await file.look();
  assert.equal([file.value().items, stands(), warnings()], [30, ["broken", ["it is gone"], 1000], 1]);
  await mounted.write("items: 31\n");
  await file.look();
  assert.equal([file.value().items, file.state().status], [31, "read"]);
});

s("names that nobody knows are told with what may be meant, and the rest counts", async () => {
  await mounted.write("item: 3\nitems: 30\npart: {tokn: s3cret}\n");
  await file.look();
  assert.equal([file.value().items, file.state().status, file.state().unknown], [
    30,
    "read",
    ["item is no setting: is items meant?", "part.tokn is no setting: is part.token meant?"],
  ]);
  assert.is(warnings(), 2);
  assert.not.match(JSON.stringify(lines), "s3cret");
});

s("a folder in its place cannot be read", async () => {
  await mkdir(join(mounted.folder, "config.yaml"));
  await file.look();
  assert.equal(stands(), ["broken", ["it cannot be read: it is no file"], undefined]);
});

s("an alias that would be a billion values takes no time", async () => {
  const levels = Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`);
  await mounted.write(["a0: &a0 x", ...levels, "items: 30"].join("\n"));
  await file.look();
  assert.ok(["read", "broken"].includes(file.state().status));
});

s("it is looked at until it ends, however it is written", async () => {
  const path = join(mounted.folder, "config.yaml");
  const ending = new AbortController();
  const running = file.run(ending.signal);
  const until = async (items: number) => {
    for (let tries = 0; file.value().items !== items; tries++) {
      assert.ok(tries < 2000, `${items}: ${JSON.stringify(file.state())}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await writeFile(path, "items: 1");
  await until(1);
  await writeFile(path, "items: 2");
  await until(2);
  await writeFile(`${path}.new`, "items: 3");
  await rename(`${path}.new`, path);
  await until(3);
  await chmod(path, 0o644);
  ending.abort();
  await running;
  await writeFile(path, "items: 4");
  assert.is(file.value().items, 3);
});

s.run();

import * as assert from "uvu/assert";
import { suite } from "uvu";
import {
  createLog,
  createLogThrottle,
  LEVELS,
  type LogLine,
  type LogOptions,
  pretty,
} from "../../../core/telemetry/log.ts";

const s = suite("log");

function logOf(options: LogOptions = {}) {
  const lines: string[] = [];
  return { log: createLog({ ...options, write: (line) => void lines.push(line) }), lines };
}

s("one line of JSON per call, whatever is in it", () => {
  const { log, lines } = logOf();
  const before = Date.now();
  log.warn("two\nlines \u2028 and “more”", { updateRequest: "shop/api-1", seconds: 1.5, list: [1, "a\nb"] });
  assert.is(lines.length, 1);
  assert.not.match(lines[0]!, "\n");
  const { time, ...rest } = JSON.parse(lines[0]!);
  assert.equal(rest, {
    level: "warn",
    message: "two\nlines \u2028 and “more”",
    updateRequest: "shop/api-1",
    seconds: 1.5,
    list: [1, "a\nb"],
  });
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(Date.parse(time) >= before && Date.parse(time) <= Date.now());
  assert.ok(lines[0]!.startsWith('{"time":'), "the time comes first");
});

s("levels below the least are left out; without a level, debug is", () => {
  for (const [index, level] of LEVELS.entries()) {
    const { log, lines } = logOf({ level });
    for (const one of LEVELS) log[one](one);
    assert.equal(lines.map((line) => JSON.parse(line).level), LEVELS.slice(index));
  }
  const { log, lines } = logOf();
  for (const one of LEVELS) log[one](one);
  assert.equal(lines.map((line) => JSON.parse(line).level), ["info", "warn", "error"]);
});

s("fields that it is made with are in every line, and a call's own win", () => {
  const { log, lines } = logOf();
  const own = log.with({ plugin: "trigger/a", x: 1 });
  own.with({ y: 2 }).info("hello", { x: 3 });
  own.info("hello");
  log.info("hello");
  const fields = lines.map((line) => JSON.parse(line)).map(({ plugin, x, y }) => [plugin, x, y]);
  assert.equal(fields, [["trigger/a", 3, 2], ["trigger/a", 1, undefined], [undefined, undefined, undefined]]);
});

s("a field cannot take the place of time, level or message", () => {
  const { log, lines } = logOf();
  log.with({ level: "x" }).error("the message", { message: "y", time: "z" });
  const { time, level, message } = JSON.parse(lines[0]!);
  assert.equal([level, message], ["error", "the message"]);
  assert.ok(Date.parse(time) > 0);
});

s("secrets are in no message, no field and no field that it is made with", () => {
  for (const format of ["json", "pretty"] as const) {
    const { log, lines } = logOf({ format });
    log.with({ token: "hunter2" }).info("call of https://ann:hunter2@a.example/", {
      header: "Bearer hunter2",
      error: new Error("Basic hunter2"),
      settings: { WEBHOOK_SECRET: "hunter2" },
    });
    assert.is(lines.length, 1);
    assert.not.match(lines[0]!, "hunter2");
    assert.match(lines[0]!, "a.example");
  }
});

s("what cannot be JSON does not stop the line", () => {
  const { log, lines } = logOf();
  const inItself: Record<string, unknown> = {};
  inItself.me = inItself;
  log.error("odd", { inItself, big: 1n, error: "no Error" });
  assert.equal(JSON.parse(lines[0]!).big, "1");
});

s("the first of a kind, then how many there were", () => {
  const clock = { now: 0 };
  const told: string[] = [];
  const seldom = createLogThrottle(100, () => clock.now);
  const say = (kind: string) => seldom(kind, (unsaid) => void told.push(`${kind} ${unsaid}`));
  for (const at of [0, 10, 99]) {
    clock.now = at;
    say("a");
  }
  say("b");
  clock.now = 100;
  say("a");
  clock.now = 250;
  say("a");
  assert.equal(told, ["a 0", "b 0", "a 2", "a 0"]);
});

const line = (fields: LogLine["fields"], level: LogLine["level"] = "info"): LogLine => ({
  time: new Date(12_345).toISOString(),
  level,
  message: "update wanted",
  fields,
});

s("time of day, level, message, and the fields as name=value", () => {
  const plain = pretty(false);
  assert.is(plain(line({})), "00:00:12.345 info  update wanted");
  const fields = {
    from: "nginx:1.27",
    count: 2,
    ok: true,
    none: null,
    why: "because of it",
    list: [1],
    none2: undefined,
  };
  assert.is(
    plain(line(fields, "error")),
    '00:00:12.345 error update wanted  from=nginx:1.27 count=2 ok=true none=null why="because of it" list=[1] ' +
      "none2=undefined",
  );
});

s("values with blanks, quotes, = or nothing in them are quoted", () => {
  const rows = [["a b", '"a b"'], ["a=b", '"a=b"'], ['a"b', '"a\\"b"'], ["", '""'], ["a\nb", '"a\\nb"'], [
    "a:b/c",
    "a:b/c",
  ]];
  for (const [value, shown] of rows) assert.ok(pretty(false)(line({ x: value })).endsWith(`  x=${shown}`), value);
});

s("in colour it says the same", () => {
  // deno-lint-ignore no-control-regex
  const withoutColour = (text: string) => text.replace(/\x1b\[\d+m/g, "");
  for (const level of ["debug", "info", "warn", "error"] as const) {
    const coloured = pretty(true)(line({ a: 1 }, level));
    assert.ok(coloured.includes("\x1b["));
    assert.is(withoutColour(coloured), pretty(false)(line({ a: 1 }, level)));
  }
});

s.run();

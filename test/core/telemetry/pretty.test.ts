import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type LogLine, pretty } from "../../../core/telemetry/log.ts";

const s = suite("lines for people");

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

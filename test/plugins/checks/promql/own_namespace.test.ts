import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { NoPromql, withMatcher } from "../../../../plugins/checks/promql/own_namespace.ts";

const s = suite("own namespace");

const bound = (query: string) => withMatcher(query, "namespace", "shop");

s("each selector gets the matcher", () => {
  const cases: [query: string, bound: string][] = [
    ["up", 'up{namespace="shop"}'],
    ["up{}", 'up{namespace="shop"}'],
    ['up{job="web"}', 'up{namespace="shop",job="web"}'],
    ['up{job="web",}', 'up{namespace="shop",job="web",}'],
    ['{__name__=~".+"}', '{namespace="shop",__name__=~".+"}'],
    ['{"http.requests",job="web"}', '{namespace="shop","http.requests",job="web"}'],
    ["-up offset 5m", '-up{namespace="shop"} offset 5m'],
    ["up @ start()", 'up{namespace="shop"} @ start()'],
    ["rate(up[5m])", 'rate(up{namespace="shop"}[5m])'],
    ["max_over_time(rate(up[1m])[5m:1m])", 'max_over_time(rate(up{namespace="shop"}[1m])[5m:1m])'],
    [
      "sum by (job) (a) / on(job) group_left b",
      'sum by (job) (a{namespace="shop"}) / on(job) group_left b{namespace="shop"}',
    ],
    ['label_replace(up, "a", "$1", "b", "(.*)")', 'label_replace(up{namespace="shop"}, "a", "$1", "b", "(.*)")'],
    ['quantile(scalar(q), x{a="#"})', 'quantile(scalar(q{namespace="shop"}), x{namespace="shop",a="#"})'],
    // names that are words of the language elsewhere
    ["sum", 'sum{namespace="shop"}'],
    ["time", 'time{namespace="shop"}'],
    ["1 + time()", "1 + time()"],
    // what is in a string is none
    ['up{a="}",b=`{`,c=\'"\'}', 'up{namespace="shop",a="}",b=`{`,c=\'"\'}'],
    ['up{a="b\\"}"}', 'up{namespace="shop",a="b\\"}"}'],
  ];
  for (const [query, wanted] of cases) assert.is(bound(query), wanted);
});

s("a selector that names a namespace is held to both", () => {
  assert.is(bound('up{namespace="bank"}'), 'up{namespace="shop",namespace="bank"}');
  assert.is(bound('up{"name\\x73pace"=~".+"}'), 'up{namespace="shop","name\\x73pace"=~".+"}');
});

s("no comment reaches Prometheus, which ends one at a carriage return too", () => {
  assert.is(bound("up # all\r or other"), 'up{namespace="shop"}  ');
  assert.is(bound('up{ # }\n a="b"}'), 'up{namespace="shop",  \n a="b"}');
});

s("what the grammar does not read, and what names no selector, is refused", () => {
  const refused = [
    ...[
      "",
      "sum(",
      "up up",
      "(up){}",
      '"text',
      'up{a="x" or b="y"}',
      "up{",
      "WITH (x = up) x",
      "up{a=b}",
      "unknown(up)",
    ],
    ...["info(up)", "up + info(up, {})"],
  ];
  for (const query of refused) assert.throws(() => bound(query), (error: unknown) => error instanceof NoPromql, query);
  assert.throws(() => bound("sum(up"), /^the query is no PromQL from character 7 on$/);
});

s("whatever is read has the matcher as often as selectors, and is read again", () => {
  const name = fc.constantFrom("up", "sum", "time", "on", "a:b", "inf", "offset");
  const matchers = fc.constantFrom("", "{}", '{a="b"}', "{a=~'}',}", '{"up"}', '{namespace!="shop"}', "{#\n}");
  const leaf = fc.tuple(name, matchers).map((parts) => parts.join(""));
  const { query } = fc.letrec<{ query: string }>((tie) => ({
    query: fc.oneof(
      leaf,
      fc.tuple(tie("query"), fc.constantFrom(" + ", " or ", " and on() ", "\n/\r"), tie("query")).map((all) =>
        all.join("")
      ),
      tie("query").map((inner) => `max_over_time((${inner})[5m:])`),
      tie("query").map((inner) => `count by (job) (${inner}) # ${inner}\n`),
    ),
  }));
  fc.assert(fc.property(query, (text) => {
    let once: string;
    try {
      once = bound(text);
    } catch (error) {
      return error instanceof NoPromql;
    }
    const twice = bound(once);
    const count = (text: string) => text.split('namespace="shop"').length - 1;
    return count(twice) === 2 * count(once) && !once.includes("#");
  }));
});

s.run();

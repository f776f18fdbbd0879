import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { freePort } from "../../../scripts/testbed/ports.ts";
import { type Prometheus, startPrometheus } from "../../../scripts/testbed/prometheus.ts";
import promql from "../../../plugins/checks/promql.ts";
import { eventually } from "../../conformance/checks.ts";
import { type Listening, listening } from "../../support/listening.ts";
import { type AskedCheck, askedCheck } from "./asked.ts";

const s = suite("check promql");

/** What the test's own endpoint serves to Prometheus. */
let exposition = `errors{pod="a",namespace="shop"} 0.01
errors{pod="b",namespace="shop"} 0.02
ready{namespace="shop"} 3
ready{namespace="bank"} 77
balance{account="4711",namespace="bank"} 123456
nothing{namespace="shop"} NaN
`;
let metrics: Listening;
let prometheus: Prometheus;
let check: AskedCheck;

s.before(async () => {
  metrics = await listening((_, response) => response.end(exposition));
  prometheus = await startPrometheus({ targets: [metrics.host], progress: (line) => console.error(line) });
  check = askedCheck(promql, { env: { HEADWIND_PROMETHEUS_URL: prometheus.url } });
  await eventually("it is read", async () => (await ask("ready", { min: "3" })).state === "ok", 30);
});
s.after(async () => {
  check?.close();
  await prometheus?.stop();
  metrics.stop();
});

const annotationsOf = (query: string, { min, max }: { min?: string; max?: string }) => ({
  "check-promql": query,
  ...(min === undefined ? {} : { "check-promql-min": min }),
  ...(max === undefined ? {} : { "check-promql-max": max }),
});
const ask = (query: string, bounds: { min?: string; max?: string }, by = check) =>
  by.read(annotationsOf(query, bounds));

s("bounds include their ends", async () => {
  const cases: [query: string, bounds: { min?: string; max?: string }, state: string][] = [
    ["ready", { min: "3" }, "ok"],
    ["ready", { min: "3.01" }, "failing"],
    ["ready", { max: "3" }, "ok"],
    ["ready", { max: "2.99" }, "failing"],
    ["ready", { min: "2", max: "4" }, "ok"],
    ["ready", { min: "-1e3", max: ".5" }, "failing"],
    ["ready * -1", { max: "0" }, "ok"],
    ["scalar(ready)", { min: "3" }, "ok"],
    ["1 / 0", { min: "1" }, "ok"],
    ["1 / 0", { max: "1" }, "failing"],
  ];
  for (const [query, bounds, state] of cases) {
    const reading = await ask(query, bounds);
    assert.is(reading.state, state, `${query} ${JSON.stringify(bounds)}: ${reading.message}`);
  }
  assert.equal(await ask("ready", { min: "1", max: "4" }), {
    state: "ok",
    message: "the query is at least 1 and at most 4",
  });
});

s("of several series all must hold; neither labels nor values are told", async () => {
  assert.is((await ask("errors", { max: "0.05" })).state, "ok");
  const failing = (message: string) => ({ state: "failing", message });
  assert.equal(await ask("errors", { max: "0.015" }), failing("of 2 series of the query 1 are not at most 0.015"));
  assert.equal(await ask("errors", { min: "1" }), failing("of 2 series of the query 2 are not at least 1"));
  assert.equal(await ask("ready", { min: "10" }), failing("the query is not at least 10"));
});

s("the series of another namespace are not asked for, however it is named", async () => {
  const none = { state: "waiting", message: 'the query gives no series yet with namespace="shop"' };
  for (
    const query of [
      "balance",
      'balance{namespace="bank"}',
      '{namespace="bank",__name__=~".+"}',
      "{namespace=~'b.*',__name__=\"balance\"}",
      "max_over_time(balance[5m])",
      "ready > 50",
      "balance or ready{namespace=`bank`}",
    ]
  ) assert.equal(await ask(query, { min: "1" }), none, query);
  assert.is((await ask("count(ready)", { min: "1", max: "1" })).state, "ok");
  assert.equal(await ask("ready # or balance\r or balance", { max: "1" }), {
    state: "failing",
    message: "the query is not at most 1",
  });
});

s("an administrator may name another label, or let all series be asked for", async () => {
  const asked = (label: string) =>
    askedCheck(promql, { env: { HEADWIND_PROMETHEUS_URL: prometheus.url, HEADWIND_PROMQL_NAMESPACE_LABEL: label } });
  const [byPod, all] = [asked("pod"), asked("-")];
  assert.is((await ask("errors", { max: "1" }, byPod)).state, "waiting");
  assert.equal(await ask('{namespace="bank"}', { max: "1" }, all), {
    state: "failing",
    message: "of 2 series of the query 2 are not at most 1",
  });
  byPod.close();
  all.close();
  assert.throws(() => asked("name space"), /HEADWIND_PROMQL_NAMESPACE_LABEL: the name of a label is wanted, or -/);
});

s("NaN fails, whatever the bound", async () => {
  assert.is((await ask("nothing", { min: "0" })).state, "failing");
  assert.match((await ask("0 / 0", { max: "1" })).message, "the query is not at most 1");
});

s("no series yet is waited for", async () => {
  const waiting = { state: "waiting", message: 'the query gives no series yet with namespace="shop"' };
  assert.equal(await ask("appears_later", { min: "1" }), waiting);
  assert.equal(await ask("ready > 100", { min: "1" }), waiting);
  exposition += 'appears_later{namespace="shop"} 1\n';
  await eventually("it is read", async () => (await ask("appears_later", { min: "1" })).state === "ok", 30);
});

s("a value that changes is read anew", async () => {
  exposition = exposition.replace('{namespace="shop"} 3', '{namespace="shop"} 0');
  await eventually("it is read", async () => (await ask("ready", { min: "3" })).state === "failing", 30);
  exposition = exposition.replace('{namespace="shop"} 0', '{namespace="shop"} 3');
  await eventually("it is read", async () => (await ask("ready", { min: "3" })).state === "ok", 30);
});

s("a query that is none, or gives no numbers, fails with what is wrong", async () => {
  assert.equal(await ask("sum(", { min: "1" }), {
    state: "failing",
    message: "the query is no PromQL from character 5 on",
  });
  assert.equal(await ask("sum(balance) + on() group_left() errors[5m]", { min: "1" }), {
    state: "failing",
    message: "Prometheus answered 400 (bad_data)",
  });
  assert.match(
    (await ask("ready[1m]", { min: "1" })).message,
    "the query gives a matrix: one number per series is wanted",
  );
  assert.match((await ask('"text"', { min: "1" })).message, "the query gives a string");
});

s("an answer that is too long is not read to its end", async () => {
  exposition += Array.from({ length: 12_000 }, (_, n) => `many{namespace="shop",name="${"x".repeat(100)}${n}"} 1\n`)
    .join("");
  await eventually("it is read", async () => (await ask("count(many)", { min: "12000" })).state === "ok", 30);
  assert.equal(await ask("many", { min: "1" }), {
    state: "failing",
    message: "the query gives more than 1 MiB: aggregate it",
  });
});

s("without the setting it fails with a sentence", async () => {
  const unset = askedCheck(promql);
  assert.equal(await ask("ready", { min: "1" }, unset), {
    state: "failing",
    message: "HEADWIND_PROMETHEUS_URL is not set, so no query can be asked",
  });
  unset.close();
});

s("Prometheus being away says nothing of the workload", async () => {
  const away = askedCheck(promql, { env: { HEADWIND_PROMETHEUS_URL: `http://127.0.0.1:${await freePort()}` } });
  assert.equal(await ask("ready", { min: "1" }, away), { state: "waiting", message: "Prometheus cannot be reached" });
  away.close();
  const broken = await listening((_, response) => response.writeHead(503).end("starting"));
  const starting = askedCheck(promql, { env: { HEADWIND_PROMETHEUS_URL: `http://${broken.host}` } });
  assert.equal(await ask("ready", { min: "1" }, starting), { state: "waiting", message: "Prometheus answered 503" });
  starting.close();
  broken.stop();
});

s("something else at that URL fails", async () => {
  const page = await listening((_, response) => response.end("<html>"));
  const wrong = askedCheck(promql, { env: { HEADWIND_PROMETHEUS_URL: `http://${page.host}/` } });
  assert.equal(await ask("ready", { min: "1" }, wrong), {
    state: "failing",
    message: "Prometheus answered 200, which is no answer of its API",
  });
  wrong.close();
  page.stop();
});

s("a token is read from its file for each query, behind a path", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headwind-promql-"));
  const file = join(dir, "token");
  const guard = await listening(async (request, response) => {
    if (request.headers.authorization !== "Bearer second") return void response.writeHead(401).end();
    const answer = await fetch(prometheus.url + request.url!.replace(/^\/prom/, ""));
    response.writeHead(answer.status).end(await answer.text());
  });
  const url = `http://${guard.host}/prom/`;
  const guarded = askedCheck(promql, { env: { HEADWIND_PROMETHEUS_URL: url, HEADWIND_PROMETHEUS_TOKEN_FILE: file } });
  assert.match((await ask("ready", { min: "3" }, guarded)).message, /^HEADWIND_PROMETHEUS_TOKEN_FILE cannot be read: /);
  await writeFile(file, "first\n");
  const refused = await ask("ready", { min: "3" }, guarded);
  assert.is(refused.state, "failing");
  assert.match(refused.message, "Prometheus answered 401");
  await writeFile(file, "second\n");
  assert.is((await ask("ready", { min: "3" }, guarded)).state, "ok");
  guarded.close();
  guard.stop();
  await rm(dir, { recursive: true });
});

s("annotations that cannot be read are named", async () => {
  const cases: [annotations: Record<string, string>, said: string][] = [
    [
      annotationsOf("ready", {}),
      "headwind.sh/check-promql: headwind.sh/check-promql-min or headwind.sh/check-promql-max",
    ],
    [annotationsOf("", { min: "1" }), "headwind.sh/check-promql: a query is wanted"],
    [annotationsOf("ready", { min: "many" }), "headwind.sh/check-promql-min: a number is wanted"],
    [annotationsOf("ready", { max: "0x10" }), "headwind.sh/check-promql-max: a number is wanted"],
    [annotationsOf("ready", { min: "2", max: "1" }), "headwind.sh/check-promql-min: is more than"],
    [{ "check-promql-min": "1" }, "headwind.sh/check-promql-min says nothing without headwind.sh/check-promql"],
  ];
  for (const [annotations, said] of cases) {
    const { state, message } = await check.read(annotations);
    assert.is(state, "failing");
    assert.match(message, said);
  }
});

s.run();

import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { InfluxDB } from "@influxdata/influxdb-client";
import * as assert from "uvu/assert";
import { suite } from "uvu";
import { hosted } from "../../conformance/hosted.ts";
import influxdb from "../../../plugins/metrics/influxdb.ts";
import { type InfluxDb, influxDbBinary, startInfluxDb } from "../../../scripts/testbed/influxdb.ts";
import { influxLines, type Layout } from "../../support/influx_lines.ts";
import { type Listening, listening } from "../../support/listening.ts";
import type { MetricsContext, MetricsPlugin, Plugin, RangeQuery, Sample, Series } from "../../../core/plugin.ts";
import { recordsOf } from "../../../plugins/metrics/influxdb/annotated_csv.ts";

/** By query: what InfluxDB 2.7.12 answered to it. `HEADWIND_RECORD=1` writes them anew, with a real one. */
type Answers = Record<string, string>;
const file = new URL("../../fixtures/influxdb_answers.json", import.meta.url);

const s = suite("InfluxDB, in both layouts");
const plugin = influxdb as MetricsPlugin;
const layouts: Layout[] = ["by measurement", "by field"];
const START = 1_767_225_600;
const STEP = 300;
const period = { start: START + STEP, end: START + 5 * STEP, step: STEP };

const binary = influxDbBinary();
const recorded: Record<Layout, Answers> = JSON.parse(await readFile(file, "utf8").catch(() => "{}"));
const heard: Record<Layout, Answers> = { "by measurement": {}, "by field": {} };
const opened = new Map<Layout, { server?: InfluxDb; before: Listening; context: MetricsContext; close(): void }>();

/** What two replicas say every 15 s: one begins anew after 700 s, and one is answered 429 once. */
function scrapes(): { url: string; at: number; samples: Sample[] }[] {
  const of = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({ name, labels, value });
  const all: { url: string; at: number; samples: Sample[] }[] = [];
  for (let t = 0; t < 5 * STEP; t += 15) {
    const first = [
      of("headwind_updates_applied_total", t < 400 ? 20 : 23),
      of("headwind_queue_depth", t < 1000 ? 1 : 2),
      of("headwind_workloads_watched", 12, { kind: "deployment" }),
      of("headwind_registry_requests_total", 500 + t / 15, { host: "a b,c=d", status: "200" }),
      ...(t < 800 ? [] : [of("headwind_registry_requests_total", 1, { host: "x", status: "429" })]),
      of("headwind_sighting_to_applied_seconds_bucket", t < 400 ? 0 : 1, { le: "0.5" }),
      of("headwind_sighting_to_applied_seconds_bucket", t < 400 ? 0 : 3, { le: "+Inf" }),
      of("headwind_sighting_to_applied_seconds_sum", t < 400 ? 0 : 4.5),
      of("headwind_sighting_to_applied_seconds_count", t < 400 ? 0 : 3),
    ];
    const second = [
      of("headwind_updates_applied_total", t < 350 ? 100 : t < 700 ? 102 : t < 760 ? 0 : 4),
      of("headwind_queue_depth", t < 900 ? 5 : 0),
      of("headwind_workloads_watched", 12, { kind: "deployment" }),
    ];
    all.push({ url: "http://a:9090/metrics", at: t, samples: first });
    all.push({ url: "http://b:9090/metrics", at: t + 3, samples: second });
  }
  return all;
}

async function open(layout: Layout) {
  const server = binary ? await startInfluxDb(binary) : undefined;
  const place = { org: "headwind", bucket: "metrics", token: "a-token-of-the-tests" };
  const before = await listening(async (request, answer) => {
    let flux = "";
    for await (const part of request) flux += part;
    if (request.headers["content-type"]?.includes("json")) flux = JSON.parse(flux).query;
    answer.setHeader("content-type", "text/csv; charset=utf-8");
    if (!server) {
      return void answer.end(recorded[layout]?.[flux] ?? `#datatype,string\r\n,error\r\n,not recorded: ${flux}`);
    }
    const { authorization = "" } = request.headers;
    const headers = { authorization, "content-type": "application/vnd.flux", accept: "application/csv" };
    const got = await fetch(`${server.url}/api/v2/query?org=headwind`, { method: "POST", headers, body: flux });
    const text = await got.text();
    heard[layout][flux] = text;
    answer.writeHead(got.status, { "content-type": got.headers.get("content-type") ?? "" }).end(text);
  });
  if (server) {
    const lines = scrapes().map(({ url, at, samples }) => influxLines(samples, layout, url, START + at));
    const now = Date.now() / 1000;
    const { samples, url } = scrapes().at(-2)!;
    const odd: Sample = { name: "headwind_odd", labels: { text: 'a "quoted", one' }, value: -0.5 };
    lines.push(
      influxLines([...samples, odd, { name: "headwind_updates_pending", labels: {}, value: 4 }], layout, url, now),
    );
    await server.write(lines.join("\n"));
  }
  const { context, close } = hosted(plugin as Plugin);
  const given: MetricsContext = {
    ...context,
    exposition: () => Promise.resolve(""),
    remembered: () => Promise.resolve([]),
    place: { ...place, url: before.url },
  };
  return { ...(server ? { server } : {}), before, context: given, close };
}

s.before(async () => {
  for (const layout of layouts) opened.set(layout, await open(layout));
});

s.after(async () => {
  for (const { server, before, close } of opened.values()) {
    close();
    before.stop();
    await server?.stop();
  }
  if (binary && process.env.HEADWIND_RECORD) await writeFile(file, `${JSON.stringify(heard, null, 1)}\n`);
});

const signal = () => AbortSignal.timeout(10_000);

for (const layout of layouts) {
  const range = (query: Pick<RangeQuery, "metric" | "as" | "by">): Promise<Series[]> =>
    plugin.range({ ...query, ...period }, opened.get(layout)!.context, signal());
  const values = async (query: Pick<RangeQuery, "metric" | "as" | "by">) =>
    Object.fromEntries((await range(query)).map(({ labels, points }) => [
      Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(),
      points.map(([at, value]) => [(at - START) / STEP, Math.round(value * 1000) / 1000]),
    ]));

  s(`${layout}: counters of both replicas are summed, one that begins anew taken in`, async () => {
    assert.equal(await values({ metric: "headwind_updates_applied_total", as: "increase" }), {
      "": [[1, 0], [2, 5], [3, 4], [4, 0], [5, 0]],
    });
  });

  s(`${layout}: labels that stay apart, and a first value that is small is counted`, async () => {
    assert.equal(await values({ metric: "headwind_registry_requests_total", as: "increase", by: ["status"] }), {
      "status=200": [[1, 19], [2, 20], [3, 20], [4, 20], [5, 20]],
      "status=429": [[3, 1], [4, 0], [5, 0]],
    });
  });

  s(`${layout}: gauges are the greatest, at the end of each step`, async () => {
    assert.equal(await values({ metric: "headwind_queue_depth", as: "max" }), {
      "": [[1, 5], [2, 5], [3, 5], [4, 2], [5, 2]],
    });
    assert.equal(await values({ metric: "headwind_workloads_watched", as: "max", by: ["kind"] }), {
      "kind=deployment": [[1, 12], [2, 12], [3, 12], [4, 12], [5, 12]],
    });
  });

  s(`${layout}: parts of a histogram`, async () => {
    const histogram = "headwind_sighting_to_applied_seconds";
    const at = (value: number) => [[1, 0], [2, value], [3, 0], [4, 0], [5, 0]];
    assert.equal(await values({ metric: `${histogram}_bucket`, as: "increase", by: ["le"] }), {
      "le=+Inf": at(3),
      "le=0.5": at(1),
    });
    assert.equal(await values({ metric: `${histogram}_sum`, as: "increase" }), { "": at(4.5) });
    assert.equal(await values({ metric: `${histogram}_count`, as: "increase" }), { "": at(3) });
  });

  s(`${layout}: what is not there has no series`, async () => {
    assert.equal(await range({ metric: "headwind_never_heard_of", as: "max" }), []);
  });

  s(`${layout}: it knows a series of Headwind's, and tells what there is now`, async () => {
    const { context } = opened.get(layout)!;
    assert.is(await plugin.available(context, signal()), true);
    const samples = await plugin.current(context, signal());
    const value = (name: string, wanted: Record<string, string> = {}) =>
      samples.filter((sample) =>
        sample.name === name && Object.entries(wanted).every(([label, of]) => sample.labels[label] === of)
      ).map(({ value }) => value);
    assert.equal(value("headwind_updates_applied_total"), [23]);
    assert.equal(value("headwind_updates_pending"), [4]);
    assert.equal(value("headwind_odd", { text: 'a "quoted", one' }), [-0.5]);
    assert.equal(value("headwind_sighting_to_applied_seconds_bucket", { le: "+Inf" }), [3]);
    assert.equal(value("headwind_sighting_to_applied_seconds_sum"), [4.5]);
    for (const { name } of samples) assert.match(name, /^headwind_/);
  });

  s(`${layout}: InfluxData's own client reads the same of each answer`, async () => {
    const { before } = opened.get(layout)!;
    const client = new InfluxDB({ url: before.url, token: "a-token-of-the-tests" }).getQueryApi("headwind");
    const queries = Object.keys(binary ? heard[layout] : recorded[layout]);
    assert.ok(queries.length >= 8);
    for (const query of queries) {
      const csv = (binary ? heard : recorded)[layout][query]!;
      const theirs = await client.collectRows<Record<string, unknown>>(query);
      const ours = recordsOf(csv);
      assert.is(ours.length, theirs.length, query);
      const plain = (value: unknown) => value === Infinity ? "+Inf" : String(value);
      ours.forEach((record, index) => {
        for (const [name, value] of Object.entries(theirs[index]!)) {
          // of a query that says now() these are of the moment it was asked
          if (value === null || value === "" || name === "_start" || name === "_stop") continue;
          assert.is(
            typeof value === "number" ? plain(Number(record[name])) : record[name],
            plain(value),
            `${name} of ${query}`,
          );
        }
      });
    }
  });
}

s("a bucket, an organization or a metric cannot break out of a query", async () => {
  const { overTime } = await import("../../../plugins/metrics/influxdb/flux.ts");
  const text = overTime('a" |> yield() //\n${1+1}', { metric: "m", as: "max", ...period });
  assert.match(text, 'from(bucket: "a\\" |> yield() //\\n\\${1+1}")');
});

s.run();

import type { RequestListener } from "node:http";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hosted } from "../../conformance/hosted.ts";
import { hangs, startHanging } from "../../../scripts/testbed/hanging.ts";
import influxdb from "../../../plugins/metrics/influxdb.ts";
import { listening } from "../../support/listening.ts";
import type { MetricsContext, MetricsPlugin, Plugin, RangeQuery } from "../../../core/plugin.ts";
import prometheus from "../../../plugins/metrics/prometheus.ts";
import victoriametrics from "../../../plugins/metrics/victoriametrics.ts";

const s = suite("backends that answer what they should not");
const plugins = [prometheus, victoriametrics, influxdb] as MetricsPlugin[];
const query: RangeQuery = {
  metric: "headwind_queue_depth",
  as: "max",
  start: 1_700_000_100,
  end: 1_700_086_500,
  step: 300,
};
const secret = "a-token-of-the-tests";

/** What each plugin says of a backend that answers so. */
async function said(answer: RequestListener, work = range): Promise<Record<string, unknown>> {
  const server = await listening(answer);
  try {
    return await ofAll(server.url, work);
  } finally {
    server.stop();
  }
}

type Work = (plugin: MetricsPlugin, context: MetricsContext, signal: AbortSignal) => Promise<unknown>;
const range: Work = (plugin, context, signal) => plugin.range(query, context, signal);

async function ofAll(url: string, work: Work, ms = 10_000): Promise<Record<string, unknown>> {
  const all = await Promise.all(plugins.map(async (plugin) => {
    const { context, close } = hosted(plugin as Plugin);
    const place = { url, token: secret, org: "headwind", bucket: "metrics" };
    const given: MetricsContext = {
      ...context,
      exposition: () => Promise.resolve(""),
      remembered: () => Promise.resolve([]),
      place,
    };
    const told = await work(plugin, given, AbortSignal.timeout(ms)).catch((error: Error) => error.message);
    close();
    return [plugin.name, told] as const;
  }));
  return Object.fromEntries(all);
}

const json = (body: unknown, status = 200): RequestListener => (_, answer) => {
  answer.writeHead(status, { "content-type": "application/json" });
  answer.end(JSON.stringify(body));
};
const matrix = (result: unknown) => json({ status: "success", data: { resultType: "matrix", result } });
const csv = (text: string): RequestListener => (_, answer) => {
  answer.writeHead(200, { "content-type": "text/csv; charset=utf-8" });
  answer.end(text);
};

s("a page for people", async () => {
  const page: RequestListener = (_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" });
    answer.end("<!doctype html><title>Log in</title>");
  };
  assert.equal(await said(page), {
    prometheus: "Prometheus answered with what is not its API's",
    victoriametrics: "VictoriaMetrics answered with what is not its API's",
    influxdb: "InfluxDB answered with what is no CSV",
  });
});

s("a refusal, in its own words where it has some", async () => {
  assert.equal(await said(json({ status: "error", error: "too many samples", message: "too many rows" }, 422)), {
    prometheus: "Prometheus answered 422: too many samples",
    victoriametrics: "VictoriaMetrics answered 422: too many samples",
    influxdb: "InfluxDB answered 422: too many rows",
  });
  const none: RequestListener = (_, answer) => void answer.writeHead(503).end("<html>");
  assert.equal(Object.values(await said(none)), [
    "Prometheus answered 503",
    "VictoriaMetrics answered 503",
    "InfluxDB answered 503",
  ]);
  const long = Object.values(await said(json({ error: "x".repeat(1e6), message: "x".repeat(1e6) }, 500))) as string[];
  for (const words of long) assert.ok(words.length < 300);
});

s("a redirect is not followed", async () => {
  const away: RequestListener = (request, answer) => {
    assert.not.match(request.url!, "elsewhere");
    answer.writeHead(302, { location: "/elsewhere" }).end();
  };
  for (const words of Object.values(await said(away))) assert.match(String(words), / answered 302$/);
});

s("nothing at all, and an address where nobody is", async () => {
  const empty: RequestListener = (_, answer) => void answer.writeHead(200).end();
  assert.equal(await said(empty), {
    prometheus: "Prometheus answered with what is not its API's",
    victoriametrics: "VictoriaMetrics answered with what is not its API's",
    influxdb: [],
  });
  const cut: RequestListener = (request) => void request.socket.destroy();
  assert.equal(Object.values(await said(cut)), [
    "Prometheus cannot be reached",
    "VictoriaMetrics cannot be reached",
    "InfluxDB cannot be reached",
  ]);
});

s("a million points end in a sentence, and are not read to their end", async () => {
  let sent = 0;
  const points: RequestListener = (request, answer) => {
    const head = '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[';
    answer.writeHead(200, { "content-type": "application/json" });
    answer.write(head);
    const chunk = '[1700000100,"1"],'.repeat(10_000);
    const more = () => {
      while (sent < 1_000_000 && !request.socket.destroyed) {
        sent += 10_000;
        if (!answer.write(chunk)) return void answer.once("drain", more);
      }
      answer.end('[1700000100,"1"]]}]}}');
    };
    more();
  };
  for (const plugin of ["Prometheus", "VictoriaMetrics", "InfluxDB"]) {
    sent = 0;
    const told = await said(points, (one, ...given) => one.title === plugin ? range(one, ...given) : Promise.resolve());
    assert.is(told[plugin.toLowerCase()], `${plugin} answered with more than 4 MiB`);
    assert.ok(sent < 1_000_000, `${sent} points were read`);
  }
});

s("points without end in a short text end in a sentence, and are not made into objects", async () => {
  const { prometheus, victoriametrics } = await said((_, answer) => {
    answer.writeHead(200, { "content-type": "application/json" });
    const values = "[1,1],".repeat(500_000);
    answer.end(
      `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[${values}[1,1]]}]}}`,
    );
  });
  assert.is(prometheus, "Prometheus answered with more than 100000 lists and objects");
  assert.is(victoriametrics, "VictoriaMetrics answered with more than 100000 lists and objects");
});

s("NaN, infinity, times out of the range and what is no number are left out", async () => {
  const result = [
    {
      metric: { kind: "a" },
      values: [
        [1_700_000_100, "NaN"],
        [1_700_000_400, "+Inf"],
        [1_700_000_700, "many"],
        [1_700_001_000, "7"],
        [1_600_000_000, "1"],
        [1_900_000_000, "1"],
        ["1700001300", "1"],
        null,
      ],
    },
    { metric: { kind: "b" }, values: [[1_700_000_100, "NaN"]] },
    { values: [] },
    null,
    { metric: { kind: "c" } },
  ];
  const series = [{ labels: { kind: "a" }, points: [[1_700_001_000, 7]] }];
  const { prometheus, victoriametrics } = await said(matrix(result));
  assert.equal(prometheus, series);
  assert.equal(victoriametrics, series);
  const rows = [
    "#datatype,string,long,double,dateTime:RFC3339",
    ",result,table,_value,_time",
    ",_result,0,NaN,2023-11-14T22:15:00Z",
    ",_result,0,+Inf,2023-11-14T22:20:00Z",
    ",_result,0,many,2023-11-14T22:25:00Z",
    ",_result,0,7,2023-11-14T22:30:00Z",
    ",_result,0,1,2020-01-01T00:00:00Z",
    ",_result,0,1,never",
    ",_result",
  ];
  const { influxdb } = await said(csv(rows.join("\r\n")));
  assert.equal(influxdb, [{ labels: {}, points: [[1_700_001_000, 7]] }]);
});

s("an answer of another form than was asked for", async () => {
  const odd: RequestListener = (request, answer) =>
    (request.url!.includes("query_range")
      ? json({ status: "success", data: { resultType: "vector", result: [] } })
      : matrix([]))(request, answer);
  assert.equal(await said(odd), {
    prometheus: "Prometheus answered with no matrix",
    victoriametrics: "VictoriaMetrics answered with no matrix",
    influxdb: "InfluxDB answered with what is no CSV",
  });
  for (const data of [null, 7, {}, { resultType: "matrix", result: {} }]) {
    assert.is((await said(json({ status: "success", data }))).prometheus, "Prometheus answered with no matrix");
  }
});

s("a query of InfluxDB that fails half way is told in its words", async () => {
  const text = "#datatype,string,string\r\n,error,reference\r\n,the query ran out of memory,897\r\n";
  assert.is((await said(csv(text))).influxdb, "the query ran out of memory");
});

s("one that knows no series of Headwind's is not to be had", async () => {
  const empty: RequestListener = (request, answer) =>
    (request.method === "POST" ? csv("\r\n") : json({ status: "success", data: { resultType: "vector", result: [] } }))(
      request,
      answer,
    );
  const available: Work = (plugin, context, signal) => plugin.available(context, signal);
  assert.equal(await said(empty, available), { prometheus: false, victoriametrics: false, influxdb: false });
});

s("what hangs is let go in its time, and nothing of it is told that is secret", async () => {
  for (const hang of hangs) {
    const server = await startHanging(hang);
    const told = await ofAll(server.url, range, 500);
    for (const words of Object.values(told)) assert.not.match(JSON.stringify(words), secret);
    await server.stop();
  }
});

s("the token goes with each question, and none where there is none", async () => {
  const heard: (string | undefined)[] = [];
  const listen: RequestListener = (request, answer) => {
    heard.push(request.headers.authorization);
    answer.writeHead(404).end();
  };
  await said(listen);
  assert.equal(heard.sort(), [`Bearer ${secret}`, `Bearer ${secret}`, `Token ${secret}`]);
});

s.run();

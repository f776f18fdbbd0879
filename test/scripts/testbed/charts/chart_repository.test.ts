// runs on: deno, node
import { mkdtemp, rm } from "node:fs/promises";
import { request as askHttp } from "node:http";
import { request as askHttps } from "node:https";
import { Buffer } from "node:buffer";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { load } from "js-yaml";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ChartRepository, startChartRepository } from "../../../../scripts/testbed/charts/chart_repository.ts";
import { helm } from "../../../../scripts/testbed/charts/helm.ts";
import { makeCharts } from "../../../../scripts/testbed/charts/make_chart.ts";

const s = suite("chart repository");

let dir: string;
let archives: string[];
const running: ChartRepository[] = [];

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-chart-test-"));
  archives = await makeCharts([
    { name: "nginx", version: "1.0.0", appVersion: "1.27.1" },
    { name: "nginx", version: "1.1.0-rc.1", deprecated: true },
    { name: "redis", version: "2.0.0+build.7", values: { replicas: 3 } },
  ], dir);
});
s.after.each(async () => {
  for (const repository of running.splice(0)) await repository.stop();
});
s.after(() => rm(dir, { recursive: true, force: true }));

async function started(...options: Parameters<typeof startChartRepository>): Promise<ChartRepository> {
  const repository = await startChartRepository(...options);
  running.push(repository);
  await repository.publish(...archives);
  return repository;
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Buffer;
}

/** As it is on the wire, which `fetch` does not show. */
function ask(url: string, headers: Record<string, string> = {}, tls: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ask = url.startsWith("https") ? askHttps : askHttp;
    const asked = ask(url, { headers: { connection: "close", ...headers }, ...tls }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

interface Index {
  entries: Record<string, { version: string; appVersion: string; deprecated?: boolean; urls: string[] }[]>;
}
const indexOf = ({ body }: Answer): Index => load(body.toString()) as Index;

s("serves what was published under an index by helm, and helm pulls from it", async () => {
  const repository = await started();
  const { entries } = indexOf(await ask(`${repository.url}/index.yaml`));
  assert.equal(entries.nginx!.map(({ version }) => version), ["1.1.0-rc.1", "1.0.0"]);
  assert.equal([entries.nginx![0]!.deprecated, entries.nginx![1]!.appVersion], [true, "1.27.1"]);
  assert.equal(entries.redis![0]!.urls, ["redis-2.0.0+build.7.tgz"]);
  await helm(["pull", "redis", "--repo", repository.url, "--version", "^2", "--destination", dir], { home: dir });
  const { stdout } = await helm(["show", "values", archives[2]!], { home: dir });
  assert.equal(load(stdout), { image: { repository: "registry.example/redis", tag: "1.0.0" }, replicas: 3 });
  const [, index, chart] = repository.requests();
  assert.equal([index!.path, index!.status, index!.authorized], ["/index.yaml", 200, false]);
  assert.match(index!.agent, /^Helm\//);
  assert.is(decodeURIComponent(chart!.path), "/redis-2.0.0+build.7.tgz");
});

s("the index may be JSON, and may name archives by whole addresses", async () => {
  const repository = await started({ json: true, absoluteUrls: true });
  const { body } = await ask(`${repository.url}/index.yaml`);
  assert.equal((JSON.parse(body.toString()) as Index).entries.nginx![1]!.urls, [`${repository.url}/nginx-1.0.0.tgz`]);
});

s("asks for a login", async () => {
  const repository = await started({ login: { user: "ann", password: "secret" } });
  const url = `${repository.url}/index.yaml`;
  const login = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  assert.is((await ask(url)).status, 401);
  assert.is((await ask(url, login("ann:wrong"))).status, 401);
  assert.is((await ask(url, login("ann:secret"))).status, 200);
  assert.equal(repository.requests().map(({ status, authorized }) => [status, authorized]), [
    [401, false],
    [401, true],
    [200, true],
  ]);
});

s("answers 304 to who holds the same, until something is published", async () => {
  const repository = await started();
  const url = `${repository.url}/index.yaml`;
  const { headers } = await ask(url);
  const tag = { "if-none-match": `W/"other", ${headers.etag}` };
  const since = { "if-modified-since": `${headers["last-modified"]}` };
  const same = await ask(url, tag);
  assert.equal([same.status, same.body.length, same.headers.etag], [304, 0, headers.etag]);
  assert.is((await ask(url, since)).status, 304);
  assert.is((await ask(url, { ...since, "if-none-match": '"other"' })).status, 200);
  await repository.publish(...await makeCharts([{ name: "busybox", version: "1.0.0" }], dir));
  assert.is((await ask(url, tag)).status, 200);
  repository.behave({ validators: false });
  const plain = await ask(url, since);
  assert.equal([plain.status, plain.headers.etag, plain.headers["last-modified"]], [200, undefined, undefined]);
  assert.equal(repository.requests().map(({ conditional }) => conditional), [false, true, true, true, true, true]);
  repository.forget();
  assert.equal(repository.requests(), []);
});

s("compresses the index, with the header and without", async () => {
  const repository = await started({ gzip: "declared" });
  const url = `${repository.url}/index.yaml`;
  const plain = await ask(url);
  assert.is(plain.headers["content-encoding"], undefined);
  const declared = await ask(url, { "accept-encoding": "gzip" });
  assert.is(declared.headers["content-encoding"], "gzip");
  assert.equal(gunzipSync(declared.body), plain.body);
  repository.behave({ gzip: "undeclared" });
  const undeclared = await ask(url);
  assert.is(undeclared.headers["content-encoding"], undefined);
  assert.equal(gunzipSync(undeclared.body), plain.body);
});

s("sends all on to another origin", async () => {
  const repository = await started({ redirectTo: "http://localhost:9" });
  const { status, headers } = await ask(`${repository.url}/nginx-1.0.0.tgz`);
  assert.equal([status, headers.location], [302, "http://localhost:9/nginx-1.0.0.tgz"]);
});

s("is faulty in each way, and the archives are not", async () => {
  const repository = await started();
  const url = `${repository.url}/index.yaml`;
  const whole = (await ask(url)).body;
  repository.behave({ fault: "html" });
  const page = await ask(url);
  assert.equal([page.status, page.headers["content-type"]], [200, "text/html; charset=utf-8"]);
  assert.match(page.body.toString(), /^<!DOCTYPE html>/);
  repository.behave({ fault: "truncated" });
  assert.equal((await ask(url)).body, whole.subarray(0, whole.length >> 1));
  repository.behave({ fault: "cut" });
  await ask(url).then(() => assert.unreachable(), () => {});
  repository.behave({ fault: { status: 500 } });
  assert.is((await ask(url)).status, 500);
  repository.behave({ fault: { hugeBytes: 3_000_000 } });
  const huge = await ask(url);
  assert.ok(huge.body.length >= 3_000_000 && huge.body.length < 3_100_000, `${huge.body.length}`);
  assert.equal(huge.body.subarray(0, whole.length), whole);
  assert.is((await ask(`${repository.url}/nginx-1.0.0.tgz`)).status, 200);
  assert.is((await ask(`${repository.url}/nothing`)).status, 404);
  repository.behave({ fault: undefined });
  assert.equal((await ask(url)).body, whole);
});

s("a huge index stops when nobody reads it any more", async () => {
  const repository = await started({ fault: { hugeBytes: 1e12 } });
  const reading = new AbortController();
  const response = await fetch(`${repository.url}/index.yaml`, { signal: reading.signal });
  await response.body!.getReader().read();
  reading.abort();
  await repository.stop();
});

s("https: only with its authority, and with a client's certificate where that is asked for", async () => {
  const repository = await started({ tls: { clientCertificate: true } });
  const url = `${repository.url}/index.yaml`;
  assert.match(url, /^https:/);
  const { ca, client } = repository;
  const refused = (tls: object) => ask(url, {}, { agent: false, ...tls }).then(() => assert.unreachable(), () => {});
  await refused(client!);
  await refused({ ca });
  assert.equal(repository.requests(), []);
  assert.is((await ask(url, {}, { agent: false, ca, ...client })).status, 200);
});

s.run();

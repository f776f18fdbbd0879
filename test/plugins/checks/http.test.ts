import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { conformance } from "../../conformance/mod.ts";
import { freePort } from "../../../scripts/testbed/ports.ts";
import http from "../../../plugins/checks/http.ts";
import { startReceiver } from "../../conformance/receiver.ts";
import { type Listening, listening } from "../../support/listening.ts";
import { type AskedCheck, askedCheck } from "./asked.ts";

const s = suite("check http");

let server: Listening;
let base: string;
let check: AskedCheck;
const env = { HEADWIND_CHECK_HTTP_HOSTS: "127.0.0.1, *.invalid" };
const asked: { path: string; port: number; agent: string }[] = [];
/** Resolves when the client has closed the connection of an answer that never ends. */
let left: Promise<void>;

s.before(async () => {
  server = await listening(answer);
  base = server.url;
});
s.after(() => server.stop());
s.before.each(() => {
  asked.length = 0;
  check = askedCheck(http, { env });
});
s.after.each(() => check.close());

/** `/503` answers 503, `/moved` leads to `/503`, `/silent` says nothing, `/endless` never stops. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url!.split("?")[0]!;
  asked.push({ path, port: request.socket.remotePort!, agent: request.headers["user-agent"]! });
  if (path === "/silent" || path === "/endless") {
    left = new Promise((resolve) => response.on("close", resolve));
  }
  if (path === "/silent") return;
  if (path === "/endless") {
    response.writeHead(200);
    const more = setInterval(() => response.write("x".repeat(10_000)), 5);
    return void response.on("close", () => clearInterval(more));
  }
  if (path === "/moved") return void response.writeHead(302, { location: "/503" }).end("moved");
  response.writeHead(Number(path.slice(1))).end("a body");
}

const at = (path: string, more: Record<string, string> = {}) =>
  check.read({
    "check-http": base + path,
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [`check-http-${name}`, value])),
  });

s("200 to 399 is wanted where nothing is said", async () => {
  assert.equal(await at("/200"), { state: "ok", message: `${base}/200 answers as wanted` });
  assert.is((await at("/304")).state, "ok");
  assert.equal(await at("/404"), { state: "failing", message: `${base}/404 answered 404, and 200-399 is wanted` });
  assert.is((await at("/500")).state, "failing");
});

s("ranges and single statuses", async () => {
  const cases: [status: string, wanted: string, state: string][] = [
    ["200", "200-299", "ok"],
    ["299", "200-299", "ok"],
    ["304", "200-299", "failing"],
    ["204", "200,204", "ok"],
    ["201", "200,204", "failing"],
    ["404", "404", "ok"],
    ["503", " 200 - 204 , 503 ", "ok"],
  ];
  for (const [status, wanted, state] of cases) {
    assert.is((await at(`/${status}`, { status: wanted })).state, state, `${status} of ${wanted}`);
  }
  assert.match((await at("/503", { status: "200-299,404" })).message, "answered 503, and 200-299, 404 is wanted");
});

s("a redirect is an answer, and is not followed", async () => {
  assert.is((await at("/moved")).state, "ok");
  assert.is((await at("/moved", { status: "200" })).state, "failing");
  assert.equal(asked.map(({ path }) => path), ["/moved", "/moved"]);
});

s("each reading is asked over a connection of its own, by name", async () => {
  for (let times = 0; times < 3; times++) await at("/200");
  assert.is(new Set(asked.map(({ port }) => port)).size, 3);
  assert.is(asked[0]!.agent, "headwind");
});

s("a body is not read to its end, and its connection is let go at once", async () => {
  assert.is((await at("/endless", { timeout: "10" })).state, "ok");
  const begun = performance.now();
  await left;
  assert.ok(performance.now() - begun < 5_000);
});

s("no answer in time fails, and lets the connection go", async () => {
  const begun = performance.now();
  assert.equal(await at("/silent", { timeout: "0.2" }), {
    state: "failing",
    message: `${base}/silent cannot be asked`,
  });
  assert.ok(performance.now() - begun < 3_000);
  await left;
});

s("who ends the readings gets his reason, not a failure", async () => {
  const reason = new Error("the operator stops");
  const reading = at("/silent").then(() => undefined, (error: unknown) => error);
  while (asked.length === 0) await new Promise((done) => setTimeout(done, 5));
  check.abort(reason);
  assert.is(await reading, reason);
  await left;
});

s("nobody there, no answer, no HTTP and a name that is not known are told alike, without the query", async () => {
  const closed = `http://127.0.0.1:${await freePort()}/healthz`;
  assert.equal(await check.read({ "check-http": `${closed}?token=hidden` }), {
    state: "failing",
    message: `${closed} cannot be asked`,
  });
  const rude = createSocketServer((socket) => void socket.end("220 no HTTP here\r\n"));
  await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
  const open = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/`;
  assert.equal(await check.read({ "check-http": open }), { state: "failing", message: `${open} cannot be asked` });
  rude.close();
  assert.equal(await check.read({ "check-http": "http://web.shop.invalid/?token=hidden" }), {
    state: "failing",
    message: "http://web.shop.invalid/ cannot be asked",
  });
  assert.not.match((await at("/500?token=hidden")).message, "hidden");
});

s("only Services of the workload's namespace are asked, by their whole name, and hosts that are allowed", async () => {
  const cases: [host: string, asked: string | undefined, settings?: Record<string, string>][] = [
    ["web", "web.shop.svc.cluster.local"],
    ["web:8080", "web.shop.svc.cluster.local:8080"],
    ["web.shop", "web.shop.svc.cluster.local"],
    ["WEB.shop.svc", "web.shop.svc.cluster.local"],
    ["web.shop.svc.cluster.local.", "web.shop.svc.cluster.local"],
    ["web.shop.svc", "web.shop.svc.corp.example", { HEADWIND_CLUSTER_DOMAIN: "corp.example" }],
    ["status.example.com", "status.example.com", { HEADWIND_CHECK_HTTP_HOSTS: "other, *.example.com" }],
    ["web.bank:81", "web.bank:81", { HEADWIND_CHECK_HTTP_HOSTS: "web.bank:81" }],
    ["web.bank:82", undefined, { HEADWIND_CHECK_HTTP_HOSTS: "web.bank:81" }],
    ["example.com.evil.org", undefined, { HEADWIND_CHECK_HTTP_HOSTS: "*.example.com,example.com" }],
    ["x.examplescom", undefined, { HEADWIND_CHECK_HTTP_HOSTS: "x.example.com,*.com" }],
    ...[
      ...["web.bank", "web.bank.svc", "web.bank.svc.cluster.local", "web.shop.svc.cluster", "web.shop.svc.evil.org"],
      ...["localhost", "localhost:9090", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0"],
      ...[
        "kubernetes.default.svc",
        "169.254.169.254",
        "example.com",
        "headwind-api.headwind-system:8081",
        "web.shop.pod",
      ],
    ].map((host) => [host, undefined] as [string, undefined]),
  ];
  for (const [host, wanted, settings = {}] of cases) {
    const urls: string[] = [];
    const fetchNamed = async (url: string) => {
      urls.push(url);
      return new Response();
    };
    const { read, close } = askedCheck(http, { env: settings, fetchNamed });
    const { state, message } = await read({ "check-http": `http://${host}/healthz?deep=1` });
    close();
    assert.equal(urls, wanted === undefined ? [] : [`http://${wanted}/healthz?deep=1`], host);
    assert.is(state, wanted === undefined ? "failing" : "ok");
    if (wanted === undefined) {
      assert.match(message, /^\S+ is no Service of namespace shop, and HEADWIND_CHECK_HTTP_HOSTS/);
    }
  }
  assert.throws(
    () => askedCheck(http, { env: { HEADWIND_CHECK_HTTP_HOSTS: "https://x/" } }),
    /HEADWIND_CHECK_HTTP_HOSTS/,
  );
});

s("annotations that cannot be read are named, their values are not told", async () => {
  const cases: [name: string, value: string, said: string][] = [
    ["check-http", "web:8080/healthz", "headwind.sh/check-http: a URL with http or https"],
    ["check-http", "file:///etc/passwd", "headwind.sh/check-http: a URL with http or https"],
    ["check-http", "http://user:hidden@web/", "headwind.sh/check-http: a URL with http or https, without user"],
    ["check-http", "", "headwind.sh/check-http: a URL"],
    ["check-http-status", "2xx", "headwind.sh/check-http-status: statuses such as"],
    ["check-http-status", "299-200", "headwind.sh/check-http-status: statuses such as"],
    ["check-http-status", "200,,204", "headwind.sh/check-http-status: statuses such as"],
    ["check-http-status", "600", "headwind.sh/check-http-status: statuses such as"],
    ["check-http-timeout", "soon", "headwind.sh/check-http-timeout: a number of seconds"],
    ["check-http-timeout", "0", "headwind.sh/check-http-timeout: more than 0"],
    ["check-http-timeout", "11", "headwind.sh/check-http-timeout: more than 0 and at most 10 s"],
  ];
  for (const [name, value, said] of cases) {
    const { state, message } = await check.read({ "check-http": `${base}/200`, [name]: value });
    assert.is(state, "failing", `${name}: ${value}`);
    assert.match(message, said);
    assert.not.match(message, "hidden");
  }
  assert.is(asked.length, 0);
  assert.is((await at("/200", { timeout: "2s" })).state, "ok");
});

let silent = false;
/** Answers the status that is the first part of the path. */
const receiver = await startReceiver(({ path }) => silent ? "hang" : parseInt(path.slice(1)));
const { origin } = new URL(receiver.url);
const conforms = conformance(http, {
  env,
  secrets: ["tk_4f1c9a2b3d"],
  readings: {
    "a status that is wanted": { annotations: { "check-http": `${origin}/200?token=tk_4f1c9a2b3d` }, says: "ok" },
    "another": { annotations: { "check-http": `${origin}/503?token=tk_4f1c9a2b3d` }, says: "failing" },
    "one that is wanted here": {
      annotations: { "check-http": `${origin}/404`, "check-http-status": "400-404" },
      says: "ok",
    },
  },
  unreadable: {
    "no URL": { annotations: { "check-http": "web:8080/healthz" }, names: "check-http" },
    "a URL with a password": { annotations: { "check-http": "http://ann:secret@web/" }, names: "check-http" },
    "no status": { annotations: { "check-http": origin, "check-http-status": "fine" }, names: "check-http-status" },
    "nothing to ask": { annotations: { "check-http-timeout": "3.25" }, names: "check-http-timeout" },
  },
  silence: (on) => void (silent = on),
});
conforms.after(receiver.stop);

s.run();
conforms.run();

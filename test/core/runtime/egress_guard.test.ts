import * as assert from "uvu/assert";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { suite } from "uvu";
import {
  type Address,
  createAddressGuard,
  type GuardOptions,
  LOOPBACK,
  parseRange,
  rangesOf,
  REFUSED,
  RefusedAddress,
} from "../../../core/runtime/egress_guard.ts";
import { createFetch, type Fetcher } from "../../../core/runtime/fetch.ts";

const s = suite("addresses that workloads name");

let server: Server;
let port: number;
const asked: { url: string; host: string; body: string }[] = [];
const fetchers: Fetcher[] = [];

s.before(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    asked.push({ url: request.url!, host: request.headers.host!, body });
    if (request.url === "/silent") return;
    if (request.url === "/moved") return void response.writeHead(302, { location: "http://127.0.0.9/" }).end();
    response.writeHead(request.url === "/304" ? 304 : 200, { "x-two": ["a", "b"] }).end("answer");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
s.before.each(() => void (asked.length = 0));
s.after(() => {
  for (const { close } of fetchers) close();
  server.close();
  server.closeAllConnections();
});

const v4 = (...addresses: string[]): Address[] => addresses.map((address) => ({ address, family: 4 }));
const strict = { loopback: false, allowed: [], endpoints: [] };

function guard(options: Partial<GuardOptions> = {}) {
  return createAddressGuard({ ...strict, lookup: () => Promise.reject(new Error("ENOTFOUND")), ...options });
}
function ask(options: Partial<GuardOptions>, url: string, init?: RequestInit) {
  const fetcher = createFetch({ guard: guard(options) });
  fetchers.push(fetcher);
  return fetcher.fetch(url, init);
}
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(() => assert.unreachable("it was asked"), (error) => error) as Promise<Error>;

s("an address that is refused is not asked, however it is written", async () => {
  const hosts = [
    ...["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "[::ffff:127.0.0.1]", "[::1]", "[::]", "0"],
    ...["169.254.169.254", "[fe80::1]", "[64:ff9b::7f00:1]", "224.0.0.1"],
  ];
  for (const host of hosts) {
    const error = await failure(ask({}, `http://${host}:${port}/`));
    assert.instance(error, RefusedAddress, `${host}: ${error}`);
  }
  assert.is(asked.length, 0);
});

s("nor one that a name leads to, even beside others", async () => {
  for (const addresses of [["127.0.0.1"], ["192.0.2.1", "127.0.0.1"]]) {
    const lookup = () => Promise.resolve(v4(...addresses));
    for (const protocol of ["http", "https"]) {
      const error = await failure(ask({ lookup }, `${protocol}://registry.example.:${port}/`));
      assert.instance(error, RefusedAddress);
    }
  }
  assert.is(asked.length, 0);
});

s("an exception is asked, at the address that was looked at, by the name that was given", async () => {
  const lookups: string[] = [];
  const lookup = (name: string) => {
    lookups.push(name);
    // what it leads to from the second time on
    return Promise.resolve(v4(lookups.length === 1 ? "127.0.0.1" : "127.0.0.2"));
  };
  const options = { lookup, allowed: ["127.0.0.1"] };
  const answer = await ask(options, `http://registry.example:${port}/v2/?n=1`);
  assert.is(await answer.text(), "answer");
  assert.is(answer.headers.get("x-two"), "a, b");
  assert.equal(asked, [{ url: "/v2/?n=1", host: `registry.example:${port}`, body: "" }]);
  assert.equal(lookups, ["registry.example"]);
});

s("a form is sent, a redirect is given as it is, an answer may be bare", async () => {
  const options = { lookup: () => Promise.resolve(v4("127.0.0.1")), loopback: true };
  const at = (path: string, init?: RequestInit) => ask(options, `http://registry.example:${port}${path}`, init);
  const form = new URLSearchParams({ grant_type: "refresh_token" });
  assert.is((await at("/token", { method: "POST", body: form })).status, 200);
  assert.is(asked[0]!.body, "grant_type=refresh_token");
  const moved = await at("/moved");
  assert.equal([moved.status, moved.headers.get("location")], [302, "http://127.0.0.9/"]);
  await moved.body?.cancel();
  assert.is((await at("/304")).body, null);
  const direct = await ask({ loopback: true }, `http://127.0.0.1:${port}/moved`);
  assert.is(direct.status, 302);
  await direct.body?.cancel();
});

s("the caller's signal ends what it asks, and a resolver that hangs", async () => {
  const reason = new Error("given up");
  const ended = (options: Partial<GuardOptions>) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    return failure(ask(options, `http://registry.example:${port}/silent`, { signal: controller.signal }));
  };
  assert.is(await ended({ loopback: true, lookup: () => Promise.resolve(v4("127.0.0.1")) }), reason);
  assert.is(await ended({ lookup: () => new Promise(() => {}) }), reason);
  const lookup = (name: string) =>
    name === "kubernetes.example" ? new Promise<never>(() => {}) : Promise.resolve(v4("192.0.2.1"));
  assert.is(await ended({ lookup, endpoints: [{ host: "kubernetes.example", port }] }), reason);
});

s("the API server and the operator's own ports are refused, also where their addresses are an exception", async () => {
  const endpoints = [{ host: "kubernetes.example", port: 6443 }, { host: "127.0.0.1", port: 9090 }];
  const lookup = (name: string) => Promise.resolve(v4(name === "other.example" ? "10.96.0.2" : "10.96.0.1"));
  const { check } = guard({ endpoints, lookup, allowed: ["127.0.0.0/8", "10.0.0.0/8"] });
  const refused = async (url: string) => await failure(check(new URL(url))) instanceof RefusedAddress;
  for (
    const url of [
      ...[
        "https://kubernetes.example:6443/",
        "https://10.96.0.1:6443",
        "https://[::ffff:10.96.0.1]:6443",
        "https://alias.example:6443",
      ],
      ...["http://127.0.0.1:9090/metrics", "http://2130706433:9090"],
    ]
  ) assert.ok(await refused(url), url);
  for (const url of ["https://10.96.0.1/", "https://other.example:6443", "http://127.0.0.1:9091/"]) {
    assert.ok((await check(new URL(url))).addresses.length > 0, url);
  }
});

s("a name is looked up once in ten seconds, and again after a failure", async () => {
  let now = 0;
  let lookups = 0;
  const lookup = () => ++lookups === 1 ? Promise.reject(new Error("SERVFAIL")) : Promise.resolve(v4("192.0.2.1"));
  const { check } = guard({ lookup, now: () => now });
  const url = new URL("https://registry.example/");
  assert.is((await failure(check(url))).message, "SERVFAIL");
  for (let times = 0; times < 3; times++) await check(url);
  assert.is(lookups, 2);
  now = 10_000;
  await check(url);
  assert.is(lookups, 3);
});

s("a name that only a proxy can resolve is left to it", async () => {
  const { check } = guard({ proxied: true });
  assert.equal(await check(new URL("https://registry.example/")), { addresses: [], named: false });
  assert.instance(await failure(check(new URL("http://127.0.0.1/"))), RefusedAddress);
});

s("a question that was given up says nothing of its name to the next, before a proxy neither", async () => {
  let answer = (_: Address[]) => {};
  const { check } = guard({ proxied: true, lookup: () => new Promise((resolve) => answer = resolve) });
  const url = new URL("https://registry.example/");
  const reason = new Error("given up");
  const asked = new AbortController();
  const first = failure(check(url, asked.signal));
  asked.abort(reason);
  assert.is(await first, reason);
  answer(v4("169.254.169.254"));
  assert.instance(await failure(check(url)), RefusedAddress);
});

s("one is read, or it is none", () => {
  assert.equal(parseRange("10.0.0.0/8"), { address: "10.0.0.0", prefix: 8, family: "ipv4" });
  assert.equal(parseRange("fd00::1"), { address: "fd00::1", prefix: 128, family: "ipv6" });
  for (
    const text of ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "example.com", "10.0.0.0/-1"]
  ) assert.is(parseRange(text), undefined, text);
  assert.throws(() => rangesOf(["here"]), /here is no address/);
});

s("an IPv4 address is found within IPv6 too", () => {
  const has = rangesOf(["127.0.0.0/8"]);
  for (
    const one of [
      "127.0.0.1",
      "127.255.0.9",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "64:ff9b::7f00:1",
      "64:ff9b:1::7f00:1",
    ]
  ) assert.ok(has(one), one);
  for (const one of ["128.0.0.1", "::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "7f00::1"]) assert.not(has(one), one);
});

s("what no workload may have asked", () => {
  const refused = rangesOf(REFUSED);
  const addresses = [
    ...["0.0.0.0", "::", "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1", "febf::1"],
    ...[
      "224.0.0.1",
      "255.255.255.255",
      "ff02::1",
      "100.100.100.200",
      "168.63.129.16",
      "fd00:ec2::254",
      "fd20:ce::254",
      "fd00:c1::a9fe:a9fe",
      "2002:7f00:1::",
    ],
  ];
  for (const one of addresses) assert.ok(refused(one), one);
  for (const one of ["10.0.0.1", "192.168.1.1", "8.8.8.8", "fd00::1", "2001:db8::1", "127.0.0.1", "::1"]) {
    assert.not(refused(one), one);
  }
  const loopback = rangesOf(LOOPBACK);
  for (const one of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]) assert.ok(loopback(one), one);
});

s.run();

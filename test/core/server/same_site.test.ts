import * as assert from "uvu/assert";
import { suite } from "uvu";
import { BadRequest } from "../../../core/server/http_errors.ts";
import { requireKnownHost, requireSameSite } from "../../../core/server/same_site.ts";

const s = suite("writes of one's own site");
const json = { "content-type": "application/json" };
const host = { host: "headwind.example:8081" };

function said(act: () => void): [number, string | undefined] | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    assert.instance(error, BadRequest);
    return [(error as BadRequest).status, (error as BadRequest).field];
  }
}
const write = (headers: Record<string, string>, body?: string, hosts: string[] = []) =>
  said(() =>
    requireSameSite(
      new Request("http://localhost/", { method: "POST", headers, ...(body === undefined ? {} : { body }) }),
      hosts,
    )
  );

const forms = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];
for (const type of [...forms, "application/jsonp", "application/json-patch+json", ""]) {
  s(`a form, or what is no JSON: ${type}`, () => {
    assert.equal(write({ ...host, "content-type": type }, "{}"), [415, "Content-Type"]);
    assert.equal(write({ ...host, "content-type": type }), [415, "Content-Type"]);
  });
}

s("JSON, and no body at all where no browser asks", () => {
  assert.is(write({ ...host, ...json }, "{}"), undefined);
  assert.is(write({ ...host, "content-type": "application/json; charset=utf-8" }), undefined);
  assert.is(write(host), undefined);
  assert.equal(write({ ...host, "sec-fetch-site": "same-origin" }), [415, "Content-Type"]);
});

for (const site of ["cross-site", "same-site", "else"]) {
  s(`a page of another site: ${site}`, () => {
    assert.equal(write({ ...host, ...json, "sec-fetch-site": site }, "{}"), [403, "Sec-Fetch-Site"]);
  });
}

s("a page of its own", () => {
  for (const site of ["same-origin", "none"]) {
    assert.is(write({ ...host, ...json, "sec-fetch-site": site, origin: "https://seen.example" }, "{}"), undefined);
  }
  assert.is(write({ ...host, ...json, origin: "http://headwind.example:8081" }, "{}"), undefined);
});

s("a still older one says only which page its form stands on", () => {
  for (const referer of ["https://evil.example/a", "http://headwind.example/", "nonsense"]) {
    assert.equal(write({ ...host, ...json, referer }, "{}"), [403, "Referer"], referer);
  }
  assert.is(write({ ...host, ...json, referer: "http://headwind.example:8081/updates" }, "{}"), undefined);
  assert.is(write({ ...host, ...json, referer: "https://seen.example/updates" }, "{}", ["seen.example"]), undefined);
});

s("an older browser says only where its page is from", () => {
  for (const origin of ["null", "https://evil.example", "http://headwind.example", "nonsense", ""]) {
    assert.equal(write({ ...host, ...json, origin }, "{}"), [403, "Origin"], origin);
  }
  assert.is(write({ ...host, ...json, origin: "https://seen.example" }, "{}", ["seen.example"]), undefined);
});

const ask = (host: string, hosts: string[] = []) =>
  said(() => requireKnownHost(new Request("http://localhost/", { headers: { host } }), hosts));
const known = [
  ...["127.0.0.1:8081", "10.0.0.1", "[::1]:8081", "localhost:8081", "headwind", "headwind-api.headwind-system.svc"],
  ...["headwind-api.headwind-system.svc.cluster.local:8081", "a.localhost"],
];
for (const host of known) s(`a name of its own: ${host}`, () => assert.is(ask(host), undefined));
for (const host of ["evil.example", "127.0.0.1.evil.example", "a.svc.evil.example:8081", "a/../b?x", "a b", ""]) {
  s(`a name that leads here: ${JSON.stringify(host)}`, () => assert.equal(ask(host), [403, "Host"]));
}
s("a name in the settings", () => assert.is(ask("Headwind.example:8081", ["headwind.example"]), undefined));

s.run();

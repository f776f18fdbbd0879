import { suite } from "uvu";
import * as assert from "uvu/assert";
import { harness } from "./api_harness.ts";
import type { Decision, UpdateRequest } from "../../../core/requests/update_request.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("approval API");
const sentence = sentencesOf(s, import.meta.url);
const base = "/api/v1/updates";

async function told(answer: Response): Promise<Record<string, unknown>> {
  assert.match(answer.headers.get("content-type") ?? "", "application/json");
  return await answer.json() as Record<string, unknown>;
}

const lists: [string, string][] = [
  ["", "everywhere"],
  ["?namespace=default", "default"],
  ["?namespace=prod", "prod"],
  ["?namespace=", "everywhere"],
  ["?other=x", "everywhere"],
];
for (const [query, namespace] of lists) {
  s(`lists what waits ${query}`, async () => {
    const { fetch, asked } = harness();
    const answer = await fetch("GET", base + query);
    assert.is(answer.status, 200);
    const names = (await answer.json() as UpdateRequest[]).map(({ metadata }) => metadata.name);
    assert.equal(names, namespace === "prod" ? [] : ["a"]);
    assert.equal(asked, [`pending ${namespace}`]);
  });
}

s("a page has no more than a few megabytes, and says where it goes on", async () => {
  const waiting = Array.from(
    { length: 9 },
    (_, at) => requestOf({ name: `r${at}`, phase: "Pending", message: "x".repeat(1 << 19) }),
  );
  const { fetch } = harness({ waiting });
  const names: string[] = [];
  const sizes: number[] = [];
  for (let next: string | undefined = base; next !== undefined;) {
    const answer: Response = await fetch("GET", next);
    assert.match(answer.headers.get("content-type")!, /^application\/json/);
    const page = await answer.json() as UpdateRequest[];
    names.push(...page.map(({ metadata }) => metadata.name));
    sizes.push(page.length);
    next = /^<([^>]*)>; rel="next"$/.exec(answer.headers.get("link") ?? "")?.[1];
  }
  assert.equal(names, waiting.map(({ metadata }) => metadata.name));
  assert.equal(sizes, [3, 3, 3]);
});

s("one request, as it is stored", async () => {
  const { fetch } = harness();
  const answer = await fetch("GET", `${base}/default/a`);
  assert.is(answer.status, 200);
  const { kind, metadata, spec } = await told(answer) as unknown as UpdateRequest;
  assert.equal([kind, metadata.name, spec.newImage], ["UpdateRequest", "a", "app:1.1.0"]);
});

s("what waits says what for, and what is finished does not", async () => {
  const { fetch } = harness();
  const waits = async (path: string) => (await (await fetch("GET", base + path)).json());
  assert.is((await waits("/default/a")).waits.for, "Headwind");
  assert.is((await waits(""))[0].waits.for, "Headwind");
  assert.is((await waits("/default/done")).waits, undefined);
});

s("no answer has the managed fields, and each has the rest", async () => {
  const { fetch } = harness();
  const list = await (await fetch("GET", base)).json() as UpdateRequest[];
  const others = [["GET", "a"], ["POST", "a/approve"], ["POST", "a/reject"]] as const;
  const ones = await Promise.all(others.map(async ([method, path]) => {
    return await (await harness().fetch(method, `${base}/default/${path}`)).json() as UpdateRequest;
  }));
  for (const { metadata } of [...list, ...ones]) {
    const fields = ["creationTimestamp", "name", "namespace", "resourceVersion", "uid"];
    assert.equal(Object.keys(metadata).sort(), fields);
  }
});

// deno-fmt-ignore
const decisions: { verb: string; body?: string; decision: Decision }[] = [
  { verb: "approve", decision: { approved: true, by: "api", via: "api" } },
  { verb: "approve", body: "{}", decision: { approved: true, by: "api", via: "api" } },
  { verb: "approve", body: '{"approver":"ann@example.com"}', decision: { approved: true, by: "ann@example.com", via: "api" } },
  { verb: "approve", body: '{"approver":"ann","reason":"x"}', decision: { approved: true, by: "ann", via: "api", reason: "x" } },
  { verb: "reject", decision: { approved: false, by: "api", via: "api" } },
  { verb: "reject", body: '{"approver":"ann","reason":"too new"}', decision: { approved: false, by: "ann", via: "api", reason: "too new" } },
  { verb: "reject", body: '{"reason":""}', decision: { approved: false, by: "api", via: "api", reason: "" } },
];
for (const { verb, body, decision } of decisions) {
  s(`${verb} with ${body ?? "no body"}`, async () => {
    const { fetch, decided, lines } = harness();
    const answer = await fetch("POST", `${base}/default/a/${verb}`, body);
    assert.is(answer.status, 200);
    assert.equal(((await told(answer)).spec as UpdateRequest["spec"]).decision, decision);
    assert.equal(decided(), [decision]);
    assert.equal(lines.map(({ message, fields }) => [message, fields.updateRequest, fields.by]), [
      [`update ${verb === "approve" ? "approved" : "rejected"}`, "default/a", decision.by],
    ]);
  });
}

const [approve, reject] = [`${base}/default/a/approve`, `${base}/default/a/reject`];
const long = "x".repeat(1025);
const refused: { what: string; call: [string, string, string?]; status: number; field?: string }[] = [
  { what: "there is none", call: ["GET", `${base}/default/b`], status: 404 },
  { what: "there is none to approve", call: ["POST", `${base}/default/b/approve`], status: 404 },
  { what: "there is none to reject", call: ["POST", `${base}/prod/a/reject`], status: 404 },
  { what: "finished", call: ["POST", `${base}/default/done/approve`], status: 409 },
  { what: "decided", call: ["POST", `${base}/default/said/reject`], status: 409 },
  { what: "no JSON", call: ["POST", approve, "{"], status: 400, field: "body" },
  { what: "a form's text", call: ["POST", approve, "approver=ann"], status: 400, field: "body" },
  { what: "null", call: ["POST", approve, "null"], status: 400, field: "body" },
  { what: "a list", call: ["POST", reject, "[]"], status: 400, field: "body" },
  { what: "a number for a name", call: ["POST", approve, '{"approver":1}'], status: 400, field: "approver" },
  { what: "no name", call: ["POST", approve, '{"approver":""}'], status: 400, field: "approver" },
  { what: "a long name", call: ["POST", reject, `{"approver":"${long}"}`], status: 400, field: "approver" },
  { what: "an object for a reason", call: ["POST", reject, '{"reason":{}}'], status: 400, field: "reason" },
  { what: "a long reason", call: ["POST", reject, `{"reason":"${long}"}`], status: 400, field: "reason" },
  { what: "a large body", call: ["POST", reject, " ".repeat((1 << 20) + 1)], status: 413, field: "body" },
  { what: "a namespace that is none", call: ["GET", `${base}/De_fault/a`], status: 400, field: "namespace" },
  { what: "a name that is none", call: ["GET", `${base}/default/a%2F..%2Fb`], status: 400, field: "name" },
  { what: "a way out of a name", call: ["POST", `${base}/default/..%2Fsecrets/approve`], status: 400, field: "name" },
  { what: "a long name of an object", call: ["GET", `${base}/default/${"a".repeat(254)}`], status: 400, field: "name" },
  { what: "a way out of a namespace", call: ["GET", `${base}?namespace=..`], status: 400, field: "namespace" },
  { what: "an unknown route", call: ["GET", "/api/v1/other"], status: 404 },
  { what: "another method", call: ["DELETE", `${base}/default/a`], status: 405 },
  { what: "a decision by GET", call: ["GET", approve], status: 405 },
];
for (const { what, call, status, field } of refused) {
  s(`${what}: ${status}${field ? `, ${field} is named` : ""}`, async () => {
    const { fetch, decided, asked } = harness();
    const answer = await fetch(...call);
    assert.is(answer.status, status);
    const { error, ...rest } = await told(answer);
    sentence(what, String(error));
    assert.equal(rest, field ? { field } : {});
    assert.equal(decided(), []);
    if (field) assert.equal(asked, []);
  });
}

s("what a page of another site makes a browser send decides nothing", async () => {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const page = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  const sent: [Record<string, string>, string, number][] = [
    [type, "approver=ann", 415],
    [{ ...type, ...page }, "approver=ann", 403],
    [{ "content-type": "text/plain", ...page }, "{}", 403],
    [page, "{}", 403],
    [{ host: "evil.example" }, "{}", 403],
  ];
  for (const [headers, body, status] of sent) {
    const { fetch, decided } = harness();
    assert.is((await fetch("POST", approve, body, headers)).status, status);
    assert.equal(decided(), []);
  }
});

const calls: [string, string][] = [["GET", base], ["GET", `${base}/default/a`], ["POST", approve], ["POST", reject]];
const faults: [string, Error, number, string | null][] = [
  ["no API server", new KubeError(0, "ConnectionFailed", "inner"), 503, "5"],
  ["an API server that asks to wait", new KubeError(429, "", "inner", { retryAfterSeconds: 9 }), 503, "9"],
  ["no rights", new KubeError(403, "Forbidden", "inner"), 503, "5"],
  ["a fault of ours", new TypeError("inner"), 500, null],
];
for (const [what, error, status, retryAfter] of faults) {
  s(`${what}: ${status} on every route, without details, which the log has`, async () => {
    for (const [method, path] of calls) {
      const one = harness();
      one.fault = error;
      const answer = await one.fetch(method, path);
      assert.is(answer.status, status, path);
      assert.is(answer.headers.get("retry-after"), retryAfter);
      assert.not.match(await answer.text(), "inner");
      assert.equal(one.lines.map(({ fields }) => fields.error), [error]);
    }
  });
}

s("each route answers another method by 405 and those that it has", async () => {
  const allowed = async (method: string, path: string) => {
    const answer = await harness().fetch(method, `/api/v1/${path}`);
    return [answer.status, answer.headers.get("allow")];
  };
  const place = "default/web/app";
  for (const path of ["updates/default/a/approve", "updates/default/a/reject", `hold/${place}`, `resume/${place}`]) {
    for (const method of ["GET", "PUT", "DELETE"]) assert.equal(await allowed(method, path), [405, "POST"], path);
  }
  assert.equal(await allowed("GET", `rollback/${place}`), [405, "POST"]);
  assert.equal(await allowed("PUT", "rollback/default/web"), [405, "GET, POST, HEAD"]);
  assert.equal(await allowed("POST", "updates"), [405, "GET, HEAD"]);
  assert.equal(await allowed("GET", "updates/default/a/approve/more"), [404, null]);
});

s("a point in a route's path stands for a point alone", async () => {
  assert.is((await harness().fetch("GET", "/openapiXjson")).status, 404);
  assert.is((await harness().fetch("PUT", "/openapi.json")).status, 405);
});

for (const action of ["approve", "reject"] as const) {
  s(`${action} answers with what it did`, async () => {
    const answer = await harness().fetch("POST", `/api/v1/updates/default/a/${action}`, '{"approver":"ann"}');
    const { done, spec } = await answer.json() as { done: Record<string, unknown>; spec: Record<string, unknown> };
    assert.is(answer.status, 200);
    assert.equal([done.action, done.by, done.containers, done.phase], [action, "ann", ["app"], "Pending"]);
    assert.equal([done.from, done.to], [spec.currentImage, spec.newImage]);
    assert.match(String(done.message), /^(approved|rejected): /);
  });
}

s.run();

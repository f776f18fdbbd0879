import { suite } from "uvu";
import * as assert from "uvu/assert";
import { body, harness, seen } from "./webhook_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import type { SightingResult } from "../../../core/plugin.ts";
import { Unavailable } from "../../../core/lib/retryable.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("webhook server");
const sentence = sentencesOf(s, import.meta.url);

s("200 when all that follows is stored, with what there is now", async () => {
  const { fetch, accepted, outcomes, lines } = harness({ secret: "open sesame" });
  const call = { method: "POST", body: JSON.stringify(seen("1.1.0", "1.2.0")) };
  const answer = await fetch("/webhook/plain?more&token=open%20sesame", call);
  assert.is(answer.status, 200);
  assert.equal(await body(answer), {
    updateRequests: ["default/1.1.0", "default/1.2.0"],
    matched: 4,
    left: [],
    ignored: ["it was told of more"],
  });
  assert.equal(accepted, [
    { tags: ["1.1.0"], trigger: "plain", trusted: true },
    { tags: ["1.2.0"], trigger: "plain", trusted: true },
  ]);
  assert.equal(outcomes, ["plain stored"]);
  assert.equal(lines, []);
});

s("who proved nothing learns how many workloads there are, and not which, nor why they are left", async () => {
  const left = { reasons: ["Deployment/default/web app: 1.1.0 is what runs"], count: 1 };
  const accept = () => Promise.resolve({ updateRequests: ["default/web"], matched: 2, created: 0, left });
  const { post } = harness({ accept });
  const answer = await post(seen("1.1.0", "1.2.0"), {}, "?more");
  assert.equal(await body(answer), { stored: 2, matched: 4, ignored: ["it was told of more"] });
});

s("why each workload is left, of the first twenty, and how many more there are", async () => {
  const of = (tag: string, count: number) => ({
    reasons: Array.from({ length: Math.min(count, 20) }, (_, index) => `${tag} ${index}`),
    count,
  });
  const { fetch } = harness({
    secret: "open sesame",
    accept: async ({ versions: [first] }) => {
      return { updateRequests: [], matched: 30, created: 0, left: of(first!.tag, first!.tag === "1.1.0" ? 2 : 30) };
    },
  });
  const call = { method: "POST", body: JSON.stringify(seen("1.1.0", "1.2.0")) };
  const { left } = await body(await fetch("/webhook/plain?token=open%20sesame", call)) as { left: string[] };
  assert.is(left.length, 21);
  assert.equal(left.slice(0, 3), ["1.1.0 0", "1.1.0 1", "1.2.0 0"]);
  assert.is(left.at(-1), "and 12 more");
});

s("one that leads to nothing is a line of the log, and many are one", async () => {
  const { post, lines } = harness({ accept: async () => ({ updateRequests: [], matched: 0, created: 0 }) });
  for (let time = 0; time < 50; time++) assert.is((await post(seen("1.1.0"))).status, 200);
  assert.equal(lines.map(({ level, message, fields }) => [level, message, fields]), [
    ["info", "a webhook leads to nothing", {
      trigger: "plain",
      repository: "docker.io/library/app",
      versions: ["1.1.0"],
      matched: 0,
    }],
  ]);
});

s("the answer waits for the store", async () => {
  let store = (_: SightingResult) => {};
  const { post } = harness({ accept: () => new Promise((resolve) => store = resolve) });
  let answered = false;
  const answer = post(seen("1.1.0")).then((answer) => (answered = true, answer));
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setTimeout(done, 1));
  assert.not(answered);
  store({ updateRequests: [], matched: 0, created: 0 });
  assert.is((await answer).status, 200);
});

s("200 for what was understood and left out, though not ready", async () => {
  const { post, outcomes } = harness({ unready: ["not yet"] });
  const answer = await post({ seen: [] }, {}, "?more");
  assert.is(answer.status, 200);
  assert.equal((await body(answer)).ignored, ["it was told of more"]);
  assert.equal(outcomes, ["plain ignored"]);
});

for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
  s(`${method}: 405, and POST is named`, async () => {
    const { fetch, accepted } = harness();
    const answer = await fetch("/webhook/plain", { method });
    assert.is(answer.status, 405);
    assert.is(answer.headers.get("allow"), "POST");
    if (method === "HEAD") assert.is(await answer.text(), "");
    assert.equal(accepted, []);
  });
}

s("404 for a route that is none, also of a trigger without a webhook", async () => {
  const { fetch } = harness();
  for (const path of ["/webhook/looped", "/webhook", "/webhook/plain/more", "/api/v1/updates"]) {
    const answer = await fetch(path, { method: "POST", body: "{}" });
    assert.is(answer.status, 404);
    assert.match(String((await body(answer)).error), path);
  }
});

s("health is answered beside the webhooks, without the secret", async () => {
  const { fetch } = harness({ secret: "open sesame" });
  assert.is((await fetch("/healthz")).status, 200);
  assert.is((await fetch("/readyz")).status, 200);
});

s("not ready: 503, Retry-After, the reasons, and nothing is asked of the store", async () => {
  const { post, accepted, outcomes } = harness({ unready: ["the workloads are not listed yet", "and more"] });
  const answer = await post(seen("1.1.0"));
  assert.is(answer.status, 503);
  assert.is(answer.headers.get("retry-after"), "5");
  assert.match(String((await body(answer)).error), "the workloads are not listed yet; and more");
  assert.equal(accepted, []);
  assert.equal(outcomes, ["plain unavailable"]);
});

// deno-fmt-ignore
const thrown: { what: string; error: Error; status: number; retryAfter?: string }[] = [
  { what: "cannot be stored", error: new Unavailable("etcd is away", 7.2), status: 503, retryAfter: "8" },
  { what: "cannot be stored now", error: new Unavailable("etcd is away", 0), status: 503, retryAfter: "1" },
  { what: "no API server", error: new KubeError(0, "ConnectionFailed", "refused"), status: 503, retryAfter: "5" },
  { what: "a busy API server", error: new KubeError(429, "", "slow", { retryAfterSeconds: 3 }), status: 503, retryAfter: "3" },
  { what: "no rights", error: new KubeError(403, "Forbidden", "role"), status: 503, retryAfter: "5" },
  { what: "a refusal", error: new KubeError(422, "Invalid", "inner details"), status: 500 },
  { what: "a fault of ours", error: new TypeError("inner details"), status: 500 },
];
for (const { what, error, status, retryAfter = null } of thrown) {
  s(`${what}: ${status}, though the rest of the batch was stored`, async () => {
    const { post, accepted, outcomes, lines } = harness({
      accept: async ({ versions }) => {
        if (versions[0]?.tag === "1.2.0") throw error;
        return { updateRequests: [], matched: 1, created: 1 };
      },
    });
    const answer = await post(seen("1.1.0", "1.2.0", "1.3.0"));
    assert.is(answer.status, status);
    assert.is(answer.headers.get("retry-after"), retryAfter);
    const told = String((await body(answer)).error);
    assert.not.match(told, "inner details");
    sentence(what, told);
    assert.is(accepted.length, 3);
    assert.equal(outcomes, ["plain unavailable"]);
    assert.is(lines.some(({ level }) => level === "error"), status === 500);
  });
}

s("a plugin that breaks: 500 without its words, which the log has", async () => {
  const { post, accepted, lines } = harness();
  const answer = await post(seen("1.1.0"), { "x-break": "1" });
  assert.is(answer.status, 500);
  assert.not.match(await answer.text(), "secret of the plugin");
  assert.match(String(lines.find(({ level }) => level === "error")?.fields.error), "secret of the plugin");
  assert.equal(accepted, []);
});

s("a chart's version may be none of a tag's", async () => {
  const { post, accepted } = harness();
  const answer = await post({ seen: [{ type: "chart", repository: "reg.example/charts/app", tag: "1.1.0+build.5" }] });
  assert.is(answer.status, 200);
  assert.equal(accepted.map(({ tags }) => tags), [["1.1.0+build.5"]]);
});

s.run();

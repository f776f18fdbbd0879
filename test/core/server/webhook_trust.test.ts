import * as assert from "uvu/assert";
import { suite } from "uvu";
import { body, harness, seen } from "./webhook_harness.ts";
import { hmac } from "../../../core/lib/shared_secret.ts";
import { webhookWarning } from "../../../core/server/webhook_proof.ts";

const s = suite("webhook server, the trust of a call");
const secret = "open sesame, please";

const text = JSON.stringify(seen("1.1.0"));
const signed = (text: string) => `sha256=${hmac(secret, new TextEncoder().encode(text))}`;
const proofs: { what: string; headers?: () => Promise<Record<string, string>>; query?: string; is: "trusted" | 401 }[] =
  [
    { what: "no proof", is: 401 },
    { what: "a right signature", headers: async () => ({ "x-hub-signature-256": signed(text) }), is: "trusted" },
    { what: "another's signature", headers: async () => ({ "x-hub-signature-256": signed(`${text} `) }), is: 401 },
    { what: "a bearer token", headers: async () => ({ authorization: `Bearer ${secret}` }), is: "trusted" },
    { what: "a wrong bearer token", headers: async () => ({ authorization: "Bearer open" }), is: 401 },
    { what: "GitLab's token", headers: async () => ({ "x-gitlab-token": secret }), is: "trusted" },
    { what: "a wrong one of GitLab's", headers: async () => ({ "x-gitlab-token": "open" }), is: 401 },
    { what: "a token in the query", query: `?token=${encodeURIComponent(secret)}`, is: "trusted" },
    { what: "a wrong one there", query: "?token=open", is: 401 },
  ];
for (const { what, headers, query = "", is } of proofs) {
  s(`with a secret, ${what}: ${is}`, async () => {
    const { post, accepted, outcomes, lines } = harness({ secret });
    const answer = await post(text, await headers?.(), query);
    assert.is(answer.status, is === 401 ? 401 : 200);
    assert.equal(accepted.map(({ trusted }) => trusted), is === 401 ? [] : [true]);
    assert.equal(outcomes, [`plain ${is === 401 ? "unauthorized" : "stored"}`]);
    assert.not.match(await answer.text(), secret);
    assert.not.match(JSON.stringify(lines), secret);
  });
}

s("GitHub's form is proven by a signature of its raw bytes, and of nothing else", async () => {
  const { post, accepted } = harness({ secret });
  const form = String(new URLSearchParams({ payload: text }));
  const type = { "content-type": "application/x-www-form-urlencoded" };
  assert.is((await post(form, { ...type, "x-hub-signature-256": signed(text) })).status, 401);
  assert.is((await post(form, { ...type, "x-hub-signature-256": signed(form) })).status, 200);
  assert.equal(accepted.map(({ tags, trusted }) => [tags, trusted]), [[["1.1.0"], true]]);
});

s("a call that shows nothing is told how to prove itself, and one that is wrong that it is", async () => {
  const { post } = harness({ secret });
  assert.match(
    await (await post(text)).text(),
    "X-Hub-Signature-256, a bearer token, X-Gitlab-Token or ?token= is wanted",
  );
  assert.match(
    await (await post(text, { authorization: "Bearer open" })).text(),
    "its token, or its signature of this body, is wrong",
  );
});

s("without a secret every call is a hint, whatever it shows", async () => {
  const { post, accepted } = harness();
  await post(seen("1.1.0"), { authorization: `Bearer ${secret}` });
  assert.equal(accepted.map(({ trusted }) => trusted), [false]);
});

s("without a secret, where hints are not wanted, each call is refused and told which settings there are", async () => {
  const { post, accepted, outcomes } = harness({ hints: false });
  const answer = await post(seen("1.1.0"), { authorization: `Bearer ${secret}` });
  assert.is(answer.status, 403);
  const { error } = await body(answer);
  for (const setting of ["SECRET", "SECRETS_FILE", "HINTS"]) {
    assert.match(String(error), `HEADWIND_WEBHOOK_${setting}`);
  }
  assert.equal(accepted, []);
  assert.equal(outcomes, ["plain unauthorized"]);
});

s("where hints are wanted beside a secret: a hint, but for who shows a wrong one", async () => {
  const { post, accepted } = harness({ secret, hints: true });
  assert.is((await post(seen("1.1.0"))).status, 200);
  assert.is((await post(seen("1.1.0"), { authorization: "Bearer open" })).status, 401);
  assert.is((await post(seen("1.1.0"), { authorization: `Bearer ${secret}` })).status, 200);
  assert.equal(accepted.map(({ trusted }) => trusted), [false, true]);
});

s("who proves nothing is not told what is wrong with the body, which is not even read", async () => {
  const { post, fetch } = harness({ secret });
  assert.is((await post("no JSON")).status, 401);
  assert.is((await post("x".repeat((1 << 20) + 1))).status, 401);
  let chunks = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks++;
      controller.enqueue(new Uint8Array(1 << 16));
    },
  }, { highWaterMark: 0 });
  const init = { method: "POST", body: endless, duplex: "half", headers: { "x-gitlab-token": "open" } } as RequestInit;
  assert.is((await fetch("/webhook/plain", init)).status, 401);
  assert.is(chunks, 0);
});

s("a hint has at most 64 KiB", async () => {
  const { post } = harness();
  const text = JSON.stringify(seen("1.1.0"));
  assert.is((await post(text.padEnd(64 * 1024))).status, 200);
  const answer = await post(text.padEnd(64 * 1024 + 1));
  assert.equal([answer.status, (await body(answer)).field], [413, "body"]);
});

const team = { prefix: "reg.example/team", secret: "the-secret-of-a-team" };
const deep = { prefix: "reg.example/team/deep", secret: "the-secret-of-deeper" };
const rest = { prefix: "", secret: "the-secret-of-the-rest" };
const app = (repository: string) => ({ seen: [{ repository, tag: "1.1.0" }] });
const prefixes: [string, { secret: string }, boolean][] = [
  ["reg.example/team/app", team, true],
  ["reg.example/team", team, true],
  ["reg.example/teams/app", team, false],
  ["reg.example/team/deep/app", team, false],
  ["reg.example/team/deep/app", deep, true],
  ["reg.example/team/app", deep, false],
  ["reg.example/team/app", rest, false],
  ["REG.example/team/app", rest, false],
  ["REG.example/team/app", team, true],
  ["reg.example/other", rest, true],
  ["docker.io/library/team", team, false],
];
for (const [repository, { secret }, isProven] of prefixes) {
  s(`${secret} ${isProven ? "proves" : "does not prove"} ${repository}`, async () => {
    const { post, accepted, outcomes } = harness({ secrets: () => Promise.resolve([team, deep, rest]), hints: true });
    const signature = hmac(secret, new TextEncoder().encode(JSON.stringify(app(repository))));
    const shown: Record<string, string>[] = [{ authorization: `Bearer ${secret}` }, {
      "x-hub-signature-256": `sha256=${signature}`,
    }];
    for (const headers of shown) {
      const answer = await post(app(repository), headers);
      assert.is(answer.status, isProven ? 200 : 403);
      if (!isProven) assert.is((await body(answer)).field, "repository");
    }
    assert.is(accepted.length, isProven ? 2 : 0);
    assert.equal(new Set(outcomes), new Set([`plain ${isProven ? "stored" : "unauthorized"}`]));
  });
}

s("one sighting outside its prefix refuses the whole call", async () => {
  const { post, accepted } = harness({ secrets: () => Promise.resolve([team, rest]), hints: true });
  const both = { seen: [...app("reg.example/team/app").seen, ...app("reg.example/other").seen] };
  for (const { secret } of [team, rest]) {
    assert.is((await post(both, { authorization: `Bearer ${secret}` })).status, 403);
  }
  assert.equal(accepted, []);
});

s("two secrets of one prefix prove alike, so that one can follow the other", async () => {
  const next = { ...team, secret: "the-next-secret-of-a-team" };
  const { post } = harness({ secrets: () => Promise.resolve([team, next]) });
  for (const { secret } of [team, next]) {
    assert.is((await post(app("reg.example/team/app"), { "x-gitlab-token": secret })).status, 200);
  }
});

s("what is logged at the start: nothing where all is proven, else what it means and what to set", () => {
  assert.is(webhookWarning(true, false), undefined);
  assert.match(webhookWarning(false, false)!, /refused.*HEADWIND_WEBHOOK_SECRET/);
  for (const hasSecret of [true, false]) {
    assert.match(webhookWarning(hasSecret, true)!, /HEADWIND_WEBHOOK_HINTS.*anybody/);
  }
});

s("health on a public port says nothing of it", async () => {
  const { fetch } = harness({ hints: false });
  assert.equal(await body(await fetch("/health")), { status: "healthy", version: "1.2.3" });
});

s.run();

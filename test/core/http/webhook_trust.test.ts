import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bench, seen } from "./bench.ts";
import { hmac } from "../../../core/http/trust.ts";

const s = suite("webhook server, the trust of a call");
const secret = "open sesame";

const text = JSON.stringify(seen("1.1.0"));
const signed = async (text: string) => `sha256=${await hmac(secret, new TextEncoder().encode(text))}`;
const proofs: { what: string; headers?: () => Promise<Record<string, string>>; query?: string; is: "trusted" | 401 }[] =
  [
    { what: "no proof", is: 401 },
    { what: "a right signature", headers: async () => ({ "x-hub-signature-256": await signed(text) }), is: "trusted" },
    {
      what: "another's signature",
      headers: async () => ({ "x-hub-signature-256": await signed(`${text} `) }),
      is: 401,
    },
    { what: "a bearer token", headers: async () => ({ authorization: `Bearer ${secret}` }), is: "trusted" },
    { what: "a wrong bearer token", headers: async () => ({ authorization: "Bearer open" }), is: 401 },
    { what: "GitLab's token", headers: async () => ({ "x-gitlab-token": secret }), is: "trusted" },
    { what: "a wrong one of GitLab's", headers: async () => ({ "x-gitlab-token": "open" }), is: 401 },
    { what: "a token in the query", query: `?token=${encodeURIComponent(secret)}`, is: "trusted" },
    { what: "a wrong one there", query: "?token=open", is: 401 },
  ];
for (const { what, headers, query = "", is } of proofs) {
  s(`with a secret, ${what}: ${is}`, async () => {
    const { post, accepted, outcomes, lines } = bench({ secret });
    const answer = await post(text, await headers?.(), query);
    assert.is(answer.status, is === 401 ? 401 : 200);
    assert.equal(accepted.map(({ trusted }) => trusted), is === 401 ? [] : [true]);
    assert.equal(outcomes, [`plain ${is === 401 ? "unauthorized" : "stored"}`]);
    assert.not.match(await answer.text(), secret);
    assert.not.match(JSON.stringify(lines), secret);
  });
}

s("without a secret every call is a hint, whatever it shows", async () => {
  const { post, accepted } = bench();
  await post(seen("1.1.0"), { authorization: `Bearer ${secret}` });
  assert.equal(accepted.map(({ trusted }) => trusted), [false]);
});

s("who proves nothing is not told what is wrong with the body", async () => {
  const { post } = bench({ secret });
  assert.is((await post("no JSON")).status, 401);
  assert.is((await post("x".repeat((1 << 20) + 1))).status, 413);
});

s.run();

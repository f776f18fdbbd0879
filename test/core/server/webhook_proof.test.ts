import * as assert from "uvu/assert";
import { suite } from "uvu";
import { hmac } from "../../../core/lib/shared_secret.ts";
import { matchesSignature, matchesToken, proofOf } from "../../../core/server/webhook_proof.ts";

const s = suite("whether a call knows the secret");
const encode = (text: string) => new TextEncoder().encode(text);

/** The example of https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
const secret = "It's a Secret to Everybody";
const body = encode("Hello, World!");
const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

s("GitHub's own example of a signature", () => assert.is(`sha256=${hmac(secret, body)}`, signature));

const rows: { what: string; headers?: Record<string, string>; query?: string; body?: string; knows: boolean }[] = [
  { what: "nothing", knows: false },
  { what: "a right signature", headers: { "x-hub-signature-256": signature }, knows: true },
  { what: "a signature of another body", headers: { "x-hub-signature-256": signature }, body: "Hello", knows: false },
  { what: "a signature cut short", headers: { "x-hub-signature-256": signature.slice(0, -1) }, knows: false },
  { what: "a signature without its method", headers: { "x-hub-signature-256": signature.slice(7) }, knows: false },
  { what: "an empty signature", headers: { "x-hub-signature-256": "" }, knows: false },
  {
    what: "an empty signature with the right token",
    headers: { "x-hub-signature-256": "", authorization: `Bearer ${secret}` },
    knows: false,
  },
  { what: "a signature by SHA-1", headers: { "x-hub-signature": signature }, knows: false },
  {
    what: "a wrong signature with the right token",
    headers: { "x-hub-signature-256": "sha256=00", authorization: `Bearer ${secret}` },
    knows: false,
  },
  { what: "the bearer token", headers: { authorization: `Bearer ${secret}` }, knows: true },
  { what: "the bearer token in another case of the word", headers: { authorization: `bearer ${secret}` }, knows: true },
  { what: "a wrong bearer token", headers: { authorization: `Bearer ${secret}!` }, knows: false },
  { what: "a part of the token", headers: { authorization: `Bearer ${secret.slice(0, -1)}` }, knows: false },
  { what: "an empty bearer token", headers: { authorization: "Bearer " }, knows: false },
  { what: "the token without its word", headers: { authorization: secret }, knows: false },
  { what: "GitLab's token", headers: { "x-gitlab-token": secret }, knows: true },
  { what: "a wrong one of GitLab's", headers: { "x-gitlab-token": "x" }, knows: false },
  { what: "the token in the query", query: `?token=${encodeURIComponent(secret)}`, knows: true },
  { what: "a wrong one there", query: "?token=x", knows: false },
  { what: "an empty one there", query: "?token=", knows: false },
  {
    what: "a proxy's own login beside the token in the query",
    headers: { authorization: "Basic YTpi" },
    query: `?token=${encodeURIComponent(secret)}`,
    knows: true,
  },
];
for (const { what, headers = {}, query = "", knows, ...row } of rows) {
  s(`${what}: ${knows ? "yes" : "no"}`, async () => {
    const url = new URL(`http://headwind.example/webhook/registry${query}`);
    const shown = { headers: new Headers(headers), url, body: row.body === undefined ? body : encode(row.body) };
    const proof = proofOf(shown.headers, shown.url);
    const right = proof?.type === "signature"
      ? matchesSignature(proof, secret, shown.body)
      : proof && matchesToken(proof, secret);
    assert.is(right ?? false, knows);
  });
}

s.run();

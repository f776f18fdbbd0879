import * as assert from "uvu/assert";
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { suite } from "uvu";
import { BadRequest } from "../../../core/server/http_errors.ts";
import { createOidc, type OidcOptions } from "../../../core/server/oidc.ts";
import { createFetch } from "../../../core/runtime/fetch.ts";
import { Unavailable } from "../../../core/lib/retryable.ts";
import { type Issuer, startIssuer } from "../../support/issuer.ts";

const s = suite("whom a token of an OpenID issuer names");
const outside = createFetch();
let issuer: Issuer;
const now = () => Math.floor(Date.now() / 1000);

s.before.each(async () => {
  issuer = await startIssuer();
});
s.after.each(() => issuer.stop());
s.after(() => outside.close());

const email = "ann@example.com";
const verifier = (change: Partial<OidcOptions> = {}) =>
  createOidc({
    issuer: issuer.url,
    audience: "headwind",
    usernameClaim: "email",
    groupsClaim: "groups",
    prefix: "",
    fetch: outside.fetch,
    ...change,
  });

async function refused(token: string, said: string | RegExp, change: Partial<OidcOptions> = {}): Promise<BadRequest> {
  const error = await verifier(change)(token).then(() => undefined, (thrown) => thrown);
  assert.instance(error, BadRequest);
  assert.match(error.message, said);
  return error;
}

async function unavailable(verify: (token: string) => Promise<unknown>, token: string, said: string): Promise<void> {
  const error = await verify(token).then(() => undefined, (thrown) => thrown);
  assert.instance(error, Unavailable);
  assert.match(error.message, said);
}

s("the email and the groups, with the group of all who are known", async () => {
  const token = await issuer.token({ email: "ann@example.com", email_verified: true, groups: ["dev", "ops"] });
  assert.equal(await verifier()(token), { user: "ann@example.com", groups: ["dev", "ops", "system:authenticated"] });
});

s("the subject where there is no email and a prefix; another claim alone where one is named", async () => {
  assert.is((await verifier({ prefix: "oidc:" })(await issuer.token())).user, "oidc:subject");
  await refused(await issuer.token({ sub: "boss@example.com" }), "no claim email");
  const named = verifier({ usernameClaim: "preferred_username", groupsClaim: "roles" });
  const token = await issuer.token({ preferred_username: "ann", roles: "dev", groups: ["ops"] });
  assert.equal(await named(token), { user: "ann", groups: ["dev", "system:authenticated"] });
  await refused(await issuer.token(), "no claim preferred_username", { usernameClaim: "preferred_username" });
  await refused(await issuer.token({ email: 7 }), "no claim email");
});

s("a prefix comes before all names", async () => {
  const token = await issuer.token({ email: "ann@example.com", groups: ["dev"] });
  const person = await verifier({ prefix: "oidc:" })(token);
  assert.equal(person, { user: "oidc:ann@example.com", groups: ["oidc:dev", "system:authenticated"] });
});

s("an audience among several; the issuer's URL with a slash at its end", async () => {
  await verifier()(await issuer.token({ email, aud: ["other", "headwind"] }));
  const url = `${issuer.url}/`;
  issuer.answers.set("openid-configuration", () => Response.json({ issuer: url, jwks_uri: `${url}keys` }));
  await verifier({ issuer: url })(await issuer.token({ email, iss: url }));
});

s("an email that is not verified is none", async () => {
  await refused(await issuer.token({ email: "ann@example.com", email_verified: false }), "email is not verified");
  await refused(await issuer.token({ email: "ann@example.com", email_verified: "no" }), "email is not verified");
});

s("Kubernetes' own names: no user has them, and groups of such names are left out", async () => {
  const token = await issuer.token({ email: "ann@example.com", groups: ["system:masters", "dev"] });
  assert.equal((await verifier()(token)).groups, ["dev", "system:authenticated"]);
  const forged = await issuer.token({ email: "system:serviceaccount:headwind-system:headwind" });
  assert.is((await refused(forged, "Kubernetes' own")).status, 403);
  const error = await refused(await issuer.token({ sub: "admin" }), "Kubernetes' own", { prefix: "system:" });
  assert.is(error.status, 403);
});

s("expired, not valid yet, or without an end", async () => {
  assert.is((await refused(await issuer.token({ exp: now() - 60 }), "has expired")).status, 401);
  await refused(await issuer.token({ nbf: now() + 60 }), "nbf");
  await refused(await issuer.token({ exp: undefined }), "exp");
});

s("of another audience, or of none, or of another issuer", async () => {
  await refused(await issuer.token({ aud: "other" }), "aud");
  await refused(await issuer.token({ aud: undefined }), "aud");
  await refused(await issuer.token({ iss: `${issuer.url}/other` }), "iss");
});

s("signed by somebody else, even under a known key's name", async () => {
  const { privateKey } = await generateKeyPair("RS256");
  await refused(await issuer.token({}, { key: privateKey }), "signature");
  await refused(await issuer.token({}, { key: privateKey, kid: "another" }), "no applicable key");
});

s("signed by nobody, or with the public key as a secret, or changed after it was signed", async () => {
  const claims = { iss: issuer.url, aud: "headwind", sub: "subject", exp: now() + 300 };
  await refused(new UnsecuredJWT(claims).encode(), "proves nothing");
  const { publicKey } = await generateKeyPair("RS256", { extractable: true });
  const secret = new TextEncoder().encode(await exportSPKI(publicKey));
  const header = { alg: "HS256", kid: "key-1" };
  await refused(await new SignJWT(claims).setProtectedHeader(header).sign(secret), "alg");
  const [head, , signature] = (await issuer.token()).split(".");
  const payload = btoa(JSON.stringify({ ...claims, email: "boss@example.com" })).replace(/=+$/, "");
  await refused(`${head}.${payload}.${signature}`, "signature");
  await refused("no.token.atall", "proves nothing");
});

s("the keys are asked for once, and many tokens of unknown keys are not as many questions", async () => {
  const verify = verifier();
  const right = await issuer.token({ email });
  for (let count = 0; count < 3; count++) await verify(right);
  for (let count = 0; count < 5; count++) {
    const unknown = await issuer.token({}, { kid: `unknown-${count}` });
    assert.instance(await verify(unknown).then(() => undefined, (thrown) => thrown), BadRequest);
  }
  assert.equal(issuer.asked, ["/.well-known/openid-configuration", "/keys"]);
});

s("an issuer that cannot be asked is no refusal: 503, and well again when it answers", async () => {
  const verify = verifier();
  const token = await issuer.token({ email });
  const fail = () => new Response("out of order", { status: 500 });
  issuer.answers.set("openid-configuration", fail);
  await unavailable(verify, token, "it answers 500");
  issuer.answers.set("openid-configuration", () => Response.json({ jwks_uri: `${issuer.url}/keys` }));
  await unavailable(verify, token, "issuer");
  issuer.answers.clear();
  issuer.answers.set("/keys", fail);
  await unavailable(verify, token, "the keys of");
  issuer.answers.clear();
  await verify(token);
});

s("an issuer that is not who it says, sends elsewhere, or keeps its keys in the open is not believed", async () => {
  const token = await issuer.token();
  const answer = (body: unknown) => issuer.answers.set("openid-configuration", () => Response.json(body));
  answer({ issuer: "https://other.example", jwks_uri: `${issuer.url}/keys` });
  await unavailable(verifier(), token, "of the issuer https://other.example");
  answer({ issuer: issuer.url, jwks_uri: "http://keys.example/keys" });
  await unavailable(verifier(), token, "no https URL");
  const headers = { location: `${issuer.url}/moved` };
  issuer.answers.set("openid-configuration", () => new Response(null, { status: 302, headers }));
  await unavailable(verifier(), token, "it answers 302");
  assert.not.ok(issuer.asked.includes("/moved"));
});

s.run();

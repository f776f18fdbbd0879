import * as assert from "uvu/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { type MutableRedirectUri, type MutableResponse, type MutableToken, OAuth2Server } from "oauth2-mock-server";
import { suite } from "uvu";
import { opened } from "./opened.ts";

const s = suite("an OpenID provider whose answers are bent");
const url = "http://localhost:8082";
let issuer: OAuth2Server;
let dir: string;

s.before(async () => {
  issuer = new OAuth2Server();
  await issuer.issuer.keys.generate("RS256");
  await issuer.start(0, "127.0.0.1");
  issuer.issuer.url = `http://127.0.0.1:${issuer.address().port}`;
  dir = await mkdtemp(join(tmpdir(), "headwind-bent-"));
  await writeFile(join(dir, "secret"), "secret");
});
s.after.each(() => void issuer.service.removeAllListeners());
s.after(async () => {
  await issuer.stop();
  await rm(dir, { recursive: true });
});

/** Signs in as far as it goes; gives the answer to who came back, and its text. */
async function signIn(env: Record<string, string> = {}) {
  const dashboard = await opened({
    env: {
      HEADWIND_UI_AUTH_MODE: "oidc",
      HEADWIND_UI_URL: url,
      HEADWIND_OIDC_ISSUER: issuer.issuer.url!,
      HEADWIND_UI_OIDC_CLIENT_ID: "headwind",
      HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: join(dir, "secret"),
      HEADWIND_OIDC_USERNAME_CLAIM: "sub",
      ...env,
    },
  });
  const started = await dashboard.get("/login/start");
  if (started.status !== 303) return { dashboard, status: started.status, text: await started.text() };
  const authorized = await fetch(started.headers.get("location")!, { redirect: "manual" });
  await authorized.body?.cancel();
  const back = new URL(authorized.headers.get("location")!);
  assert.is(back.origin, url);
  const answer = await dashboard.get(back.pathname + back.search);
  return { dashboard, status: answer.status, text: await answer.text() };
}

/** The nonce is that of the flow unless a bend changes it. */
function withNonce(bend: (token: MutableToken) => void = () => {}) {
  let nonce: string | null = null;
  issuer.service.on("beforeAuthorizeRedirect", (_: MutableRedirectUri, request: { url?: string }) => {
    nonce = new URL(request.url!, url).searchParams.get("nonce");
  });
  issuer.service.on("beforeTokenSigning", (token: MutableToken) => {
    token.payload.nonce = nonce;
    token.payload.aud = "headwind";
    token.payload.sub = "ann";
    token.payload.groups = [];
    bend(token);
  });
}

s("unbent it signs in", async () => {
  withNonce();
  const { status, dashboard } = await signIn();
  assert.is(status, 303);
  assert.match(await (await dashboard.get("/")).text(), ">ann<");
});

const now = () => Math.floor(Date.now() / 1000);
const bends: Record<string, [(token: MutableToken) => void, RegExp]> = {
  "another nonce": [({ payload }) => void (payload.nonce = "another"), /nonce/],
  "no nonce": [({ payload }) => void delete payload.nonce, /nonce/],
  "another issuer": [({ payload }) => void (payload.iss = "https://evil.example"), /iss/],
  "another audience": [({ payload }) => void (payload.aud = "another"), /aud/],
  "several audiences, for another": [({ payload }) => {
    payload.aud = ["headwind", "another"];
    payload.azp = "another";
  }, /azp/],
  "expired": [({ payload }) => void (payload.exp = now() - 120), /exp/],
  "of the future": [({ payload }) => void (payload.nbf = now() + 600), /nbf/],
  "without an end": [({ payload }) => void delete (payload as { exp?: number }).exp, /exp/],
  "nobody": [({ payload }) => void delete (payload as { sub?: string }).sub, /sub/],
};
for (const [what, [bend, said]] of Object.entries(bends)) {
  s(`an ID token that is bent: ${what}`, async () => {
    withNonce(bend);
    const { status, text, dashboard } = await signIn();
    assert.is(status, 401);
    assert.match(/role="alert">([^<]*)</.exec(text)?.[1] ?? "", said);
    assert.is((await dashboard.get("/")).status, 303);
  });
}

const answers: Record<string, [(response: MutableResponse) => void, number, RegExp]> = {
  "500": [(response) => void Object.assign(response, { statusCode: 500, body: { oops: true } }), 503, /answers 500/],
  "429": [
    (response) => void Object.assign(response, { statusCode: 429, body: { error: "slow_down" } }),
    503,
    /slow_down/,
  ],
  "a refusal": [
    (response) =>
      void Object.assign(response, {
        statusCode: 400,
        body: { error: "invalid_grant", error_description: "<b>no</b>" },
      }),
    401,
    /invalid_grant: &lt;b&gt;no&lt;\/b&gt;/,
  ],
  "no ID token": [({ body }) => void delete (body as { id_token?: string }).id_token, 401, /id_token/],
  "no token at all": [(response) => void (response.body = {}), 401, /access_token/],
  "an ID token signed by nobody": [
    ({ body }) => {
      const said = body as { id_token: string };
      said.id_token = `${btoa('{"alg":"none"}').replaceAll("=", "")}.${said.id_token.split(".")[1]}.`;
    },
    401,
    /alg/,
  ],
  "an ID token that was changed": [
    ({ body }) => {
      const said = body as { id_token: string };
      const [head, claims, signature] = said.id_token.split(".") as [string, string, string];
      const read = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
      said.id_token = [head, btoa(JSON.stringify({ ...read, sub: "boss" })).replace(/=+$/, ""), signature].join(".");
    },
    401,
    /signature/,
  ],
};
for (const [what, [bend, status, said]] of Object.entries(answers)) {
  s(`its answer to the code: ${what}`, async () => {
    withNonce();
    issuer.service.on("beforeResponse", bend);
    const answer = await signIn();
    assert.is(answer.status, status);
    assert.match(/role="alert">([^<]*)</.exec(answer.text)?.[1] ?? "", said);
    assert.is((await answer.dashboard.get("/")).status, 303);
  });
}

s("it leads back with another state, with an error, or for another issuer", async () => {
  const led: ((to: URLSearchParams) => void)[] = [
    (to) => to.set("state", "another"),
    (to) => to.append("state", "twice"),
    (to) => {
      to.delete("code");
      to.set("error", "<script>globalThis.hostile=1</script>");
    },
    (to) => to.set("iss", "https://evil.example"),
  ];
  for (const bend of led) {
    issuer.service.removeAllListeners();
    withNonce();
    issuer.service.once("beforeAuthorizeRedirect", ({ url: to }: MutableRedirectUri) => bend(to.searchParams));
    const { status, text, dashboard } = await signIn();
    assert.ok(status === 400 || status === 401, `${status}`);
    assert.not.match(text, "<script>");
    assert.is((await dashboard.get("/")).status, 303);
  }
});

s("what it says of where it is asked is bent", async () => {
  for (
    const bend of [
      { issuer: "https://evil.example" },
      { authorization_endpoint: "http://evil.example/authorize" },
      { authorization_endpoint: "javascript:alert(1)" },
      { authorization_endpoint: undefined },
    ]
  ) {
    issuer.service.once(
      "beforeWellKnownOpenIdConfiguration",
      ({ body }: MutableResponse) => void Object.assign(body, bend),
    );
    const { status, text } = await signIn();
    assert.is(status, 503, JSON.stringify(bend));
    assert.match(text, "cannot be used now");
  }
});

s("the name at its userinfo endpoint alone, which has to be of the same person", async () => {
  withNonce(({ payload }) => void delete payload.groups);
  const env = { HEADWIND_OIDC_USERNAME_CLAIM: "preferred_username" };
  issuer.service.on("beforeUserinfo", (response: MutableResponse) => {
    response.body = { sub: "ann", preferred_username: "ann.b", groups: ["dev"] };
  });
  const { dashboard, status } = await signIn(env);
  assert.is(status, 303);
  assert.match(await (await dashboard.get("/")).text(), ">ann.b<");
  issuer.service.removeAllListeners("beforeUserinfo");
  issuer.service.on("beforeUserinfo", (response: MutableResponse) => {
    response.body = { sub: "boss", preferred_username: "boss" };
  });
  assert.is((await signIn(env)).status, 401);
});

s.run();

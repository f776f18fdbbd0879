import * as assert from "uvu/assert";
import { suite } from "uvu";
import { readSettings } from "../../../core/app/settings.ts";

const s = suite("settings of how the dashboard knows people");
const proxy = { HEADWIND_PROXY_SECRET: "a-secret-of-16-characters" };
const oidc = {
  HEADWIND_UI_AUTH_MODE: "oidc",
  HEADWIND_OIDC_ISSUER: "https://issuer.example",
  HEADWIND_UI_OIDC_CLIENT_ID: "headwind",
  HEADWIND_UI_URL: "https://headwind.example",
};

function faultsOf(env: Record<string, string>): string[] {
  try {
    readSettings(env, []);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1).map((line) => line.trim());
  }
}
const warningsOf = (env: Record<string, string>) => readSettings(env, []).warnings.join("\n");

s("a mode that believes a header takes the proxy's secret or its addresses", () => {
  for (const mode of ["simple", "proxy"]) {
    const env = { HEADWIND_UI_AUTH_MODE: mode };
    assert.match(faultsOf(env)[0]!, /^HEADWIND_UI_AUTH_MODE: .*HEADWIND_PROXY_SECRET.*HEADWIND_UI_TRUSTED_PROXIES/);
    assert.equal(faultsOf({ ...env, ...proxy }), []);
    assert.equal(faultsOf({ ...env, HEADWIND_UI_TRUSTED_PROXIES: "10.0.0.7, fd00::/8" }), []);
  }
});

s("what oidc lacks is told at once, each by its name", () => {
  assert.equal(faultsOf({ HEADWIND_UI_AUTH_MODE: "oidc", HEADWIND_UI_OIDC_SCOPES: "email" }), [
    "HEADWIND_OIDC_ISSUER: is wanted, because HEADWIND_UI_AUTH_MODE is oidc",
    "HEADWIND_UI_OIDC_CLIENT_ID: is wanted, because HEADWIND_UI_AUTH_MODE is oidc",
    "HEADWIND_UI_URL: is wanted, because HEADWIND_UI_AUTH_MODE is oidc",
    "HEADWIND_UI_OIDC_SCOPES: openid is wanted among them",
  ]);
  assert.equal(faultsOf(oidc), []);
});

s("sessions over plain http take a setting that says so, but on this machine itself", () => {
  for (const mode of ["token", "oidc"]) {
    const env = { ...oidc, HEADWIND_UI_AUTH_MODE: mode, HEADWIND_UI_URL: "http://headwind.example" };
    assert.match(faultsOf(env)[0]!, /^HEADWIND_UI_INSECURE_COOKIES: true is wanted/);
    assert.equal(faultsOf({ ...env, HEADWIND_UI_INSECURE_COOKIES: "true" }), []);
    assert.equal(faultsOf({ ...env, HEADWIND_UI_URL: "http://localhost:8082" }), []);
  }
  assert.equal(faultsOf({ HEADWIND_UI_URL: "http://headwind.example" }), []);
});

const bad: Record<string, string[]> = {
  HEADWIND_UI_AUTH_MODE: ["basic", "Token"],
  HEADWIND_UI_URL: [
    "headwind.example",
    "https://headwind.example/path",
    "https://a@b.example",
    "ftp://a.example",
    "https://a.example?b",
  ],
  HEADWIND_UI_PROXY_HEADER: ["X User"],
  HEADWIND_UI_TRUSTED_PROXIES: ["proxy.example", "10.0.0.0/33"],
  HEADWIND_UI_OIDC_SCOPES: ['openid "x"', "openid\u0007"],
};
for (const [name, values] of Object.entries(bad)) {
  for (const value of values) {
    s(`${name}=${value} is a mistake that is named`, () => {
      assert.ok(faultsOf({ [name]: value }).some((fault) => fault.startsWith(`${name}: `)));
    });
  }
}

s("an address is read with or without a slash at its end", () => {
  for (const end of ["", "/"]) {
    assert.is(
      readSettings({ HEADWIND_UI_URL: `https://a.example:8443${end}` }, []).config.HEADWIND_UI_URL,
      "https://a.example:8443",
    );
  }
});

s("what everybody should know is warned of", () => {
  assert.match(warningsOf({ HEADWIND_APPROVALS: "open" }), "whoever reaches the dashboard's port decides");
  assert.is(warningsOf({ HEADWIND_APPROVALS: "open", HEADWIND_UI_AUTH_MODE: "proxy", ...proxy }), "");
  assert.match(warningsOf(oidc), "HEADWIND_UI_SESSION_KEYS_FILE is not set");
  const kept = { ...oidc, HEADWIND_UI_SESSION_KEYS_FILE: "/etc/headwind/sessions/keys" };
  assert.is(warningsOf(kept), "");
  assert.match(warningsOf({ ...kept, HEADWIND_UI_INSECURE_COOKIES: "true" }), "plain http");
});

s.run();

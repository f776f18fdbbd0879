import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readSettings, SettingsError } from "../../../core/app/settings.ts";

const s = suite("settings of proofs");

s("strict, without issuer and proxy, unless they say otherwise", () => {
  const { config } = readSettings({}, []);
  assert.is(config.HEADWIND_APPROVALS, "strict");
  assert.is(config.HEADWIND_OIDC_ISSUER, undefined);
  assert.is(config.HEADWIND_PROXY_SECRET, undefined);
  assert.is(config.HEADWIND_PROXY_USER_HEADER, "X-Forwarded-User");
});

const good: [string, string][] = [
  ["HEADWIND_APPROVALS", "open"],
  ["HEADWIND_OIDC_ISSUER", "https://issuer.example/realms/one"],
  ["HEADWIND_OIDC_ISSUER", "http://127.0.0.1:5556/dex"],
  ["HEADWIND_OIDC_ISSUER", "http://[::1]:5556"],
];
for (const [name, value] of good) {
  s(`${name}=${value}`, () => {
    const { config } = readSettings({ [name]: value }, []);
    assert.is((config as Record<string, unknown>)[name], value);
  });
}

const bad: [string, string][] = [
  ["HEADWIND_APPROVALS", "closed"],
  ["HEADWIND_OIDC_ISSUER", "http://issuer.example"],
  ["HEADWIND_OIDC_ISSUER", "http://127.0.0.1.example"],
  ["HEADWIND_OIDC_ISSUER", "issuer.example"],
  ["HEADWIND_OIDC_ISSUER", "file:///etc/keys"],
  ["HEADWIND_PROXY_SECRET", "short"],
  ["HEADWIND_PROXY_USER_HEADER", "X-Forwarded User"],
  ["HEADWIND_PROXY_GROUPS_HEADER", "X-Groups:"],
];
for (const [name, value] of bad) {
  s(`${name}=${value} is a mistake that is named`, () => {
    assert.throws(() => readSettings({ [name]: value }, []), (error: Error) => {
      return error instanceof SettingsError && error.message.includes(`${name}: `);
    });
  });
}

s("a secret is not repeated in the mistake", () => {
  assert.throws(() => readSettings({ HEADWIND_PROXY_SECRET: "hunter2" }, []), (error: Error) => {
    return !error.message.includes("hunter2");
  });
});

s.run();

import * as assert from "uvu/assert";
import { suite } from "uvu";
import { builtins } from "../../../plugins/builtin.ts";
import { coreSettings } from "../../../core/app/setting_schema.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { readPluginPlaces, readSettings, SettingsError } from "../../../core/app/settings.ts";

const s = suite("settings");

const withSettings = (settings: NonNullable<Plugin["settings"]>, name = "mine"): Plugin => ({
  kind: "trigger",
  name,
  description: "Something.",
  run: async () => {},
  settings,
});

function faultsOf(env: Record<string, string>, given: readonly Plugin[] = builtins): string[] {
  try {
    readSettings(env, given);
  } catch (error) {
    assert.instance(error, SettingsError);
    const [first, ...faults] = (error as Error).message.split("\n");
    assert.is(first, "the settings cannot be used:");
    return faults.map((fault) => fault.slice(2));
  }
  return [];
}

s("without any variable all is as documented", () => {
  const { config, ofPlugin, warnings } = readSettings({}, builtins);
  const { HEADWIND_WEBHOOK_PORT, HEADWIND_API_PORT, HEADWIND_UI_PORT, HEADWIND_METRICS_PORT } = config;
  const ports = [HEADWIND_WEBHOOK_PORT, HEADWIND_API_PORT, HEADWIND_UI_PORT, HEADWIND_METRICS_PORT];
  assert.equal(ports, [8080, 8081, 8082, 9090]);
  assert.is(config.HEADWIND_POLLING_INTERVAL, 300);
  assert.equal(config.HEADWIND_NAMESPACES, []);
  assert.is(config.HEADWIND_LOG_LEVEL, "info");
  assert.is(ofPlugin.get("trigger/poller")?.HEADWIND_POLLING_ENABLED, true);
  assert.is(ofPlugin.get("notifier/webhook")?.WEBHOOK_ENABLED, false);
  assert.equal(warnings, []);
});

s("every setting has its sentence", () => {
  for (const [name, schema] of Object.entries(coreSettings.shape)) {
    assert.match(name, /^HEADWIND_[A-Z_]+$/);
    assert.match(schema.description ?? "", /^[A-Z]/, name);
  }
});

s("values are read as what they are", () => {
  const { config } = readSettings({
    HEADWIND_WEBHOOK_PORT: "0",
    HEADWIND_NAMESPACES: " shop, ,billing,",
    HEADWIND_INSECURE_REGISTRIES: "reg.example:5000",
    HEADWIND_LOG_FORMAT: "pretty",
  }, builtins);
  assert.is(config.HEADWIND_WEBHOOK_PORT, 0);
  assert.equal(config.HEADWIND_NAMESPACES, ["shop", "billing"]);
  assert.equal(config.HEADWIND_INSECURE_REGISTRIES, ["reg.example:5000"]);
  assert.is(config.HEADWIND_LOG_FORMAT, "pretty");
});

s("every mistake is told at once, core's and the plugins', by its variable and with what is accepted", () => {
  const number = (least: number, most: number) => `a whole number from ${least} to ${most} is wanted`;
  const faults = faultsOf({
    HEADWIND_WEBHOOK_PORT: "http",
    HEADWIND_API_PORT: "65536",
    HEADWIND_POLLING_INTERVAL: "0.5",
    HEADWIND_HEALTH_CHECK_INTERVAL: "never",
    HEADWIND_LOG_LEVEL: "loud",
    HEADWIND_CROSS_NAMESPACE: "perhaps",
    HEADWIND_NAMESPACES: "shop, Billing",
    HEADWIND_WEBHOOK_SECRET: "fifteen-letters",
    HEADWIND_LEASE_DURATION: "1.5",
    HEADWIND_POLLING_ENABLED: "perhaps",
    WEBHOOK_TIMEOUT: "soon",
    WEBHOOK_ENABLED: "true",
    WEBHOOK_MAX_RETRIES: "11",
  });
  assert.equal(faults.sort(), [
    `HEADWIND_API_PORT: ${number(0, 65535)} (it is "65536")`,
    'HEADWIND_CROSS_NAMESPACE: true or false is wanted (it is "perhaps")',
    'HEADWIND_HEALTH_CHECK_INTERVAL: a number from 0.1 to 3600 is wanted (it is "never")',
    `HEADWIND_LEASE_DURATION: ${number(3, 600)} (it is "1.5")`,
    'HEADWIND_LOG_LEVEL: debug or info or warn or error is wanted (it is "loud")',
    "HEADWIND_NAMESPACES: names of namespaces are wanted: lower-case letters, digits and hyphens " +
    '(it is "shop, Billing")',
    'HEADWIND_POLLING_ENABLED: true or false is wanted (it is "perhaps")',
    `HEADWIND_POLLING_INTERVAL: ${number(1, 86400)} (it is "0.5")`,
    `HEADWIND_WEBHOOK_PORT: ${number(0, 65535)} (it is "http")`,
    "HEADWIND_WEBHOOK_SECRET: at least 16 characters are wanted",
    `WEBHOOK_MAX_RETRIES: ${number(0, 10)} (it is "11")`,
    'WEBHOOK_TIMEOUT: a number from 1 to 300 is wanted (it is "soon")',
    "WEBHOOK_URL: is wanted, because WEBHOOK_ENABLED is true",
  ]);
});

s("no setting of Headwind's is refused in another library's words", () => {
  const nonsense = Object.fromEntries(Object.keys(coreSettings.shape).map((name) => [name, "\u0000 -1.5 ?"]));
  const faults = faultsOf(nonsense);
  assert.ok(faults.length > 20, faults.join("\n"));
  for (const fault of faults) assert.not.match(fault, /Invalid|expected|received|Too (small|big)|NaN/);
});

s("two servers at one port are a mistake of the second", () => {
  assert.equal(faultsOf({ HEADWIND_API_PORT: "8080", HEADWIND_METRICS_PORT: "8080" }), [
    'HEADWIND_API_PORT: another port than that of HEADWIND_WEBHOOK_PORT is wanted (it is "8080")',
    'HEADWIND_METRICS_PORT: another port than that of HEADWIND_WEBHOOK_PORT is wanted (it is "8080")',
  ]);
  assert.equal(faultsOf({ HEADWIND_API_PORT: "0", HEADWIND_METRICS_PORT: "0" }), [], "each free one is another");
});

s("no secret is told", () => {
  const secrets = (z: Parameters<NonNullable<Plugin["settings"]>>[0]) =>
    z.object(Object.fromEntries(
      ["MY_PASSWORD", "MY_TOKEN", "MY_API_KEY", "MY_SECRET", "MY_URL"]
        .map((name) => [name, z.string().max(3).describe("Short")]),
    ));
  const env = { MY_PASSWORD: "hunter2", MY_TOKEN: "hunter2", MY_API_KEY: "hunter2", MY_SECRET: "hunter2" };
  const faults = faultsOf({ ...env, MY_URL: "https://a.example/hunter2" }, [withSettings(secrets)]);
  assert.is(faults.length, 5);
  for (const fault of faults) assert.not.match(fault, "hunter2");
});

s("an empty or blank variable counts as absent", () => {
  const { config, ofPlugin } = readSettings({
    HEADWIND_WEBHOOK_PORT: "",
    HEADWIND_API_PORT: "  ",
    HEADWIND_WEBHOOK_SECRET: "",
    HEADWIND_LOG_LEVEL: "",
    WEBHOOK_URL: "",
  }, builtins);
  assert.is(config.HEADWIND_WEBHOOK_PORT, 8080);
  assert.is(config.HEADWIND_API_PORT, 8081);
  assert.is(config.HEADWIND_WEBHOOK_SECRET, undefined);
  assert.is(config.HEADWIND_LOG_LEVEL, "info");
  assert.is(ofPlugin.get("notifier/webhook")?.WEBHOOK_URL, undefined);
});

s("a variable of ours that nobody knows is a warning, with the one that may be meant", () => {
  const { warnings } = readSettings({
    HEADWIND_WEBHOOKS_PORT: "1",
    HEADWIND_WEBHOOK_TRSUT: "proof",
    HEADWIND_QUITE_ELSE: "a secret",
    HEADWIND_PORT: "1",
    headwind_namespaces: "shop",
    OTHER: "1",
    PATH: "/bin",
  }, builtins);
  assert.equal(warnings, [
    "HEADWIND_WEBHOOKS_PORT is no setting: is HEADWIND_WEBHOOK_PORT meant?",
    "HEADWIND_WEBHOOK_TRSUT is no setting: is HEADWIND_WEBHOOK_TRUST meant?",
    "HEADWIND_QUITE_ELSE is no setting",
    "HEADWIND_PORT is no setting: is HEADWIND_WEBHOOK_PORT or HEADWIND_API_PORT or HEADWIND_UI_PORT or HEADWIND_METRICS_PORT meant?",
    "headwind_namespaces is no setting: is HEADWIND_NAMESPACES meant?",
  ]);
});

s("an interval between polls below the least one is told to be lifted to it", () => {
  const warnings = (given: Record<string, string>) => readSettings(given, builtins).warnings;
  assert.equal(warnings({ HEADWIND_POLLING_INTERVAL: "1" }), [
    "HEADWIND_POLLING_INTERVAL is 1, less than HEADWIND_POLLING_MIN_INTERVAL: 60 s is used",
  ]);
  assert.equal(warnings({ HEADWIND_POLLING_INTERVAL: "1", HEADWIND_POLLING_MIN_INTERVAL: "1" }), []);
});

s("a plugin's variables are its own", () => {
  const taking = (name: string) =>
    withSettings((z) => z.object({ HEADWIND_HOST: z.string().optional(), MINE: z.string().optional() }), name);
  assert.equal(faultsOf({}, [taking("one"), taking("two")]), [
    "HEADWIND_HOST: plugin trigger/one takes a variable that is taken",
    "HEADWIND_HOST: plugin trigger/two takes a variable that is taken",
    "MINE: plugin trigger/two takes a variable that is taken",
  ]);
});

s("a plugin whose settings cannot be read is told beside all other mistakes", () => {
  const given = [
    withSettings(() => {
      throw new Error("no such luck");
    }, "throws"),
    withSettings((z) => z.string() as never, "text"),
    withSettings((z) => z.object({ LATE: z.string().default("").refine(async () => true) }), "late"),
  ];
  const faults = faultsOf({ HEADWIND_API_PORT: "x" }, given);
  assert.match(faults[0]!, /^HEADWIND_API_PORT: /);
  assert.is(faults[1], "plugin trigger/throws: its settings cannot be read: no such luck");
  assert.is(faults[2], "plugin trigger/text: its settings cannot be read: they are no z.object");
  assert.match(faults[3]!, /^plugin trigger\/late: its settings cannot be read: /);
  assert.is(faults.length, 4);
});

s("where plugins are is read before, whatever else is wrong", () => {
  const places = readPluginPlaces({
    HEADWIND_PLUGINS_DIR: "/etc/headwind",
    HEADWIND_DISABLED_PLUGINS: "trigger/poller, notifier/webhook",
    HEADWIND_API_PORT: "wrong",
  });
  assert.equal(places, {
    HEADWIND_PLUGINS_DIR: "/etc/headwind",
    HEADWIND_DISABLED_PLUGINS: ["trigger/poller", "notifier/webhook"],
  });
  assert.equal(readPluginPlaces({}).HEADWIND_DISABLED_PLUGINS, []);
});

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

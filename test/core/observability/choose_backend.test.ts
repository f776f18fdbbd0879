import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Candidate, chooseBackend, type ChoosingOptions } from "../../../core/observability/choose_backend.ts";
import type { FoundPlaces } from "../../../core/observability/backend_services.ts";
import type { MetricsPlugin } from "../../../core/plugin.ts";
import { observabilitySettings } from "../../../core/observability/observability_settings.ts";

const s = suite("which metrics backend is used");
const plugin = (name: string): MetricsPlugin => ({
  kind: "metrics",
  name,
  title: name.toUpperCase(),
  description: "A backend of the tests.",
  available: () => Promise.reject(new Error("probe is asked instead")),
  current: () => Promise.resolve([]),
  range: () => Promise.resolve([]),
});
const plugins = ["live", "own", "influxdb", "victoriametrics", "prometheus"].map(plugin);
const inCluster: FoundPlaces = {
  places: [
    { plugin: "prometheus", url: "http://a" },
    { plugin: "prometheus", url: "http://b" },
    { plugin: "victoriametrics", url: "http://v" },
  ],
  listed: true,
};

interface Asked {
  settings?: unknown;
  /** By address, or the plugin's name where it has none. */
  good?: string[];
  /** Why others are not; "cannot be reached" of all else. */
  because?: Record<string, string>;
  options?: Partial<ChoosingOptions>;
}

async function choose({ settings = {}, good = [], because = {}, options = {} }: Asked) {
  const probed: string[] = [];
  const { chosen, passed } = await chooseBackend({
    plugins,
    settings: observabilitySettings.parse(settings),
    find: () => Promise.resolve(inCluster),
    probe({ plugin, place }: Candidate) {
      const at = place?.url ?? plugin.name;
      probed.push(at);
      return Promise.resolve(
        good.includes(at) || plugin.name === "live" ? undefined : because[at] ?? `${plugin.title} cannot be reached`,
      );
    },
    ...options,
  });
  return {
    chosen: chosen && [chosen.plugin.name, chosen.place?.url, chosen.found],
    passed: passed.map(({ name, url, why }) => [name, ...(url ? [url] : []), why].join(": ")),
    probed,
  };
}

s("found ones are asked in order, and the first that can be used is it, though a later one can too", async () => {
  assert.equal((await choose({ good: ["http://a", "http://b", "http://v"] })).chosen, ["prometheus", "http://a", true]);
  assert.equal((await choose({ good: ["http://b", "http://v"] })).chosen, ["prometheus", "http://b", true]);
  const { chosen, passed } = await choose({ good: ["http://v"], because: { "http://a": "it knows no series" } });
  assert.equal(chosen, ["victoriametrics", "http://v", true]);
  assert.equal(passed, ["prometheus: http://a: it knows no series"]);
});

s("where none is to be had it is the replica's own numbers, and for each is said why", async () => {
  const { chosen, passed } = await choose({});
  assert.equal(chosen, ["live", undefined, false]);
  assert.equal(passed, [
    "prometheus: none answers among the cluster's Services",
    "victoriametrics: none answers among the cluster's Services",
    "influxdb: it is not enabled in headwind-config",
    "own: OWN cannot be reached",
  ]);
});

s("without the right to list Services that is said too", async () => {
  const find = () => Promise.resolve({ ...inCluster, listed: false });
  const { passed } = await choose({ options: { find } });
  assert.is(passed[0], "prometheus: none answers at its usual addresses, and Headwind may not list Services");
});

s("one that is set is asked there alone, and nobody looks for another of its kind", async () => {
  const settings = { prometheus: { url: "http://mine/" } };
  const { chosen, probed } = await choose({ settings, good: ["http://mine"] });
  assert.equal(chosen, ["prometheus", "http://mine", false]);
  assert.equal(probed, ["http://mine"]);
  const without = await choose({ settings, good: ["http://a", "http://v"] });
  assert.equal(without.chosen, ["victoriametrics", "http://v", true]);
  assert.equal(without.passed, ["prometheus: http://mine: PROMETHEUS cannot be reached"]);
});

s("what is turned off is not asked", async () => {
  const settings = { prometheus: { enabled: false }, victoriametrics: { enabled: false } };
  let looked = 0;
  const find = () => Promise.resolve((looked++, inCluster));
  const { chosen, probed } = await choose({ settings, good: ["http://a"], options: { find } });
  assert.equal(chosen, ["live", undefined, false]);
  assert.equal(probed, ["own", "live"]);
  assert.is(looked, 0);
});

s("InfluxDB comes third, with what is set for it", async () => {
  const influxdb = { enabled: true, url: "http://i:8086", token: "t" };
  assert.equal((await choose({ settings: { influxdb }, good: ["http://i:8086"] })).chosen, [
    "influxdb",
    "http://i:8086",
    false,
  ]);
  const { passed } = await choose({ settings: { influxdb: { ...influxdb, token: undefined } } });
  assert.ok(passed.includes("influxdb: headwind-config has no token for it"));
});

s("one that is named is the one, or the replica's own numbers", async () => {
  const metricsBackend = "victoriametrics";
  const settings = { metricsBackend, victoriametrics: { enabled: false } };
  assert.equal((await choose({ settings, good: ["http://a", "http://v"] })).chosen, [metricsBackend, "http://v", true]);
  const away = await choose({ settings, good: ["http://a"] });
  assert.equal(away.chosen, ["live", undefined, false]);
  assert.equal(away.passed, ["victoriametrics: none answers among the cluster's Services"]);
  assert.equal((await choose({ settings: { metricsBackend: "own" }, good: ["own"] })).chosen, [
    "own",
    undefined,
    false,
  ]);
  const { chosen, probed } = await choose({ settings: { metricsBackend: "live" }, good: ["http://a"] });
  assert.equal(chosen, ["live", undefined, false]);
  assert.equal(probed, ["live"]);
});

s("a name that no plugin has is said to be none", async () => {
  const { chosen, passed } = await choose({ settings: { metricsBackend: "promtheus" }, good: ["http://a"] });
  assert.equal(chosen, ["live", undefined, false]);
  assert.equal(passed, ["promtheus: there is no metrics plugin of that name: is prometheus meant?"]);
});

s("without any metrics plugin there is none", async () => {
  assert.equal((await choose({ options: { plugins: [] } })).chosen, undefined);
});

s("settings: what is absent is as it stands, a login in a URL is none, and what is wrong is named", () => {
  assert.equal(observabilitySettings.parse(undefined), observabilitySettings.parse({}));
  assert.is(observabilitySettings.parse({}).metricsBackend, "auto");
  assert.is(
    observabilitySettings.parse({ prometheus: { url: "http://p:80/prom/" } }).prometheus.url,
    "http://p:80/prom",
  );
  const faults = (value: unknown) =>
    observabilitySettings.safeParse(value).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  assert.equal(faults({ prometheus: { url: "http://ann:secret@p" } }), [
    "prometheus.url: no login stands in a URL: tokenFile names a file with one",
  ]);
  assert.equal(faults({ influxdb: { url: "ftp://p" } }), ["influxdb.url: a URL with http or https is wanted"]);
  assert.equal(faults({ metricsBackend: "Prom etheus" }), [
    "metricsBackend: auto or the name of a metrics plugin is wanted",
  ]);
});

s.run();

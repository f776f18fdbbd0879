import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createPluginHost } from "../../../core/host/plugin_host.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import { enabledNotifiers } from "../../../core/notify/deliver.ts";
import type { NotifierPlugin } from "../../../core/plugin.ts";

const s = suite("notifiers in use");

const notifier = (name: string, enabled: NotifierPlugin["enabled"]): NotifierPlugin => ({
  kind: "notifier",
  name,
  description: "Something.",
  enabled,
  deliver: async () => {},
});

s("those that their settings ask for; one that fails is left out and stops no other", () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line) });
  const host = createPluginHost({
    plugins: [
      notifier("failing", () => {
        throw new Error("no idea");
      }),
      notifier("off", () => false),
      notifier("on", ({ URL }) => URL === "set"),
    ],
    settings: new Map([["notifier/on", { URL: "set" }]]),
    log,
    metrics: createMetrics(),
    fetch: () => Promise.reject(),
  });
  assert.equal(enabledNotifiers(host, log).map(({ name }) => name), ["on"]);
  assert.is(lines.length, 1);
  const { level, plugin, error } = JSON.parse(lines[0]!);
  assert.equal([level, plugin, error], ["error", "notifier/failing", "no idea"]);
});

s.run();

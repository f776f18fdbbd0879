import { suite } from "uvu";
import * as assert from "uvu/assert";
import { namesTwice, tooLong, upwardImports } from "../../scripts/check/layers.ts";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { forbiddenImports, lintIgnores, sources } from "../../scripts/check/sources.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const s = suite("checks");

type Check = (files: { path: string; text: string }[]) => string[];
/** What each file, by path and text, is said to import and may not, and why. */
function obeys(check: Check, rows: [path: string, text: string, ...refused: string[]][]): void {
  const said = check(rows.map(([path, text]) => ({ path, text }))).map((line) => line.replace(/: lib, .*/, ""));
  const may = (refused: string) => refused.startsWith("is ") ? refused : `may not import ${refused}`;
  assert.equal(said, rows.flatMap(([path, , ...refused]) => refused.map((line) => `${path} ${may(line)}`)));
}

s("core imports core, a plugin the contract, the list of plugins all plugins", () => {
  obeys(forbiddenImports, [
    ["core/app/main.ts", 'import { a } from "./bus.ts";\nimport b from "hono";\nimport("../kube/client.ts");'],
    ["core/kube/client.ts", 'export type { Log } from "../plugin.ts";'],
    ["plugins/triggers/poller.ts", 'import type { Trigger } from "../../core/plugin.ts";'],
    ["plugins/builtin.ts", 'import a from "./triggers/poller.ts";\nimport "../core/plugin.ts";'],
  ]);
});

s("a plugin imports the folder of its own name, whose files import each other", () => {
  // deno-fmt-ignore
  obeys(forbiddenImports, [
    ["plugins/triggers/registry.ts", 'import { quay } from "./registry/quay.ts";'],
    ["plugins/triggers/registry/quay.ts", 'import "./names.ts";\nimport "../../../core/plugin.ts";'],
    ["plugins/triggers/registry/deep/er.ts", 'import "../names.ts";'],
    ["plugins/triggers/poller.ts", 'import "./poller/due.ts";'],
    ["plugins/triggers/dockerhub.ts", 'import "./registry/names.ts";', "plugins/triggers/registry/names.ts"],
    ["plugins/triggers/reg.ts", 'import "./registry/names.ts";', "plugins/triggers/registry/names.ts"],
    ["plugins/triggers/registry/quay.ts", 'import "../registry.ts";\nimport "../poller/due.ts";',
      "plugins/triggers/registry.ts", "plugins/triggers/poller/due.ts"],
    ["plugins/triggers/registry/names.ts", 'import "../../../core/versions/reference.ts";',
      "core/versions/reference.ts"],
    ["plugins/notifiers/registry.ts", 'import "../triggers/registry/names.ts";', "plugins/triggers/registry/names.ts"],
    ["core/app/main.ts", 'import "../../plugins/triggers/registry/names.ts";', "plugins/triggers/registry/names.ts"],
  ]);
});

s("a folder that no plugin has the name of is shared by those beside it", () => {
  // deno-fmt-ignore
  obeys(forbiddenImports, [
    ["plugins/metrics/prometheus.ts", 'import "./promql/client.ts";'],
    ["plugins/metrics/victoriametrics.ts", 'import "./promql/client.ts";'],
    ["plugins/metrics/promql/client.ts", 'import "../answers/whole.ts";\nimport "../prometheus.ts";',
      "plugins/metrics/prometheus.ts"],
    ["plugins/checks/promql.ts", 'import "../metrics/promql/client.ts";', "plugins/metrics/promql/client.ts"],
  ]);
});

s("a face imports its own files, core/ui.ts and the contract", () => {
  // deno-fmt-ignore
  obeys(forbiddenImports, [
    [
      "ui/kubectl/commands/why.ts",
      'import { a } from "../../../core/ui.ts";\nimport "../table.ts";\nimport type { Slot } from "../../../core/plugin.ts";',
    ],
    ["ui/kubectl/kinds.ts", 'import { builtins } from "../../plugins/builtin.ts";'],
    ["ui/kubectl/main.ts", 'import { a } from "../../core/lib/delay.ts";\nimport "../web/page.ts";',
      "core/lib/delay.ts", "ui/web/page.ts"],
    ["ui/web/page.ts", 'const a = await import("../../core/read_model/slot_report.ts");',
      "core/read_model/slot_report.ts"],
  ]);
});

s("what the faces import loads neither the operator nor its servers", async () => {
  const texts = new Map((await sources(root, ["core"])).map(({ path, text }) => [path, text]));
  const loaded = new Set(["core/ui.ts"]);
  for (const path of loaded) {
    for (const [, specifier] of texts.get(path)!.matchAll(/^(?:import|export) (?!type )[^;]*?from "(\.[^"]+)"/gm)) {
      loaded.add(join(dirname(path), specifier!));
    }
  }
  assert.ok(loaded.has("core/read_model/slot_report.ts"));
  assert.equal(
    [...loaded].filter((path) => /^core\/(?:server|notify|intake\/intake|app\/(?!set|identity_settings))/.test(path)),
    [],
  );
});

s("all else is named", () => {
  obeys(forbiddenImports, [
    ["core/app/main.ts", 'import {\n  a,\n} from "../../plugins/builtin.ts";', "plugins/builtin.ts"],
    ["core/server/approval_api.ts", 'const ui = await import("../../ui/app.ts");', "ui/app.ts"],
    [
      "plugins/triggers/poller.ts",
      'import { parse } from "../../core/versions/reference.ts";',
      "core/versions/reference.ts",
    ],
    ["plugins/workloads/cronjob.ts", 'import base from "./deployment.ts";', "plugins/workloads/deployment.ts"],
    ["plugins/builtin.ts", 'import { a } from "../core/app/bus.ts";', "core/app/bus.ts"],
  ]);
});

s("a rule that is let go is named with its line", () => {
  const text = "const a = 1;\n// deno-lint-ignore no-explicit-any\nconst b: any = 2;\n// deno-lint-ignore ban-types\n";
  assert.equal(lintIgnores([{ path: "core/a.ts", text }], "no-explicit-any"), ["core/a.ts:2 ignores no-explicit-any"]);
});

s("a file of core imports its own folder and the layers below", () => {
  // deno-fmt-ignore
  obeys(upwardImports, [
    ["core/kube/client.ts", 'import { a } from "./errors.ts";\nimport { b } from "../lib/delay.ts";'],
    ["core/registry/helm/tls.ts", 'import { a } from "../client.ts";\nimport type { B } from "../../plugin.ts";'],
    ["core/plugin.ts", 'export type * from "./plugin/check.ts";'],
    ["plugins/triggers/poller.ts", 'import type { A } from "../../core/plugin.ts";'],
    ["core/lib/work_queue.ts", 'import { a } from "../kube/client.ts";', "core/kube/client.ts: kube is above lib"],
    ["core/plugin/check_plugin.ts", 'export type { A } from "../telemetry/log.ts";',
      "core/telemetry/log.ts: telemetry is above plugin"],
    ["core/versions/range.ts", 'const a = await import("../registry/helm/tls.ts");',
      "core/registry/helm/tls.ts: registry is above versions"],
    ["core/bus.ts", "", "is in no layer"],
    ["core/elsewhere/bus.ts", "", "is in no layer"],
  ]);
});

s("two files of one name, and files of more than one idea, are named", () => {
  const lines = { "core/a/x.ts": 3, "core/b/x.ts": 1, "core/b/y.ts": 2 };
  const files = Object.entries(lines).map(([path, count]) => ({ path, text: "1\n".repeat(count) }));
  assert.equal(namesTwice(files), ["x.ts is core/a/x.ts and core/b/x.ts"]);
  assert.equal(tooLong(files, 2), ["core/a/x.ts has 3 lines, of at most 2"]);
});

s.run();

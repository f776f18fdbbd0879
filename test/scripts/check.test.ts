import { suite } from "uvu";
import * as assert from "uvu/assert";
import { namesTwice, tooLong, upwardImports } from "../../scripts/check/layers.ts";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { forbiddenImports, lintIgnores, sources } from "../../scripts/check/sources.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const s = suite("checks");

s("core imports core, a plugin the contract, the list of plugins all plugins", () => {
  const good = [
    {
      path: "core/app/main.ts",
      text: 'import { a } from "./bus.ts";\nimport b from "hono";\nimport("../kube/client.ts");',
    },
    { path: "core/kube/client.ts", text: 'export type { Log } from "../plugin.ts";' },
    { path: "plugins/triggers/poller.ts", text: 'import type { Trigger } from "../../core/plugin.ts";' },
    { path: "plugins/builtin.ts", text: 'import a from "./triggers/poller.ts";\nimport "../core/plugin.ts";' },
  ];
  assert.equal(forbiddenImports(good), []);
});

s("a plugin imports the folder of its own name, whose files import each other", () => {
  const good = [
    { path: "plugins/triggers/registry.ts", text: 'import { quay } from "./registry/quay.ts";' },
    { path: "plugins/triggers/registry/quay.ts", text: 'import "./names.ts";\nimport "../../../core/plugin.ts";' },
    { path: "plugins/triggers/registry/deep/er.ts", text: 'import "../names.ts";' },
  ];
  assert.equal(forbiddenImports(good), []);
  const bad = [
    { path: "plugins/triggers/dockerhub.ts", text: 'import "./registry/names.ts";' },
    { path: "plugins/triggers/reg.ts", text: 'import "./registry/names.ts";' },
    { path: "plugins/triggers/registry/quay.ts", text: 'import "../registry.ts";\nimport "../poller/due.ts";' },
    { path: "plugins/triggers/registry/names.ts", text: 'import "../../../core/versions/reference.ts";' },
    { path: "plugins/notifiers/registry.ts", text: 'import "../triggers/registry/names.ts";' },
    { path: "core/app/main.ts", text: 'import "../../plugins/triggers/registry/names.ts";' },
  ];
  assert.equal(forbiddenImports(bad), [
    "plugins/triggers/dockerhub.ts may not import plugins/triggers/registry/names.ts",
    "plugins/triggers/reg.ts may not import plugins/triggers/registry/names.ts",
    "plugins/triggers/registry/quay.ts may not import plugins/triggers/registry.ts",
    "plugins/triggers/registry/quay.ts may not import plugins/triggers/poller/due.ts",
    "plugins/triggers/registry/names.ts may not import core/versions/reference.ts",
    "plugins/notifiers/registry.ts may not import plugins/triggers/registry/names.ts",
    "core/app/main.ts may not import plugins/triggers/registry/names.ts",
  ]);
});

s("a face imports its own files, core/ui.ts and the contract", () => {
  const good = [{
    path: "ui/kubectl/commands/why.ts",
    text:
      'import { a } from "../../../core/ui.ts";\nimport "../table.ts";\nimport type { Slot } from "../../../core/plugin.ts";',
  }, { path: "ui/kubectl/kinds.ts", text: 'import { builtins } from "../../plugins/builtin.ts";' }];
  assert.equal(forbiddenImports(good), []);
  const bad = [
    { path: "ui/kubectl/main.ts", text: 'import { a } from "../../core/lib/delay.ts";\nimport "../web/page.ts";' },
    { path: "ui/web/page.ts", text: 'const a = await import("../../core/read_model/slot_report.ts");' },
  ];
  assert.equal(forbiddenImports(bad), [
    "ui/kubectl/main.ts may not import core/lib/delay.ts",
    "ui/kubectl/main.ts may not import ui/web/page.ts",
    "ui/web/page.ts may not import core/read_model/slot_report.ts",
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
  assert.equal([...loaded].filter((path) => /^core\/(?:server|notify|intake\/intake|app\/(?!set))/.test(path)), []);
});

s("all else is named", () => {
  const bad = [
    { path: "core/app/main.ts", text: 'import {\n  a,\n} from "../../plugins/builtin.ts";' },
    { path: "core/server/approval_api.ts", text: 'const ui = await import("../../ui/app.ts");' },
    { path: "plugins/triggers/poller.ts", text: 'import { parse } from "../../core/versions/reference.ts";' },
    { path: "plugins/workloads/cronjob.ts", text: 'import base from "./deployment.ts";' },
    { path: "plugins/builtin.ts", text: 'import { a } from "../core/app/bus.ts";' },
  ];
  assert.equal(forbiddenImports(bad), [
    "core/app/main.ts may not import plugins/builtin.ts",
    "core/server/approval_api.ts may not import ui/app.ts",
    "plugins/triggers/poller.ts may not import core/versions/reference.ts",
    "plugins/workloads/cronjob.ts may not import plugins/workloads/deployment.ts",
    "plugins/builtin.ts may not import core/app/bus.ts",
  ]);
});

s("a rule that is let go is named with its line", () => {
  const text = "const a = 1;\n// deno-lint-ignore no-explicit-any\nconst b: any = 2;\n// deno-lint-ignore ban-types\n";
  assert.equal(lintIgnores([{ path: "core/a.ts", text }], "no-explicit-any"), ["core/a.ts:2 ignores no-explicit-any"]);
});

s("a file of core imports its own folder and the layers below", () => {
  const good = [
    { path: "core/kube/client.ts", text: 'import { a } from "./errors.ts";\nimport { b } from "../lib/delay.ts";' },
    {
      path: "core/registry/helm/tls.ts",
      text: 'import { a } from "../client.ts";\nimport type { B } from "../../plugin.ts";',
    },
    { path: "core/plugin.ts", text: 'export type * from "./plugin/check.ts";' },
    { path: "plugins/triggers/poller.ts", text: 'import type { A } from "../../core/plugin.ts";' },
  ];
  assert.equal(upwardImports(good), []);
  const bad = [
    { path: "core/lib/work_queue.ts", text: 'import { a } from "../kube/client.ts";' },
    { path: "core/plugin/check_plugin.ts", text: 'export type { A } from "../telemetry/log.ts";' },
    { path: "core/versions/range.ts", text: 'const a = await import("../registry/helm/tls.ts");' },
    { path: "core/bus.ts", text: "" },
    { path: "core/elsewhere/bus.ts", text: "" },
  ];
  assert.equal(upwardImports(bad).map((line) => line.replace(/: lib, .*/, "")), [
    "core/lib/work_queue.ts may not import core/kube/client.ts: kube is above lib",
    "core/plugin/check_plugin.ts may not import core/telemetry/log.ts: telemetry is above plugin",
    "core/versions/range.ts may not import core/registry/helm/tls.ts: registry is above versions",
    "core/bus.ts is in no layer",
    "core/elsewhere/bus.ts is in no layer",
  ]);
});

s("two files of one name, and files of more than one idea, are named", () => {
  const files = [{ path: "core/a/x.ts", text: "1\n2\n3\n" }, { path: "core/b/x.ts", text: "1\n" }, {
    path: "core/b/y.ts",
    text: "1\n2\n",
  }];
  assert.equal(namesTwice(files), ["x.ts is core/a/x.ts and core/b/x.ts"]);
  assert.equal(tooLong(files, 2), ["core/a/x.ts has 3 lines, of at most 2"]);
});

s.run();

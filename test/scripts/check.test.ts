import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forbiddenImports, lintIgnores } from "../../scripts/check/sources.ts";

const s = suite("checks");

s("core imports core, a plugin the contract, the list of plugins all plugins", () => {
  const good = [
    { path: "core/main.ts", text: 'import { a } from "./bus.ts";\nimport b from "hono";\nimport("./kube/client.ts");' },
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
    { path: "plugins/triggers/registry/names.ts", text: 'import "../../../core/image/reference.ts";' },
    { path: "plugins/notifiers/registry.ts", text: 'import "../triggers/registry/names.ts";' },
    { path: "core/main.ts", text: 'import "../plugins/triggers/registry/names.ts";' },
  ];
  assert.equal(forbiddenImports(bad), [
    "plugins/triggers/dockerhub.ts may not import plugins/triggers/registry/names.ts",
    "plugins/triggers/reg.ts may not import plugins/triggers/registry/names.ts",
    "plugins/triggers/registry/quay.ts may not import plugins/triggers/registry.ts",
    "plugins/triggers/registry/quay.ts may not import plugins/triggers/poller/due.ts",
    "plugins/triggers/registry/names.ts may not import core/image/reference.ts",
    "plugins/notifiers/registry.ts may not import plugins/triggers/registry/names.ts",
    "core/main.ts may not import plugins/triggers/registry/names.ts",
  ]);
});

s("all else is named", () => {
  const bad = [
    { path: "core/main.ts", text: 'import {\n  a,\n} from "../plugins/builtin.ts";' },
    { path: "core/http/api.ts", text: 'const ui = await import("../../ui/app.ts");' },
    { path: "plugins/triggers/poller.ts", text: 'import { parse } from "../../core/image/reference.ts";' },
    { path: "plugins/workloads/cronjob.ts", text: 'import base from "./deployment.ts";' },
    { path: "plugins/builtin.ts", text: 'import { a } from "../core/bus.ts";' },
  ];
  assert.equal(forbiddenImports(bad), [
    "core/main.ts may not import plugins/builtin.ts",
    "core/http/api.ts may not import ui/app.ts",
    "plugins/triggers/poller.ts may not import core/image/reference.ts",
    "plugins/workloads/cronjob.ts may not import plugins/workloads/deployment.ts",
    "plugins/builtin.ts may not import core/bus.ts",
  ]);
});

s("a rule that is let go is named with its line", () => {
  const text = "const a = 1;\n// deno-lint-ignore no-explicit-any\nconst b: any = 2;\n// deno-lint-ignore ban-types\n";
  assert.equal(lintIgnores([{ path: "core/a.ts", text }], "no-explicit-any"), ["core/a.ts:2 ignores no-explicit-any"]);
});

s.run();

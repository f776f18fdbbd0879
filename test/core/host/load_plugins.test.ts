import * as assert from "uvu/assert";
import { mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { suite } from "uvu";
import { builtins } from "../../../plugins/builtin.ts";
import { idOf } from "../../../core/host/plugin_host.ts";
import { loadPlugins, PluginError } from "../../../core/host/load_plugins.ts";
import { mounted } from "../../support/mounted.ts";
import type { CheckPlugin, Plugin } from "../../../core/plugin.ts";

const s = suite("loading plugins");
const folders: string[] = [];
const strangers = fileURLToPath(new URL("../../fixtures/plugins", import.meta.url));

s.after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** A folder with these files. */
async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "headwind-plugins-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const fileOf = (fields: Record<string, unknown>) => `export default ${JSON.stringify(fields)};\n`;
/** The file of a workload plugin. */
function workload(name: string): string {
  const resource = { group: "a.example", version: "v1", plural: "things", kind: "Thing" };
  const fields = { kind: "workload", name, description: "Something.", resource, podTemplate: "/spec/template" };
  return fileOf(fields).replace(/};\n$/, ", rollout() {} };\n");
}
const trigger = (name: string, path: string): Plugin => ({
  kind: "trigger",
  name,
  description: "Something.",
  webhook: { path: path as `/${string}`, read: () => ({ sightings: [], ignored: [] }) },
});

async function faultsOf(options: Parameters<typeof loadPlugins>[0]): Promise<string[]> {
  const error = await loadPlugins(options).then(() => undefined, (error: unknown) => error);
  assert.instance(error, PluginError);
  const [first, ...faults] = (error as Error).message.split("\n");
  assert.is(first, "the plugins cannot be loaded:");
  return faults.map((fault) => fault.trim());
}

s("the built-in ones alone, without those that are disabled", async () => {
  assert.equal((await loadPlugins({ builtins })).map(idOf), builtins.map(idOf));
  const disabled = ["trigger/poller", "workload/cronjob"];
  const left = (await loadPlugins({ builtins, disabled })).map(idOf);
  assert.equal(left, builtins.map(idOf).filter((id) => !disabled.includes(id)));
});

s("strangers' files, one of each kind, beside the built-in ones", async () => {
  const loaded = await loadPlugins({ builtins, dir: strangers });
  const ids = ["trigger/feed", "check/light", "notifier/ntfy", "metrics/peer", "workload/replicationcontroller"];
  assert.equal(loaded.map(idOf), [...builtins.map(idOf), ...ids]);
});

s("only code is loaded, no test of it, and nothing whose name begins with a dot", async () => {
  const dir = await folderOf({
    "a.ts": workload("a"),
    "b.js": workload("b"),
    "c.mts": workload("c"),
    "d.mjs": workload("d"),
    ".hidden.ts": "throw new Error('hidden');",
    "types.d.ts": "export type A = 1;",
    "types.d.mts": "export type A = 1;",
    "a.test.ts": "throw new Error('a test');",
    "b.test.js": "throw new Error('a test');",
    "README.md": "# Mine",
    "a.ts.bak": "throw new Error('backup');",
  });
  assert.equal((await loadPlugins({ builtins: [], dir })).map(({ name }) => name), ["a", "b", "c", "d"]);
});

s("a mounted ConfigMap: links to links, each file once, and one instance of it", async () => {
  const { path, remove } = await mounted(strangers);
  try {
    const loaded = await loadPlugins({ builtins: [], dir: path });
    assert.equal(loaded.map(({ name }) => name), ["feed", "light", "ntfy", "peer", "replicationcontroller"]);
    const real = await realpath(join(path, "..data", "feed.ts"));
    const module: { default: unknown } = await import(pathToFileURL(real).href);
    assert.is(loaded[0], module.default);
  } finally {
    await remove();
  }
});

s("all that is wrong is told at once, with the file and the field", async () => {
  const dir = await folderOf({
    "a_cut.ts": "export default {",
    "b_throws.js": "throw new Error('no such luck');",
    "c_throws_text.js": "throw 'just a text';",
    "d_imports.js": "import 'no-such-package-anywhere'; export default {};",
    "e_nothing.js": "export const plugin = 1;",
    "f_null.js": "export default null;",
    "g_kind.js": fileOf({ kind: "gadget" }),
    "h_fields.js": fileOf({ kind: "notifier", name: "No Name" }),
    "i_twice.js": workload("deployment"),
  });
  await symlink("nowhere.ts", join(dir, "j_dangling.ts"));
  const faults = await faultsOf({ builtins, dir, disabled: ["trigger/poler"] });
  const told = (file: string) =>
    faults.filter((fault) => fault.includes(`/${file}: `)).map((fault) => fault.split(`/${file}: `)[1]);
  for (const file of ["a_cut.ts", "d_imports.js", "j_dangling.ts"]) assert.is(told(file).length, 1, file);
  assert.equal(told("b_throws.js"), ["no such luck"]);
  assert.equal(told("c_throws_text.js"), ["just a text"]);
  assert.equal(told("e_nothing.js"), ["the default export is no plugin object"]);
  assert.equal(told("f_null.js"), ["the default export is no plugin object"]);
  assert.equal(told("g_kind.js"), ['kind: is "gadget", not one of trigger, workload, check, notifier, metrics']);
  const fields = told("h_fields.js").map((fault) => fault!.split(":")[0]);
  assert.equal(fields, ["name", "description", "enabled", "deliver"]);
  assert.equal(told("i_twice.js"), ["the name workload/deployment is taken by workload/deployment (built in)"]);
  assert.ok(faults.includes("HEADWIND_DISABLED_PLUGINS: there is no plugin trigger/poler: is trigger/poller meant?"));
});

s("a folder that is not there is told by the variable", async () => {
  const [fault, ...others] = await faultsOf({ builtins, dir: "/nowhere/at/all" });
  assert.match(fault!, /^HEADWIND_PLUGINS_DIR: \/nowhere\/at\/all cannot be read: /);
  assert.equal(others, []);
});

s("two cannot have one path, or one metric; a disabled one has none", async () => {
  const [first, second] = [trigger("first", "/webhook/same"), trigger("second", "/webhook/same")];
  assert.equal(await faultsOf({ builtins: [first, second] }), [
    "built in: the path /webhook/same is taken by trigger/first (built in)",
  ]);
  const disabled = ["trigger/first"];
  assert.equal(await loadPlugins({ builtins: [first, second], disabled }), [second]);

  const metric = (name: string) => ({ name, type: "counter", help: "Things" } as const);
  const a = { ...trigger("a", "/webhook/a"), metrics: [metric("headwind_things_total")] };
  const b = { ...trigger("b", "/webhook/b"), metrics: [metric("headwind_things_total"), metric("headwind_leader")] };
  const c = { ...trigger("c", "/webhook/c"), metrics: [metric("headwind_own"), metric("headwind_own")] };
  assert.equal(await faultsOf({ builtins: [a, b, c] }), [
    "built in: the metric headwind_things_total is taken by trigger/a (built in)",
    "built in: the metric headwind_leader is taken by core",
    "built in: the metric headwind_own is taken by trigger/c (built in)",
  ]);
});

const check = (name: string, annotations: CheckPlugin["annotations"]): Plugin =>
  ({
    kind: "check",
    name,
    description: "A check of this test.",
    annotations,
    read: () => Promise.resolve({ state: "ok", message: "" }),
  }) as Plugin;
const withNames = (name: string, ...names: string[]) =>
  check(name, (z) => z.object(Object.fromEntries(names.map((one) => [one, z.string().optional()]))));
const faults = (plugins: Plugin[], disabled: string[] = []) =>
  loadPlugins({ builtins: plugins, disabled }).then(() => "", (error: Error) => error.message);

s("two checks with names of their own load", async () => {
  assert.is(await faults([withNames("a", "check-a", "check-a-limit"), withNames("b", "check-b")]), "");
});

s("names of Headwind's own and of another check are taken", async () => {
  const said = await faults([withNames("a", "check-a", "policy"), withNames("b", "check-b", "check-a")]);
  assert.match(said, "headwind.sh/policy is one of Headwind's own");
  assert.match(said, "headwind.sh/check-a belongs to another check");
  for (const name of ["soak", "update-history", "allow-from"]) {
    assert.match(await faults([withNames("a", name)]), "Headwind's own");
  }
});

s("a check that is left out has no names", async () => {
  assert.is(await faults([withNames("a", "check-a"), withNames("b", "check-a")], ["check/a"]), "");
});

s("what is no schema, none at all, and what is no name", async () => {
  const wanted = "annotations: a zod object with at least one annotation is wanted";
  assert.match(await faults([check("a", () => undefined as never)]), wanted);
  assert.match(
    await faults([check("a", () => {
      throw new Error("broken");
    })]),
    wanted,
  );
  assert.match(await faults([withNames("a")]), wanted);
  assert.match(await faults([withNames("a", "Check/A")]), "Check/A is no name");
  const { read: _, ...silent } = withNames("a", "check-a") as CheckPlugin;
  assert.match(await faults([silent as Plugin]), "read: a function is wanted");
});

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadPlugins } from "../../../core/host/load_plugins.ts";
import type { CheckPlugin, Plugin } from "../../../core/plugin.ts";

const s = suite("annotations of checks");

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

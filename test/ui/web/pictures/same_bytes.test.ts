// runs on: deno
import process from "node:process";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const s = suite("pictures on each runtime and in each zone");
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const file = fileURLToPath(new URL("../../../support/pictures.ts", import.meta.url));
const run = (command: string, args: string[], TZ: string) =>
  promisify(execFile)(`${root}node_modules/.bin/${command}`, [...args, file], { env: { ...process.env, TZ } });

s("the same bytes", async () => {
  const [node, deno, kiribati] = await Promise.all([
    run("node", [], "UTC"),
    run("deno", ["run", "-A", "--no-check"], "UTC"),
    run("deno", ["run", "-A", "--no-check"], "Pacific/Kiritimati"),
  ]);
  assert.ok(node.stdout.length > 10_000);
  assert.is(deno.stdout, node.stdout);
  assert.is(kiribati.stdout, node.stdout);
});

s.run();

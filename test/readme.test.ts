import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as z from "zod";
import { coreSettings } from "../core/app/config.ts";
import { loadPlugins } from "../core/host/load.ts";
import { openApiDocument } from "../core/server/openapi.ts";
import type { TriggerPlugin } from "../core/plugin.ts";
import { builtins } from "../plugins/builtin.ts";

const s = suite("README");
const root = fileURLToPath(new URL("../", import.meta.url));
const text = await readFile(join(root, "README.md"), "utf8");
const inCode = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
const run = promisify(execFile);
let dir: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-readme-"));
});
s.after(() => rm(dir, { recursive: true }));

s("its routes are those of the API's own document", () => {
  const told = inCode.filter((code) => /^(GET|POST) \/api\//.test(code)).sort();
  const { paths } = openApiDocument("0");
  const there = Object.entries(paths).filter(([path]) => path.startsWith("/api/"))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)).sort();
  assert.equal(told, there);
  assert.ok(there.length > 0);
});

s("it tells of every webhook's path", () => {
  for (const { webhook } of builtins.filter((plugin) => plugin.kind === "trigger") as TriggerPlugin[]) {
    if (webhook) assert.ok(text.includes(`\`${webhook.path}\``), webhook.path);
  }
});

s("every variable that it names exists", () => {
  const settings = [coreSettings, ...builtins.flatMap(({ settings }) => settings ? [settings(z)] : [])];
  const known = new Set(settings.flatMap(({ shape }) => Object.keys(shape)));
  const named = [...text.matchAll(/\bHEADWIND_(?!TESTBED_)[A-Z_]+/g)].map(([name]) => name);
  // the image that the manifest is to be given
  assert.equal(named.filter((name) => !known.has(name) && name !== "HEADWIND_IMAGE"), []);
});

s("every file and folder that it names exists", () => {
  const paths = [...text.matchAll(/\b(?:core|plugins|deploy|scripts|test)\/[\w./-]*\w/g)].map(([path]) => path);
  assert.ok(paths.includes("deploy/rbac.yaml"));
  assert.equal(paths.filter((path) => !existsSync(join(root, path))), []);
});

s("every npm script that it names exists, and so does what it runs", async () => {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const entry = await readFile(join(root, "scripts", "run.mjs"), "utf8");
  const files = new Map(
    [...entry.matchAll(/^ {2}"?([\w:]+)"?: \["\w+", "(scripts\/\w+\.ts)"\]/gm)].map(([, name, file]) => [name!, file!]),
  );
  for (const [, run, short] of text.matchAll(/\bnpm (?:run ([\w:]+)|(test|start))\b/g)) {
    const name = run ?? short!;
    assert.ok(name in scripts, `npm run ${name}`);
    const file = files.get(name);
    assert.ok(file && existsSync(join(root, file)), `npm run ${name} runs ${file}`);
  }
});

s("its plugin is one: it has the right types, loads, and reads its body", async () => {
  const code = /```ts\n([^]*?)```/.exec(text)![1]!;
  await writeFile(join(dir, "example.ts"), code);
  const deno = join(root, "node_modules", ".bin", "deno");
  await run(deno, ["check", "--quiet", "--config", join(root, "deno.json"), join(dir, "example.ts")], { cwd: root });
  const [plugin] = await loadPlugins({ builtins: [], dir }) as [TriggerPlugin];
  const refuse = (field: string): never => {
    throw new Error(field);
  };
  const call = { headers: new Headers(), url: new URL("http://127.0.0.1/"), z, refuse };
  const { sightings } = plugin.webhook!.read({ ...call, body: { name: "shop", version: "1.2.3" } });
  assert.equal(sightings, [{
    artifact: { type: "image", repository: "reg.example/shop" },
    versions: [{ tag: "1.2.3" }],
    via: "webhook",
    complete: false,
  }]);
  assert.throws(() => plugin.webhook!.read({ ...call, body: {} }), "name");
});

s.run();

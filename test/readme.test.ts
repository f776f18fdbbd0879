import { references } from "../core/versions/reference.ts";
import * as assert from "uvu/assert";
import * as z from "zod";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import { coreSettings } from "../core/app/setting_schema.ts";
import { loadPlugins } from "../core/host/load_plugins.ts";
import { documentOf } from "./core/server/api_harness.ts";
import type { TriggerPlugin } from "../core/plugin.ts";
import { builtins } from "../plugins/builtin.ts";
import { readmeCode, readmes } from "./support/readme.ts";

const s = suite("what the README files say");
const root = fileURLToPath(new URL("../", import.meta.url));
const texts = await readmes();
const text = [...texts.values()].join("\n");
const inCode = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
const run = promisify(execFile);
let dir: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-readme-"));
});
s.after(() => rm(dir, { recursive: true }));

s("their routes are those of the API's own document", async () => {
  const told = inCode.filter((code) => /^(GET|POST) \/api\//.test(code)).sort();
  const { paths } = await documentOf();
  const there = Object.entries(paths).filter(([path]) => path.startsWith("/api/"))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)).sort();
  assert.equal(told, there);
  assert.ok(there.length > 0);
});

s("they tell of every webhook's path", () => {
  for (const { webhook } of builtins.filter((plugin) => plugin.kind === "trigger") as TriggerPlugin[]) {
    if (webhook) assert.ok(text.includes(`\`${webhook.path}\``), webhook.path);
  }
});

s("every variable that they name exists", () => {
  const settings = [coreSettings, ...builtins.flatMap(({ settings }) => settings ? [settings(z)] : [])];
  const known = new Set(settings.flatMap(({ shape }) => Object.keys(shape)));
  const named = [...text.matchAll(/\bHEADWIND_(?!TESTBED_)[A-Z_]+/g)].map(([name]) => name);
  // the image that the manifest is to be given, and variables of the test bed and of the tests
  for (const name of ["HEADWIND_IMAGE", "HEADWIND_CACHE", "HEADWIND_SENTENCES", "HEADWIND_SCREENSHOTS"]) {
    known.add(name);
  }
  assert.equal(named.filter((name) => !known.has(name)), []);
});

s("every file and folder that they name exists", () => {
  const paths = [...text.matchAll(/\b(?:core|plugins|ui|deploy|scripts|test)\/[\w./-]*\w/g)].map(([path]) => path);
  assert.ok(paths.includes("deploy/rbac.yaml"));
  assert.equal(paths.filter((path) => !existsSync(join(root, path))), []);
});

s("every link leads to a file, and to a heading in it", async () => {
  const anchorsOf = (text: string) =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-")
    );
  const broken: string[] = [];
  let links = 0;
  for (const [path, text] of texts) {
    for (const [, to] of text.replaceAll(/^```.*?^```/gms, "").matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = "", anchor] = to!.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      links++;
      const there = texts.get(target) ?? await readFile(join(root, target), "utf8").catch(() => undefined);
      if (there === undefined || (anchor !== undefined && !anchorsOf(there).includes(anchor))) {
        broken.push(`${path}: ${to}`);
      }
    }
  }
  assert.equal(broken, []);
  assert.ok(links > 10);
});

s("README.md is short, and leads to every other", () => {
  const first = texts.get("README.md")!;
  assert.ok(first.split("\n").length <= 250);
  const others = [...texts.keys()].filter((path) => path !== "README.md");
  assert.equal(others.filter((path) => !first.includes(`](${path})`)), []);
});

s("every npm script that they name exists, and so does what it runs", async () => {
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

s("their plugin is one: it has the right types, loads, and reads its body", async () => {
  const code = await readmeCode("Writing a plugin", "ts");
  await writeFile(join(dir, "example.ts"), code);
  const deno = join(root, "node_modules", ".bin", "deno");
  await run(deno, ["check", "--quiet", "--config", join(root, "deno.json"), join(dir, "example.ts")], { cwd: root });
  const [plugin] = await loadPlugins({ builtins: [], dir }) as [TriggerPlugin];
  const refuse = (field: string): never => {
    throw new Error(field);
  };
  const call = { headers: new Headers(), url: new URL("http://127.0.0.1/"), z, references, refuse };
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

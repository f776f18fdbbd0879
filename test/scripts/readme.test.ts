import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadAll } from "js-yaml";
import { conformance } from "headwind/conformance";
import type { NotifierPlugin } from "headwind";
import dockerhub from "../../plugins/triggers/dockerhub.ts";
import registry from "../../plugins/triggers/registry.ts";
import { readOnce } from "../conformance/reading.ts";
import { inShort } from "../conformance/sighting.ts";
import { commandIndex, readArguments } from "../../ui/kubectl/arguments.ts";
import { commands } from "../../ui/kubectl/commands.ts";
import { loadPlugins } from "../../core/host/load_plugins.ts";
import { codeBlocks, readmes } from "../support/readme.ts";

const s = suite("what the README files show");
const root = fileURLToPath(new URL("../../", import.meta.url));
const shell = (await codeBlocks()).filter(({ language }) => language === "sh").map(({ code }) => code);
const lines = shell.flatMap((code) => code.replaceAll("\\\n", " ").split("\n"));
const folder = await mkdtemp(join(tmpdir(), "headwind-readme-"));

s.after(() => rm(folder, { recursive: true, force: true }));

/** Words of a line as a shell would give them to a program; variables stay as they are. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));

s("its webhook calls are understood", () => {
  const calls = lines.filter((line) => line.startsWith("curl ") && line.includes("/webhook/"));
  const told = calls.map((line) => {
    const words = wordsOf(line.replaceAll("$REGISTRY", "127.0.0.1:5000"));
    const url = new URL(words.find((word) => word.startsWith("http"))!);
    const plugin = url.pathname === dockerhub.webhook!.path ? dockerhub : registry;
    assert.is(url.pathname, plugin.webhook!.path);
    assert.ok(url.searchParams.has("token") || words.some((word) => word.startsWith("authorization: Bearer ")), line);
    assert.ok(words.includes("content-type: application/json"), line);
    const outcome = readOnce(plugin, { body: JSON.parse(words[words.indexOf("-d") + 1]!) });
    assert.not(outcome.refused, line);
    return outcome.refused ? [] : outcome.reading.sightings.flatMap(inShort);
  });
  assert.equal(told, [["127.0.0.1:5000/team/web:1.3.0"], ["docker.io/team/web:1.3.0"]]);
});

s("its npm scripts, files and commands of kubectl headwind are there", async () => {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const run = lines.flatMap((line) => [...line.matchAll(/npm (?:run )?(test|[\w:]+)/g)].map(([, name]) => name!));
  for (const name of run) assert.ok(name in scripts, name);
  for (const line of lines) {
    const [, file] = /kubectl apply -[fk] (deploy\/\S+)/.exec(line) ?? [];
    if (file) assert.ok(existsSync(join(root, file)), file);
  }
  const readme = [...(await readmes()).values()].join("\n");
  const typed = [...readme.matchAll(/(?:^\$ |: )kubectl headwind (.+)$/gm)].map(([, line]) => line!.split(" "));
  assert.ok(typed.length >= 5);
  for (const args of typed) {
    const index = commandIndex(args)!;
    readArguments(commands.find(({ name }) => name === args[index])!, args.filter((_, at) => at !== index));
  }
});

s("their YAML can be read", async () => {
  for (const { path, language, code, section } of await codeBlocks()) {
    if (language !== "yaml") continue;
    assert.not.throws(() => loadAll(code), `${path}, ${section}`);
  }
});

s("its trigger conforms, tried from another folder as it says", async () => {
  const blocks = (await codeBlocks()).filter(({ section }) => section === "Writing a plugin");
  const code = (language: string) => blocks.find((block) => block.language === language)!.code;
  await writeFile(join(folder, "my-registry.ts"), code("ts"));
  await writeFile(join(folder, "my-registry.test.ts"), code("ts ignore"));
  const [program, ...args] = wordsOf(code("sh").trim().replaceAll("../headwind/", root));
  const { stdout } = await promisify(execFile)(program!, args, { cwd: folder });
  assert.match(stdout, /Passed: +\d+\n/);
  const broken = code("ts ignore").replace("says:", "say:");
  await writeFile(join(folder, "my-registry.test.ts"), broken);
  const failed = await promisify(execFile)(program!, args, { cwd: folder }).catch(({ stdout }) => ({ stdout }));
  assert.match(failed.stdout, /there is no say: is says meant\?/);
  assert.match(failed.stdout, /Total: +1\n/);
  await writeFile(join(folder, "my-registry.ts"), code("ts").replace('"/webhook/', '"webhook/'));
  const misshapen = await promisify(execFile)(program!, args, { cwd: folder }).catch(({ stdout }) => ({ stdout }));
  assert.match(misshapen.stdout, /webhook\.path: begins with \/webhook\/[^]*Total: +1\n/);
});

s.run();

const [, notifier] = (await codeBlocks()).filter(({ section, language }) =>
  section === "Writing a plugin" && language === "ts"
);
const written = await mkdtemp(join(tmpdir(), "headwind-readme-"));
await writeFile(join(written, "my-board.ts"), notifier!.code);
const [board] = await loadPlugins({ builtins: [], dir: written });
await rm(written, { recursive: true });
conformance(board as NotifierPlugin, { env: (url) => ({ MY_BOARD_URL: url }) }).run();

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { HELP, readCommandLine, readOptions } from "./command_line.ts";
import { fileURLToPath } from "node:url";
import { namesTwice, tooLong, upwardImports } from "./check/layers.ts";
import { documents } from "./docs/documents.ts";
import { forbiddenImports, lintIgnores, sources } from "./check/sources.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const deno = join(root, "node_modules", ".bin", "deno");
/** Of a file of core. */
const mostLines = 250;

/** A check: what is wrong, or nothing. */
type Check = () => Promise<string>;

const folders = ["core", "plugins", "ui", "scripts", "test"].filter((folder) => existsSync(join(root, folder)));
const checks: Record<string, Check> = {
  format: () => run(deno, ["fmt", "--check"]),
  lint: () => run(deno, ["lint"]),
  types: () => run(deno, ["check", ...folders]),
  "README's code": async () => run(deno, ["check", "--doc-only", ...await documents(root)]),
  documentation: async () => {
    if (!existsSync(join(root, "scripts", "docs.ts"))) return "scripts/docs.ts is missing";
    return await run(deno, ["run", "--allow-all", "--quiet", "scripts/docs.ts", "--check"]);
  },
  imports: async () => forbiddenImports(await sources(root, ["core", "plugins", "ui"])).join("\n"),
  layers: async () => upwardImports(await sources(root, ["core"])).join("\n"),
  "shape of core": async () => {
    const files = await sources(root, ["core"]);
    return [...namesTwice(files), ...tooLong(files, mostLines)].join("\n");
  },
  "no any": async () => lintIgnores(await sources(root, ["core"]), "no-explicit-any").join("\n"),
};

const usage = `usage: npm run check [-- NAME…]

Runs all checks, or those named. Ends with status 1 when one fails. There are: ${Object.keys(checks).join(", ")}.`;

/** Runs a command; its output when it fails. */
function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: "1" };
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => output += text);
    }
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? "" : output.trim() || `${args[0]} ended with status ${code}`));
  });
}

const { asked } = readCommandLine((args) => {
  const { values, positionals } = readOptions(args, HELP, { allowPositionals: true });
  const unknown = positionals.filter((name) => !(name in checks));
  if (unknown.length > 0 && !values.help) {
    throw new Error(`no check ${unknown.join(", ")}: there are ${Object.keys(checks).join(", ")}`);
  }
  return { ...values, asked: positionals };
}, usage);
let passed = 0;
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const wrong = await check().catch((error: Error) => error.message);
  if (wrong === "") passed++;
  else failed++;
  console.log(`${wrong === "" ? "ok  " : "FAIL"} ${name}`);
  if (wrong !== "") console.log(wrong.replace(/^/gm, "    "));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

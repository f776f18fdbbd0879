import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { builtins } from "../plugins/builtin.ts";
import { type PhaseFacts, PHASES } from "../core/requests/phases.ts";
import { POLICY_NAMES } from "../core/policy/policies.ts";
import { HELP, readCommandLine, readOptions } from "./command_line.ts";
import { readKept } from "./bench/kept.ts";
import { sources } from "./check/sources.ts";
import { blocksOf, differentBlocks, misplacedBlocks, withContents } from "./docs/blocks.ts";
import { contents } from "./docs/contents.ts";
import { withDescriptions, withEnums } from "./docs/crd_enums.ts";
import { documents } from "./docs/documents.ts";
import { iconShapes } from "./docs/icons.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const usage = `usage: npm run docs [-- --check] [FILE…]

Writes the generated blocks of each FILE (default: every README.md): annotations, settings, metrics and so on, from the
schemas and the plugins, the layers from the imports, and the figures of the last benchmark that was kept. Without a
FILE the CRD too, where its values come from the code, and the shapes of the dashboard's icons.

  --check   write nothing; name the blocks that are stale, and end with status 1 if there are any`;

/** A text as `deno fmt` wants it. */
function formatted(text: string, extension = "md"): Promise<string> {
  return new Promise((resolve, reject) => {
    const deno = join(root, "node_modules", ".bin", "deno");
    const child = spawn(deno, ["fmt", "--quiet", "--ext", extension, "-"], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => output += part);
    child.on("error", reject);
    child.on("close", (code) => code === 0 ? resolve(output) : reject(new Error(`deno fmt ended with status ${code}`)));
    child.stdin.end(text);
  });
}

function parseArguments(args: readonly string[]) {
  const options = { check: { type: "boolean", default: false }, ...HELP } as const;
  const { values, positionals } = readOptions(args, options, { allowPositionals: true });
  return { ...values, asked: positionals };
}

async function main(args: string[]): Promise<number> {
  const { check, asked } = readCommandLine(parseArguments, usage, args);
  const files = asked.length > 0 ? asked.map((file) => resolve(file)) : await documents(root).then(fromRoot);
  const texts = new Map(
    await Promise.all(
      files.map(async (file) => [relative(root, file), await readFile(file, "utf8")] as const),
    ),
  );
  const written = contents({ plugins: builtins, kept: await readKept(), core: await sources(root, ["core"]) });
  const misplaced = asked.length > 0 ? [] : misplacedBlocks(texts, Object.keys(written));
  for (const fault of misplaced) console.error(fault);
  let status = misplaced.length > 0 ? 1 : 0;
  for (const [name, old] of texts) {
    if (blocksOf(old).length === 0) continue;
    const text = await formatted(withContents(old, written));
    const stale = differentBlocks(old, text);
    if (!check) {
      if (text !== old) await writeFile(join(root, name), text);
      console.log(stale.length > 0 ? `${name}: wrote ${stale.join(", ")}` : `${name}: nothing new`);
    } else if (stale.length > 0) {
      console.error(`${name} is stale: ${stale.join(", ")}. Run: npm run docs`);
      status = 1;
    }
  }
  return asked.length > 0 ? status : Math.max(status, await writeCrd(check), await writeIcons(check));
}

/** What `kubectl explain` says of `status.phase`. */
function phaseDescription(): string {
  const phases = Object.entries<PhaseFacts>(PHASES).map(([phase, { meaning }]) =>
    `${phase}: ${meaning.replaceAll("`", "")}.`
  );
  return ["Where it stands.", ...phases].join("\n");
}

/** The values in the CRD that come from tables of the code. Gives 1 where they are stale and are not to be written. */
async function writeCrd(checks: boolean): Promise<number> {
  const name = join("deploy", "crds", "updaterequests.headwind.sh.yaml");
  const old = await readFile(join(root, name), "utf8");
  const enums = { policies: POLICY_NAMES, phases: Object.keys(PHASES) };
  const text = withDescriptions(withEnums(old, enums), { phases: phaseDescription() });
  if (checks && text !== old) console.error(`${name} is stale. Run: npm run docs`);
  if (checks) return text === old ? 0 : 1;
  if (text !== old) await writeFile(join(root, name), text);
  console.log(`${name}: ${text === old ? "nothing new" : "wrote its enums and descriptions"}`);
  return 0;
}

/** The shapes of the dashboard's icons. Gives 1 where they are stale and are not to be written. */
async function writeIcons(checks: boolean): Promise<number> {
  const name = join("ui", "web", "parts", "icon_shapes.ts");
  const old = await readFile(join(root, name), "utf8").catch(() => "");
  const text = await formatted(iconShapes(), "ts");
  if (checks && text !== old) console.error(`${name} is stale. Run: npm run docs`);
  if (checks) return text === old ? 0 : 1;
  if (text !== old) await writeFile(join(root, name), text);
  console.log(`${name}: ${text === old ? "nothing new" : "wrote its icons"}`);
  return 0;
}

const fromRoot = (names: string[]) => names.map((name) => join(root, name));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

// The one entry of all npm scripts. Plain JavaScript, because a machine's own Node may be too old for TypeScript:
// it installs the packages when they are missing or stale, then hands over to the Deno (or Node) that npm brought.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name) => join(root, "node_modules", ".bin", name);
const [task = "", ...args] = process.argv.slice(2);

const tasks = {
  start: ["deno", "scripts/start.ts"],
  "start:node": ["node", "scripts/start.ts"],
  demo: ["deno", "scripts/demo.ts"],
  test: ["deno", "scripts/test.ts"],
  bench: ["deno", "scripts/bench.ts"],
  testbed: ["deno", "scripts/testbed.ts"],
  soak: ["deno", "scripts/soak.ts"],
  docs: ["deno", "scripts/docs.ts"],
  bundle: ["deno", "scripts/bundle.ts"],
  check: ["deno", "scripts/check.ts"],
};

if (!(task in tasks)) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(tasks).join("|")} [arguments]`);
  process.exit(2);
}

const lock = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".headwind-lock.json");
const same = existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(lock, "utf8");
if (!same) {
  console.error("installing packages (npm ci), once …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (npm.status !== 0) {
    console.error("npm ci failed: see its lines above");
    process.exit(1);
  }
  copyFileSync(lock, installed);
}

const [runtime, script] = tasks[task];
const command = runtime === "deno" ? [bin("deno"), "run", "--allow-all", "--quiet"] : [bin("node"), "--no-warnings"];
const child = spawn(command[0], [...command.slice(1), join(root, script), ...args], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));

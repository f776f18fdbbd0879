#!/usr/bin/env -S deno run --allow-all --quiet --no-lock
// The one entry of all npm scripts and Deno tasks. Plain JavaScript, because a machine's own Node may be too old for
// TypeScript: it installs the packages when they are missing or stale, then hands over to the Deno (or Node) that came
// with them.
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name) => join(root, "node_modules", ".bin", name);
const underDeno = "Deno" in globalThis;
const [task = "", ...given] = process.argv.slice(2);
// npm takes the "--" before the arguments away, Deno leaves it
const args = given[0] === "--" ? given.slice(1) : given;

const tasks = {
  start: ["deno", "scripts/start.ts"],
  "start:node": ["node", "scripts/start.ts"],
  demo: ["deno", "scripts/demo.ts"],
  dev: ["deno", "scripts/dev.ts"],
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
  if (underDeno) installByDeno();
  else {
    console.error("installing packages (npm ci), once …");
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], root) ||
      fail("npm ci failed: see its lines above");
  }
  copyFileSync(lock, installed);
}

/** Where there may be no Node and no npm: the same packages in the same versions, with the Deno and the Node among them. */
function installByDeno() {
  // before, deno install looks for versions by itself, and not in package-lock.json
  const [major, minor] = globalThis.Deno.version.deno.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 9)) fail("Deno 2.9 or later is needed: deno upgrade");
  console.error("installing packages (deno install), once …");
  // of two locks one would be out of date some day
  const denoLock = join(root, "deno.lock");
  for (const path of [join(root, "node_modules"), denoLock]) rmSync(path, { recursive: true, force: true });
  const done = run(process.execPath, ["install", "--quiet"], root);
  rmSync(denoLock, { force: true });
  done || fail("deno install failed: see its lines above");
  // deno install runs no scripts of packages, by which npm lays the programs of this machine into these two
  createRequire(join(root, "package.json"))("./node_modules/deno/install_api.cjs").runInstall();
  link("deno", "../deno/deno");
  if (fetchNode()) link("node", "../node/bin/node");
  else console.error("no Node could be had: tests run on Deno alone");
}

/** The program that the package `node` has npm fetch. Gives whether it is there. */
function fetchNode() {
  const package_ = join(root, "node_modules", "node");
  const { version } = JSON.parse(readFileSync(join(package_, "package.json"), "utf8"));
  const { platform, arch } = process;
  const name = `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${platform}-${arch}`;
  // elsewhere, since deno install would find this project from every folder of it
  const folder = mkdtempSync(join(tmpdir(), "headwind-node-"));
  try {
    const config = { nodeModulesDir: "auto", lock: false, imports: { [name]: `npm:${name}@${version}` } };
    writeFileSync(join(folder, "deno.json"), JSON.stringify(config));
    if (!run(process.execPath, ["install", "--quiet"], folder)) return false;
    mkdirSync(join(package_, "bin"), { recursive: true });
    copyFileSync(join(folder, "node_modules", name, "bin", "node"), join(package_, "bin", "node"));
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function link(name, program) {
  rmSync(bin(name), { force: true });
  symlinkSync(program, bin(name));
}

function run(command, args, cwd) {
  // a proxy's own authority is known to the system, and not to Deno
  const env = { DENO_TLS_CA_STORE: "mozilla,system", ...process.env };
  return spawnSync(command, args, { cwd, env, stdio: ["ignore", 2, 2] }).status === 0;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

const [runtime, script] = tasks[task];
const command = runtime === "deno" ? [bin("deno"), "run", "--allow-all", "--quiet"] : [bin("node"), "--no-warnings"];
const child = spawn(command[0], [...command.slice(1), join(root, script), ...args], { stdio: "inherit" });
// not child.kill: after it Deno says that the child died of the signal, whatever its status is
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    try {
      process.kill(child.pid, signal);
    } catch {
      // it is ending
    }
  });
}
child.on("error", (error) => fail(`${runtime} cannot be run: ${error.message}`));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));

// runs on: deno
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const s = suite("test runner");
const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;

const head = `// runs on: deno
import { suite } from "uvu";
import * as assert from "uvu/assert";
const s = suite("fixture");
`;
const fixtures = {
  passing: `${head.replace("deno", "deno, node")}s("one", () => {});\ns("two", () => {});\ns.run();`,
  failing: `${head}s("one", () => {});\ns("two is three", () => assert.is(2, 3));\ns.run();`,
  crashing: `${head}s("one", () => {});\ns.run();\nthrow new Error("boom");`,
  leaving: `${head}s("one", () => {});\ns("two", () => Deno.exit(0));\ns.run();`,
  hanging: `// timeout: 2\n${head}s("one", () => new Promise((done) => setTimeout(done, 60_000)));\ns.run();`,
  empty: `${head}s.run();`,
  skipping: `${head}s("one", () => {});\ns.skip("two", () => {});\ns.run();`,
  hooking: `${head}s.before(() => { throw new Error("boom"); });\ns("one", () => {});\ns.run();`,
};

s.before(async () => {
  await mkdir(join(root, "dist"), { recursive: true });
  folder = await mkdtemp(join(root, "dist", "test-runner-"));
  for (const [name, text] of Object.entries(fixtures)) await writeFile(join(folder, `${name}.test.ts`), text);
});
s.after(() => rm(folder, { recursive: true }));

const command = ["run", "--allow-all", "--quiet", join(root, "scripts", "test.ts")];

function run(args: string[], env: Record<string, string> = {}) {
  // Deno's spawnSync hands the parent's variables on, whatever env says: those that must not be there are emptied
  const outside = { ...process.env, CI: "", HEADWIND_CI: "" };
  const all = [...command, "--folder", folder, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, {
    env: { ...outside, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr, last: stdout.trimEnd().split("\n").at(-1) };
}

s("what passes passes, on both runtimes", () => {
  const { status, stdout, last } = run(["passing"]);
  assert.is(last, "4 passed, 0 failed");
  assert.is(status, 0);
  for (const runtime of ["deno", "node"]) {
    assert.match(stdout, new RegExp(`ok   \\d/2 passing\\.test\\.ts \\(${runtime}\\): 2 passed, [\\d.]+ s`));
    assert.is(run(["passing", "--runtime", runtime]).last, "2 passed, 0 failed");
  }
});

s("what fails, crashes, leaves, hangs or has no tests fails, and is shown in full", () => {
  const { status, stdout, last } = run(["failing", "crashing", "leaving", "hanging", "empty", "hooking"]);
  assert.is(status, 1);
  assert.is(last, "1 passed, 6 failed");
  assert.match(stdout, "two is three");
  assert.match(stdout, "boom");
  assert.match(stdout, "leaving.test.ts (deno): ended with status");
  assert.match(stdout, "hanging.test.ts (deno): no end in 2 s");
  assert.match(stdout, "empty.test.ts (deno): has no tests");
  assert.match(stdout, "hooking.test.ts (deno): a hook failed");
  assert.is(stdout.match(/^failed: /gm)?.length, 6);
});

s("a skipped test is counted, and fails in CI", () => {
  const outside = run(["skipping"]);
  assert.equal([outside.status, outside.last], [0, "1 passed, 0 failed, 1 skipped"]);
  for (const name of ["CI", "HEADWIND_CI"]) {
    const inside = run(["skipping"], { [name]: "1" });
    assert.equal([inside.status, inside.last], [1, "1 passed, 1 failed"]);
  }
});

s("it lists, explains itself, and refuses what it does not know", () => {
  assert.equal(run(["ing", "--list", "--runtime", "node"]).stdout, "passing.test.ts (node)\n");
  assert.match(run(["--help"]).stdout, /^usage: npm test/);
  for (const args of [["--fast"], ["--jobs", "0"], ["--runtime", "bun"], ["--timeout"], ["absent"]]) {
    const { status, stderr, last } = run(args);
    assert.equal([status, last], [1, "0 passed, 1 failed"]);
    assert.ok(stderr.includes(args.at(-1)!.replace("0", "--jobs")), stderr);
  }
});

s("Ctrl-C ends what it started", async () => {
  const pidFile = join(folder, "pid");
  const text = `${head}s("one", () => new Promise((done) => setTimeout(done, 60_000)));\ns.run();
await Deno.writeTextFile(${JSON.stringify(pidFile)}, String(Deno.pid));`;
  await writeFile(join(folder, "staying.test.ts"), text);
  const runner = spawn(process.execPath, [...command, "--folder", folder, "staying"], { stdio: "ignore" });
  await eventually(() => existsSync(pidFile));
  const pid = Number(await readFile(pidFile, "utf8"));
  process.kill(runner.pid!, "SIGINT");
  const code = await new Promise((done) => runner.once("exit", done));
  assert.is(code, 130);
  await eventually(() => !existsSync(`/proc/${pid}`));
});

async function eventually(yes: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!yes()) {
    if (Date.now() > deadline) throw new Error("not in 30 s");
    await new Promise((done) => setTimeout(done, 50));
  }
}

s.run();

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundle, loadedAtStart, packagesIn } from "../../scripts/bundle.ts";

const s = suite("bundle");
const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);
let outdir: string;
let first: string[];
let metafile: Awaited<ReturnType<typeof bundle>>;

s.before(async () => {
  outdir = await mkdtemp(join(tmpdir(), "headwind-bundle-"));
});
s.after(() => rm(outdir, { recursive: true }));

s("it builds", async () => {
  metafile = await bundle(outdir);
  first = loadedAtStart(metafile, relative(root, join(outdir, "chunks", "start.cjs")));
  assert.ok(first.length > 0);
});

s("what a run in a cluster does not need is loaded only when needed", () => {
  const later = ["@kubernetes/client-node", "jose", "undici"];
  const packages = packagesIn(metafile, first);
  assert.ok(packages.includes("hono"));
  assert.equal(packages.filter((name) => later.includes(name)), []);
  for (const name of later) assert.ok(packagesIn(metafile, Object.keys(metafile.outputs)).includes(name), name);
});

s("it runs on Deno and on Node, with nothing around it", async () => {
  const bin = join(root, "node_modules", ".bin");
  const script = join(outdir, "headwind.js");
  const args = ["run", "--no-config", "--no-prompt", "--allow-env", `--allow-read=${outdir}`, script, "--help"];
  const deno = await run(join(bin, "deno"), args);
  const node = await run(join(bin, "node"), [script, "--help"]);
  assert.match(deno.stdout, /^usage: headwind/);
  assert.is(node.stdout, deno.stdout);
});

s("on both, packages of the older kind that are loaded when needed are what they are", async () => {
  const kubeconfig = join(outdir, "kubeconfig");
  await writeFile(
    kubeconfig,
    `
apiVersion: v1
kind: Config
current-context: a
contexts: [{ name: a, context: { cluster: a, user: a } }]
clusters: [{ name: a, cluster: { server: "http://127.0.0.1:1" } }]
users: [{ name: a, user: {} }]
`,
  );
  const ports = Object.fromEntries(["WEBHOOK", "API", "UI", "METRICS"].map((name) => [`HEADWIND_${name}_PORT`, "0"]));
  const env = { ...process.env, KUBECONFIG: kubeconfig, ...ports };
  const script = join(outdir, "headwind.js");
  for (const [runtime, ...args] of [["deno", "run", "--no-config", "--allow-all", script], ["node", script]]) {
    const command = join(root, "node_modules", ".bin", runtime!);
    const ended = await run(command, args, { env, timeout: 4000 }).catch((error) => error);
    const said = `${ended.stdout}${ended.stderr}`;
    assert.match(said, /127\.0\.0\.1:1\b/, said);
    assert.not.match(said, /is not a (?:function|constructor)/, said);
  }
});

s("the licence goes with it", async () => {
  assert.is(await readFile(join(outdir, "LICENSE"), "utf8"), await readFile(join(root, "LICENSE"), "utf8"));
});

s("loaded at the start is all that is imported, and nothing that import() brings", () => {
  const output = (...imports: [string, "import-statement" | "dynamic-import"][]) => ({
    bytes: 1,
    inputs: {},
    exports: [],
    imports: imports.map(([path, kind]) => ({ path, kind })),
  });
  const outputs = {
    "a.js": output(["b.js", "import-statement"], ["c.js", "dynamic-import"], ["node:fs", "import-statement"]),
    "b.js": output(["a.js", "import-statement"], ["d.js", "import-statement"]),
    "c.js": output(),
    "d.js": output(),
  };
  assert.equal(loadedAtStart({ inputs: {}, outputs }, "a.js"), ["a.js", "b.js", "d.js"]);
});

s.run();

// timeout: 600
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { assets } from "../../../scripts/testbed/assets.ts";
import { bundleKubectl } from "../../../scripts/bundle_kubectl.ts";
import { e2e } from "../suite.ts";
import { kubeconfigFor, type Ran } from "./run.ts";
import { openWorld, type Typist, type World } from "./world.ts";

const s = e2e("kubectl headwind in one file");
const bin = fileURLToPath(new URL("../../../node_modules/.bin", import.meta.url));

let world: World;
let ann: Typist;
let dir: string;
/** The file alone in a folder, with nothing of ours above it. */
let program: string;
let size: number;

s.before(async () => {
  world = await openWorld("one-file");
  dir = await mkdtemp(join(tmpdir(), "headwind-one-file-"));
  size = await bundleKubectl(join(dir, "dist"));
  program = join(dir, "kubectl-headwind");
  await copyFile(join(dir, "dist", "kubectl-headwind"), program);
  await symlink("kubectl-headwind", join(dir, "kubectl_complete-headwind"));
  ann = await world.typist("ann", ["edit"], "get,list,patch");
  await world.create("web");
  await world.tell("web", "1.1.0");
  await world.phase("web", "1.1.0", "Pending");
});

s.after(async () => {
  await rm(dir, { recursive: true, force: true });
  await world.fixture.stop();
});

/** Runs a program with a bare environment, whose Node is the one that npm brought. */
function run(command: string, args: string[], kubeconfig = ann.kubeconfig): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { HOME: dir, KUBECONFIG: kubeconfig, PATH: [bin, dir, "/usr/bin", "/bin"].join(delimiter) };
    execFile(command, args, { env }, (error, out, err) => {
      const code = error ? typeof error.code === "number" ? error.code : -1 : 0;
      resolve({ code, out, err });
    });
  });
}

const runtimes: Record<string, (...args: string[]) => [string, string[]]> = {
  "node": (...args) => [program, args],
  "deno": (...args) => [join(bin, "deno"), ["run", "--allow-all", "--quiet", program, ...args]],
};

s("it is one executable file of a few megabytes", async () => {
  const { mode } = await stat(program);
  assert.is(mode & 0o111, 0o111);
  assert.ok(size < 3 * 1024 * 1024, `${size} bytes`);
});

for (const [runtime, line] of Object.entries(runtimes)) {
  const on = (...args: string[]) => run(...line(...args));

  s(`on ${runtime}: it lists, tells why, changes, and prints YAML`, async () => {
    const list = await on("list");
    assert.equal([list.code, list.err], [0, ""]);
    assert.match(list.out, /^NAME +WORKLOAD +CONTAINER +FROM +TO +PHASE +REASON +AGE\nweb-app-1-1-0-/);
    const why = await on("why", "web");
    assert.equal([why.code, why.err], [0, ""]);
    assert.match(why.out, /^1\.1\.0 +waits +waits for approval/m);
    const yaml = await on("list", "-o", "yaml");
    assert.match(yaml.out, /^apiVersion: v1\nkind: List\n/);
    assert.match((await on("hold", "web", "--dry-run")).out, /holds everything \(server dry run\) for app/);
  });

  s(`on ${runtime}: what goes wrong is one line, and the exit code says how`, async () => {
    const usage = await on("list", "--frob");
    assert.equal(usage, { code: 2, out: "", err: "error: list has no flag --frob\n" });
    const none = await on("approve", "nothing");
    assert.is(none.code, 1);
    assert.match(none.err, /^error: there is no UpdateRequest nothing in namespace [\w-]+\n$/);
  });

  s(`on ${runtime}: a package.json above it, of whatever kind, is nothing to it`, async () => {
    for (const type of ["module", "commonjs"]) {
      await writeFile(join(dir, "package.json"), JSON.stringify({ type }));
      const { code, out, err } = await on("-h");
      assert.equal([code, err], [0, ""], type);
      assert.match(out, /^usage: kubectl headwind/);
    }
    await rm(join(dir, "package.json"));
  });

  s(`on ${runtime}: logins by a command, and by an auth-provider, are in the file too`, async () => {
    const { cluster } = world.fixture;
    const { users } = JSON.parse(await readFile(ann.kubeconfig, "utf8"));
    const token = users[0].user.token as string;
    const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token } };
    const command = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "/bin/echo",
      args: [JSON.stringify(credential)],
    };
    const logins = {
      exec: { exec: command },
      provider: {
        "auth-provider": {
          name: "oidc",
          config: { "id-token": token, "client-id": "x", "idp-issuer-url": "https://127.0.0.1:1" },
        },
      },
    };
    for (const [name, user] of Object.entries(logins)) {
      const kubeconfig = await kubeconfigFor(cluster, `${runtime}-${name}`, world.ns.namespace, user);
      const { code, out, err } = await run(...line("list", "-o", "name"), kubeconfig);
      assert.equal([code, err], [0, ""], name);
      assert.match(out, /^updaterequest\.headwind\.sh\/web-app-1-1-0-/);
    }
  });
}

s("kubectl itself finds it, and completes its words by it", async () => {
  const kubectl = join(await assets(), "kubectl");
  const list = await run(kubectl, ["headwind", "list", "-o", "name"]);
  assert.equal([list.code, list.err], [0, ""]);
  assert.match(list.out, /^updaterequest\.headwind\.sh\/web-app-1-1-0-/);
  const offered = async (...words: string[]) =>
    (await run(kubectl, ["__complete", "headwind", ...words])).out.split("\n");
  assert.ok((await offered("hi")).some((offer) => /^history\t/.test(offer)));
  assert.ok((await offered("why", "deploy")).includes("deployment/web"));
});

s("a reader that goes away early is no error", async () => {
  const { code, out, err } = await run("/bin/sh", ["-c", `'${program}' -h | head -1`]);
  assert.equal([code, out, err], [0, "usage: kubectl headwind COMMAND [flags]\n", ""]);
});

s("it may be piped into a program that reads nothing", async () => {
  const { err } = await run("/bin/sh", ["-c", `'${program}' list -o json | true`]);
  assert.is(err, "");
});

s.run();

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ControlPlane, startControlPlane } from "../../scripts/testbed/controlplane.ts";
import { eventually } from "../conformance/checks.ts";
import { cranePush, pushImage } from "../../scripts/testbed/push.ts";
import { type Registry, startRegistry } from "../../scripts/testbed/registry.ts";

const root = new URL("../../", import.meta.url);
const s = suite("test bed");

let plane: ControlPlane;
const events: { action: string; target: { repository: string; tag?: string; digest: string } }[] = [];
let registry: Registry;
const endpoint = createServer((incoming, answer) => {
  let text = "";
  incoming.on("data", (part) => text += part);
  incoming.on("end", () => {
    if (incoming.headers.authorization === "Bearer abc") events.push(...JSON.parse(text).events);
    answer.end();
  });
});

s.before(async () => {
  await new Promise<void>((done) => endpoint.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/webhook`;
  const notify = [{ url, headers: { Authorization: ["Bearer abc"] } }];
  plane = await startControlPlane({ progress: console.error });
  registry = await startRegistry({ notify });
});

s.after(async () => {
  endpoint.close();
  await Promise.all([plane.stop(), registry.stop()]);
  assert.not(existsSync(plane.dir));
});

const container = { name: "app", image: "registry.example/app:1.0.0" };

s("a Deployment of three replicas becomes ready", async () => {
  const labels = { app: "three" };
  await plane.kubectl(
    ["apply", "-f", "-"],
    JSON.stringify({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "three" },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    }),
  );
  await plane.kubectl(["rollout", "status", "deployment/three", "--timeout=60s"]);
  const ready = await plane.kubectl(["get", "deployment/three", "-o", "jsonpath={.status.readyReplicas}"]);
  assert.is(ready, "3");
});

s("a pod of a CronJob completes", async () => {
  const template = { spec: { restartPolicy: "Never", containers: [container] } };
  await plane.kubectl(
    ["apply", "-f", "-"],
    JSON.stringify({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "yearly" },
      spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template } } },
    }),
  );
  await plane.kubectl(["create", "job", "once", "--from=cronjob/yearly"]);
  await plane.kubectl(["wait", "--for=condition=complete", "job/once", "--timeout=60s"]);
  const phase = await plane.kubectl(["get", "pods", "-l", "job-name=once", "-o", "jsonpath={.items[*].status.phase}"]);
  assert.is(phase, "Succeeded");
});

s("kubectl throws with its standard error", async () => {
  try {
    await plane.kubectl(["get", "deployment/absent"]);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, "NotFound");
  }
});

s("a service account can do what it was granted and nothing else", async () => {
  const folder = await plane.serviceAccountDir("team", "operator");
  assert.is(await readFile(join(folder, "namespace"), "utf8"), "team");
  const list = () => statusOf(folder, "/api/v1/namespaces/team/configmaps");
  assert.is(await list(), 403);
  await plane.kubectl(["create", "role", "reader", "-n", "team", "--verb=list", "--resource=configmaps"]);
  await plane.kubectl([
    "create",
    "rolebinding",
    "reader",
    "-n",
    "team",
    "--role=reader",
    "--serviceaccount=team:operator",
  ]);
  await eventually("it is so", async () => await list() === 200, 30);
  assert.is(await statusOf(folder, "/api/v1/namespaces/team/secrets"), 403);
});

s("a pushed image is notified, served and counted", async () => {
  const digest = await pushImage(registry.host, "team/app", "1.0.0");
  assert.is(await pushImage(registry.host, "team/app", "1.0.0"), digest);
  assert.is(await digestOf("team/app", "1.0.0"), digest);
  await eventually(
    "it is so",
    () => events.some(({ action, target }) => action === "push" && target.tag === "1.0.0"),
    30,
  );
  const event = events.find(({ target }) => target.tag === "1.0.0")!;
  assert.equal([event.target.repository, event.target.digest], ["team/app", digest]);
  const requests = (await registry.requests()).filter(({ path }) => path === "/v2/team/app/manifests/1.0.0");
  assert.equal(requests.map(({ method, status }) => [method, status]), [["PUT", 201], ["PUT", 201], ["HEAD", 200]]);
});

s("the command pushes an image, too", async () => {
  const image = `${registry.host}/team/command:1.0.0`;
  const { stdout, stderr, status } = run("push", image);
  assert.equal([status, stderr], [0, ""]);
  assert.is(stdout, `${image}@${await digestOf("team/command", "1.0.0")}\n`);
});

s("crane pushes the same images, of one platform and of many", async () => {
  for (const platforms of [undefined, ["linux/amd64", "linux/arm64"]]) {
    const options = { content: "crane", ...(platforms ? { platforms } : {}) };
    const digest = await cranePush(registry.host, "team/crane", "2.0.0", options);
    assert.is(await digestOf("team/crane", "2.0.0"), digest);
    assert.is(await pushImage(registry.host, "team/fetch", "2.0.0", options), digest);
  }
});

s("a registry with a password takes it and nothing else", async () => {
  const auth = { user: "ann", password: "secret" };
  const closed = await startRegistry({ auth: { htpasswd: auth } });
  try {
    await pushImage(closed.host, "app", "1", { auth });
    await cranePush(closed.host, "app", "2", { auth });
    assert.is((await fetch(`${closed.url}/v2/app/tags/list`)).status, 401);
    try {
      await pushImage(closed.host, "app", "3", { auth: { user: "ann", password: "wrong" } });
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, "401");
    }
  } finally {
    await closed.stop();
  }
});

s("a registry with a certificate of its own is served over https", async () => {
  const safe = await startRegistry({ tls: true });
  try {
    assert.is(await ask(`${safe.url}/v2/`, await readFile(safe.ca!, "utf8")), 200);
  } finally {
    await safe.stop();
  }
});

s("nothing of it survives a kill of its parent", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headwind-killed-"));
  const script = join(dir, "parent.ts");
  await writeFile(
    script,
    `import { startControlPlane } from ${JSON.stringify(new URL("scripts/testbed/controlplane.ts", root).href)}
await startControlPlane({ dir: ${JSON.stringify(dir)} })
console.log('up')
setInterval(() => {}, 1000)`,
  );
  const runtime = "Deno" in globalThis
    ? ["run", "-A", "--config", new URL("deno.json", root).pathname, script]
    : [script];
  const parent = spawn(process.execPath, runtime, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done) => parent.stdout.once("data", done));
  assert.is.not((await processesNaming(dir)).length, 0);
  parent.kill("SIGKILL");
  await eventually("it is so", async () => (await processesNaming(dir)).length === 0, 30);
  await rm(dir, { recursive: true });
});

s("the command explains itself, and refuses what it does not know", () => {
  assert.equal([run("--help").status, run("--help").stdout.startsWith("usage:")], [0, true]);
  const refused: [args: string[], why: string][] = [
    [[], "a command is wanted"],
    [["down"], "there is no command down"],
    [["up", "again"], "again is too much for up"],
    [["push"], "push wants images"],
  ];
  for (const [args, why] of refused) {
    const { status, stdout, stderr } = run(...args);
    assert.equal([status, stdout, stderr.split("\n\nusage:")[0]], [2, "", why]);
  }
  const elsewhere = run("push", "docker.io/library/web:1");
  assert.equal([elsewhere.status, elsewhere.stdout], [1, ""]);
  assert.match(elsewhere.stderr, /^docker\.io\/library\/web:1 cannot be pushed: a registry on loopback/);
  const { status, stdout } = run("assets");
  assert.is(status, 0);
  assert.ok(existsSync(join(stdout.trim(), "kube-apiserver")));
});

function run(...args: string[]) {
  return spawnSync(process.execPath, [...("Deno" in globalThis ? ["run", "-A"] : []), "scripts/testbed.ts", ...args], {
    cwd: root,
    encoding: "utf8",
  });
}

async function digestOf(repository: string, tag: string): Promise<string | null> {
  const accept = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
  const url = `${registry.url}/v2/${repository}/manifests/${tag}`;
  return (await fetch(url, { method: "HEAD", headers: { accept } })).headers.get("docker-content-digest");
}

async function statusOf(account: string, path: string): Promise<number> {
  const ca = await readFile(join(account, "ca.crt"), "utf8");
  const token = await readFile(join(account, "token"), "utf8");
  return ask(plane.url + path, ca, { authorization: `Bearer ${token}` });
}

function ask(url: string, ca: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, headers: { ...headers, connection: "close" } }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode!));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Processes with this text in their arguments, the one that asks and its parent left out. */
async function processesNaming(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const args = await readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "");
    if (args.includes(text) && Number(pid) !== process.pid) found.push(pid);
  }
  return found;
}

s.run();

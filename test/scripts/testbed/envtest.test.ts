import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { archiveOf, envtest, envtestNames, type Patience } from "../../../scripts/testbed/envtest.ts";
import { hangs, startHanging } from "../../../scripts/testbed/hanging.ts";
import { versions } from "../../../scripts/testbed/versions.ts";

const s = suite("the envtest archive");
let dir: string;
let cache: string;

s.before.each(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-envtest-"));
  cache = join(dir, "cache");
  await mkdir(cache);
});
s.after.each(() => rm(dir, { recursive: true, force: true }));

const short: Patience = { connectMs: 2_000, headMs: 300, silenceMs: 300, wholeMs: 2_500 };
const sha512 = (bytes: Uint8Array) => createHash("sha512").update(bytes).digest("hex");

/** An archive as the release has it, with programs that are their own names, and more than one piece long. */
async function makeArchive(names: readonly string[] = envtestNames): Promise<Uint8Array> {
  const folder = join(dir, "controller-tools", "envtest");
  await mkdir(folder, { recursive: true });
  const random = crypto.getRandomValues(new Uint8Array(60_000));
  for (const name of names) await writeFile(join(folder, name), [name, ...random].join(" "), { mode: 0o755 });
  const { status } = spawnSync("tar", ["-czf", "made.tar.gz", "controller-tools"], { cwd: dir });
  assert.is(status, 0);
  return new Uint8Array(await readFile(join(dir, "made.tar.gz")));
}

async function served(answer: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/envtest.tar.gz`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

interface Outcome {
  folder: string | undefined;
  lines: string[];
}

async function ask(url: string, digest: string, env = {}, patience = short): Promise<Outcome> {
  const lines: string[] = [];
  const archive = { url, sha512: digest };
  const folder = await envtest(cache, (line) => lines.push(line), { archive, patience, env });
  return { folder, lines };
}

/** It is said in one line that it is tried, and in one why there is none; and nothing stays. */
async function isRefused({ folder, lines }: Outcome, why: RegExp): Promise<void> {
  assert.is(folder, undefined);
  assert.is(lines.length, 2, lines.join("\n"));
  assert.match(
    lines[0]!,
    /^test bed: downloading etcd, kube-apiserver and kubectl [\d.]+ \(envtest\) from 127\.0\.0\.1:/,
  );
  assert.match(lines[1]!, why);
  assert.match(lines[1]!, /: etcd, kube-apiserver and kubectl are built instead$/);
  assert.equal(await readdir(cache), []);
}

s("is pinned for the usual machines, by version", () => {
  for (const system of ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"]) {
    const archive = archiveOf(system)!;
    const release = `envtest-v${versions.envtest}`;
    const folder = "https://github.com/kubernetes-sigs/controller-tools/releases/download";
    assert.is(archive.url, `${folder}/${release}/${release}-${system}.tar.gz`);
    assert.match(archive.sha512, /^[0-9a-f]{128}$/);
  }
  assert.is(archiveOf("plan9-amd64"), undefined);
  assert.is(versions.envtest.replace(/\.\d+$/, ""), versions.kubernetes.replace(/\.\d+$/, ""));
});

s("is downloaded once, whatever redirects to it", async () => {
  const bytes = await makeArchive();
  let asked = 0;
  await served((request, response) => {
    asked++;
    if (!request.url!.includes("?")) response.writeHead(302, { location: "?here" }).end();
    else response.end(bytes);
  }, async (url) => {
    const leftOver = join(cache, `envtest-${versions.envtest}.part-abc`);
    await mkdir(leftOver);
    const { folder, lines } = await ask(url, sha512(bytes));
    assert.is(folder, join(cache, `envtest-${versions.envtest}`));
    assert.is(lines.length, 1);
    assert.equal((await readdir(folder!)).sort(), [...envtestNames]);
    for (const name of envtestNames) assert.ok((await readFile(join(folder!, name), "utf8")).startsWith(`${name} `));
    assert.equal(await ask(url, sha512(bytes)), { folder, lines: [] });
    assert.is(asked, 2);
    assert.equal(await readdir(cache), [`envtest-${versions.envtest}`]);
  });
});

s("is never asked for in CI, nor where that is not wanted, and is not used there", async () => {
  const bytes = await makeArchive();
  await served((_, response) => void response.end(bytes), async (url) => {
    const refusals = [{ CI: "1" }, { CI: "true" }, { HEADWIND_TESTBED_DOWNLOAD: "0" }];
    const never = { folder: undefined, lines: [] };
    for (const env of refusals) assert.equal(await ask(url, sha512(bytes), env), never);
    assert.ok((await ask(url, sha512(bytes))).folder);
    for (const env of refusals) assert.equal(await ask(url, sha512(bytes), env), never);
  });
});

s("is not used with another digest, nor where a program is missing", async () => {
  const bytes = await makeArchive();
  await served((_, response) => void response.end(bytes), async (url) => {
    await isRefused(await ask(url, "0".repeat(128)), /has SHA-512 [0-9a-f]{12}…, not 0{12}…/);
  });
  await rm(join(dir, "controller-tools"), { recursive: true });
  const poor = await makeArchive(["etcd"]);
  await served((_, response) => void response.end(poor), async (url) => {
    await isRefused(await ask(url, sha512(poor)), /holds no kube-apiserver, no kubectl/);
  });
  const junk = new TextEncoder().encode("no archive");
  await served((_, response) => void response.end(junk), async (url) => {
    await isRefused(await ask(url, sha512(junk)), /tar: /);
  });
});

s("an answer that is no archive, or that is cut off", async () => {
  const bytes = await makeArchive();
  await served((_, response) => void response.writeHead(404).end("not found"), async (url) => {
    await isRefused(await ask(url, sha512(bytes)), /answered 404/);
  });
  const cutOff: RequestListener = (_, response) => {
    response.writeHead(200, { "content-length": bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  };
  await served(cutOff, async (url) => {
    await isRefused(await ask(url, sha512(bytes)), /envtest\.tar\.gz: /);
  });
});

for (const hang of hangs) {
  s(`a server that hangs: ${hang}`, async () => {
    const server = await startHanging(hang);
    try {
      await isRefused(await ask(server.url, sha512(new Uint8Array())), /127\.0\.0\.1:\d+/);
    } finally {
      await server.stop();
    }
  });
}

s("a connection that does not come about is waited for as long as is said", async () => {
  const node = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));
  const listen = `require("node:net").createServer().listen(0, "127.0.0.1", 1, function () {
    require("node:fs").writeSync(1, this.address().port + "\\n");
  })`;
  const listener = spawn(node, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
  const waiting: Socket[] = [];
  try {
    const [line] = await once(listener.stdout, "data");
    const port = Number(String(line));
    // it accepts nothing any more; once its queue is full, the kernel lets nobody in
    listener.kill("SIGSTOP");
    for (let count = 0; count < 8; count++) waiting.push(connect({ host: "127.0.0.1", port }).on("error", () => {}));
    await new Promise((done) => setTimeout(done, 200));
    const started = performance.now();
    const patience = { ...short, connectMs: 400, headMs: 60_000, wholeMs: 60_000 };
    await isRefused(await ask(`http://127.0.0.1:${port}/`, "", {}, patience), /cannot be reached in 0\.4 s/);
    assert.ok(performance.now() - started >= 390);
  } finally {
    for (const socket of waiting) socket.destroy();
    process.kill(listener.pid!, "SIGKILL");
  }
});

s.run();

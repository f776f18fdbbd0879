import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../testbed/ports.ts";
import { startTied } from "../testbed/processes.ts";
import { readEntrypoint } from "./entrypoint.ts";
import type { ImageEvent, Subject } from "./subject.ts";

export interface Operator extends Subject {
  /** Where its dashboard is. */
  ui: string;
  /** From the start of its process until it says that it is ready. */
  readyMs: number;
  /** Asks whether it is ready. Throws where it is not. */
  ready(): Promise<void>;
  /** Its own metrics, in the Prometheus text format. */
  metrics(): Promise<string>;
}

export interface OperatorOptions {
  /** Folder of the bundle. */
  app: string;
  /** Folder for its log. */
  dir: string;
  /** The API server's port on 127.0.0.1. */
  apiPort: string;
  serviceAccount: string;
  env?: Record<string, string>;
  /** Folder for a CPU profile. */
  profile?: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Makes the release's bundle in a folder. */
export async function bundle(app: string): Promise<void> {
  await mkdir(app, { recursive: true });
  const script = join(root, "scripts", "bundle.ts");
  await promisify(execFile)(process.execPath, ["run", "--quiet", "--allow-all", script, "--outdir", app]);
}

/** Starts the operator as the image does, as in a cluster, and waits until it is ready. Throws with the end of its log. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { app, dir, apiPort, serviceAccount, profile } = options;
  const entrypoint = readEntrypoint(await readFile(join(root, "deploy", "Dockerfile"), "utf8"), {
    app,
    serviceAccount,
  });
  const [ports, secret] = [await Promise.all([1, 2, 3, 4].map(freePort)), randomBytes(16).toString("hex")];
  const [webhook, api, ui, metrics] = ports.map(String);
  const [run = "run", ...args] = entrypoint.args;
  const pidFile = join(dir, "operator.pid");
  const started = performance.now();
  const tied = startTied({
    name: "operator",
    command: "sh",
    args: [
      "-c",
      'echo $$ > "$0"; exec "$@"',
      pidFile,
      process.execPath,
      run,
      ...(profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : []),
      ...args,
    ],
    dir,
    env: {
      ...entrypoint.env,
      KUBERNETES_SERVICE_HOST: "127.0.0.1",
      KUBERNETES_SERVICE_PORT: apiPort,
      HEADWIND_SERVICE_ACCOUNT_DIR: serviceAccount,
      HEADWIND_WEBHOOK_PORT: webhook!,
      HEADWIND_API_PORT: api!,
      HEADWIND_UI_PORT: ui!,
      HEADWIND_METRICS_PORT: metrics!,
      HEADWIND_WEBHOOK_SECRET: secret,
      HEADWIND_WEBHOOK_TRUST: "proof",
      POD_NAME: "headwind-bench",
      POD_UID: "headwind-bench",
      // the registries of the bench are on this machine
      HEADWIND_ALLOWED_ADDRESSES: "127.0.0.0/8",
      ...options.env,
    },
  });
  const url = `http://127.0.0.1:${metrics}`;
  for (let ready = false; !ready; await new Promise((done) => setTimeout(done, 10))) {
    ready = await fetch(`${url}/readyz`).then(async (answer) => {
      await answer.body?.cancel();
      return answer.status === 200;
    }, () => false);
    if (ready) break;
    const ended = tied.ended() ?? (performance.now() - started > 120_000 ? "not ready in 120 s" : undefined);
    if (ended) throw new Error(`the operator did not start (${ended}):\n${await tied.tail()}`);
  }
  const readyMs = performance.now() - started;
  const pid = Number(await readFile(pidFile, "utf8"));
  return {
    pid,
    ui: `http://127.0.0.1:${ui}`,
    readyMs,
    async ready() {
      const answer = await fetch(`${url}/readyz`);
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`the operator is not ready any more: ${text}`);
    },
    metrics: async () => await (await fetch(`${url}/metrics`)).text(),
    send: (events, atOnce) => sendAll(`http://127.0.0.1:${webhook}/webhook/registry`, secret, events, atOnce),
    async stop() {
      if (tied.ended() === undefined) process.kill(pid, "SIGTERM");
      const deadline = Date.now() + 15_000;
      while (tied.ended() === undefined && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
      await tied.stop();
    },
  };
}

/** Sends webhooks, and again where the operator asks for it (503). Gives those that it acknowledged. */
async function sendAll(url: string, secret: string, events: ImageEvent[], atOnce: number): Promise<ImageEvent[]> {
  const acknowledged: ImageEvent[] = [];
  const queue = events.values();
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const worker = async () => {
    for (const event of queue) {
      const body = JSON.stringify({ image: event.repository, tag: event.tag });
      for (let attempt = 0; attempt < 5; attempt++) {
        const answer = await fetch(url, { method: "POST", headers, body });
        const text = await answer.text();
        if (answer.ok) acknowledged.push(event);
        else if (answer.status !== 503) throw new Error(`the webhook was answered ${answer.status}: ${text}`);
        if (answer.ok) break;
        await new Promise((done) => setTimeout(done, 200));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return acknowledged;
}

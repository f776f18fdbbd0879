import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { readEntrypoint } from "../../scripts/bench/entrypoint.ts";
import { startTied, type Tied } from "../../scripts/testbed/processes.ts";
import { bundled } from "./bundled.ts";
import type { Cluster } from "./cluster.ts";
import { freePorts } from "./operator.ts";

export interface InClusterOptions {
  /** Folder for its logs. */
  dir: string;
  secret: string;
  /** Folder that is mounted at `/etc/headwind`. Settings name its real path. */
  mounted?: string;
  /** Further settings; they win. */
  env?: Record<string, string>;
}

/** The operator as the image runs it in a cluster, started again, as the kubelet would, when it ends by itself. */
export interface InCluster {
  /** Base URLs. */
  webhook: string;
  api: string;
  metrics: string;
  ui: string;
  /** Of Deno. */
  pid(): number;
  /** How often it ended without having been asked to. */
  restarts(): number;
  /** How often it lost the Lease without having been asked to end. */
  leasesLost(): Promise<number>;
  /** Resident memory in MB: now, and the most since its last start. */
  memory(): Promise<{ now: number; most: number }>;
  /** All that it has written, over all starts. */
  logs(): Promise<string>;
  /** The text of `/metrics`. */
  figures(): Promise<string>;
  /** SIGKILL and a new start, which is not counted. Resolves when it is ready again. */
  crash(): Promise<void>;
  /** SIGTERM: how it ended, such as `status 0`, and after how many milliseconds. Killed after 60 s. It stays ended. */
  stop(): Promise<{ how: string; ms: number }>;
  /** A start after `stop`; resolves when it is ready. */
  start(): Promise<void>;
  /** Kills it for good. */
  end(): Promise<void>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const deno = join(root, "node_modules", ".bin", "deno");
const pod = "headwind-0";
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Starts it with the Dockerfile's flags and environment and the token of its service account, and waits until it is ready. */
export async function startInCluster(cluster: Cluster, options: InClusterOptions): Promise<InCluster> {
  const { dir } = options;
  const [app, ports] = [await bundled(), await freePorts()];
  const account = await cluster.serviceAccountDir("headwind-system", "headwind");
  const dockerfile = await readFile(join(root, "deploy", "Dockerfile"), "utf8");
  const mounted = options.mounted ? { mounted: options.mounted } : {};
  const { args, env } = readEntrypoint(dockerfile, { app, serviceAccount: account, ...mounted });
  const { hostname, port } = new URL(cluster.url);
  const settings: Record<string, string> = {
    ...env,
    POD_NAME: pod,
    POD_UID: `uid-of-${pod}`,
    HEADWIND_WEBHOOK_SECRET: options.secret,
    HEADWIND_WEBHOOK_PORT: String(ports.webhook),
    HEADWIND_API_PORT: String(ports.api),
    HEADWIND_METRICS_PORT: String(ports.metrics),
    HEADWIND_UI_PORT: String(ports.ui),
    HEADWIND_SERVICE_ACCOUNT_DIR: account,
    // where the registries of tests are; all else of loopback is refused, as in a pod
    HEADWIND_ALLOWED_ADDRESSES: "127.0.0.1",
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    ...options.env,
  };
  const pidFile = join(dir, `${pod}.pid`);
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const logs: string[] = [];
  let running: Tied;
  let restarts = 0;
  let wanted = true;

  function launch(): void {
    running = startTied({
      name: `${pod}-${logs.length}`,
      command: "sh",
      args: ["-c", 'echo $$ >"$0"; exec env -i "$@"', pidFile, ...pairs, deno, ...args],
      dir,
    });
    logs.push(running.log);
  }

  async function supervise(): Promise<void> {
    while (wanted) {
      if (running.ended() !== undefined) {
        restarts++;
        await pause(1_000);
        if (wanted) launch();
      }
      await pause(50);
    }
  }

  const url = (port: number) => `http://127.0.0.1:${port}`;
  const pid = () => Number(readFileSync(pidFile, "utf8"));
  const written = async () => (await Promise.all(logs.map((log) => readFile(log, "utf8")))).join("");
  /** Resolves when `/readyz` says yes; throws with the end of its log after 60 s. */
  const ready = async () => {
    for (const deadline = performance.now() + 60_000;;) {
      const answer = await fetch(`${url(ports.metrics)}/readyz`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.status === 200) return;
      if (performance.now() > deadline) {
        throw new Error(`not ready in 60 s (${running.ended() ?? "running"}):\n${await running.tail()}`);
      }
      await pause(20);
    }
  };
  const rest = async () => {
    wanted = false;
    await supervised;
  };
  const begin = () => {
    wanted = true;
    launch();
    return supervise();
  };
  let supervised = begin();
  const operator: InCluster = {
    webhook: url(ports.webhook),
    api: url(ports.api),
    metrics: url(ports.metrics),
    ui: url(ports.ui),
    pid,
    restarts: () => restarts,
    leasesLost: async () => (await written()).split("\n").filter((line) => line.includes("lost the Lease")).length,
    async memory() {
      const status = await readFile(`/proc/${pid()}/status`, "utf8");
      const mb = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
      return { now: mb("VmRSS"), most: mb("VmHWM") };
    },
    logs: written,
    figures: async () => await (await fetch(`${url(ports.metrics)}/metrics`)).text(),
    async crash() {
      await rest();
      await running.stop();
      await operator.start();
    },
    async stop() {
      await rest();
      const started = performance.now();
      if (running.ended() === undefined) process.kill(pid(), "SIGTERM");
      while (running.ended() === undefined && performance.now() < started + 60_000) await pause(20);
      const ms = performance.now() - started;
      const how = running.ended() ?? "nothing in 60 s";
      await running.stop();
      return { how, ms };
    },
    async start() {
      supervised = begin();
      await ready();
    },
    async end() {
      await rest();
      await running.stop();
    },
  };
  try {
    await ready();
  } catch (error) {
    await operator.end();
    throw error;
  }
  return operator;
}

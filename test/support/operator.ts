import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/testbed/ports.ts";
import { startTied } from "../../scripts/testbed/processes.ts";

export interface Ports {
  webhook: number;
  api: number;
  metrics: number;
  ui: number;
}

export interface OperatorOptions {
  kubeconfig?: string;
  /** The namespaces that it watches; its Lease is in the first. */
  namespaces: string[];
  /** Its name, which is also its pod's, so that it has its Lease again at once after a crash. Default `replica-0`. */
  replica?: string;
  /** `HEADWIND_WEBHOOK_SECRET`. */
  secret?: string;
  /** Further variables; they win. */
  env?: Record<string, string>;
  /** Where it is to listen: for one that comes back on the ports of another. */
  ports?: Ports;
  runtime?: "deno" | "node";
}

/** The operator as a process of its own, started from its sources. It ends with this process at the latest. */
export interface Operator {
  ports: Ports;
  /** Base URLs. */
  webhook: string;
  api: string;
  metrics: string;
  ui: string;
  /** All that it has written. */
  logs(): Promise<string>;
  /** Resolves when `/readyz` says yes; throws with its log when it ends or 30 s pass. */
  ready(): Promise<void>;
  /** SIGKILL, at once. */
  kill(): void;
  /** SIGTERM; gives how it ended, such as `status 0`. */
  stop(): Promise<string>;
  /** How it ended, once it has. */
  ended(): string | undefined;
  /** Ends it if it still runs, and forgets its log. */
  end(): Promise<void>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const runtimes = {
  deno: [join(root, "node_modules/.bin/deno"), "run", "--allow-all", "--quiet"],
  node: [join(root, "node_modules/.bin/node"), "--no-warnings"],
};
const running = new Set<Operator>();

/** Starts the operator and gives it back before it is ready. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const ports = options.ports ?? await freePorts();
  const dir = await mkdtemp(join(tmpdir(), "headwind-operator-"));
  const pidFile = join(dir, "pid");
  const command = [...runtimes[options.runtime ?? "deno"], join(root, "scripts/start.ts")];
  const process_ = startTied({
    name: "operator",
    command: "sh",
    args: ["-c", 'echo $$ >"$0"; exec "$@"', pidFile, ...command],
    dir,
    env: { ...inherited(), ...settings(options, ports), ...options.env },
  });
  const ended = () => process_.ended();
  const logs = () => readFile(process_.log, "utf8");
  const signal = (name: "SIGKILL" | "SIGTERM") => {
    if (ended() === undefined) process.kill(Number(readFileSync(pidFile, "utf8")), name);
  };
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const operator: Operator = {
    ports,
    webhook: url(ports.webhook),
    api: url(ports.api),
    metrics: url(ports.metrics),
    ui: url(ports.ui),
    logs,
    ended,
    kill: () => signal("SIGKILL"),
    async ready() {
      await before(30_000, async () => {
        if (ended() !== undefined) throw new Error(`the operator ended (${ended()}):\n${await logs()}`);
        const answer = await fetch(`${url(ports.metrics)}/readyz`).catch(() => undefined);
        await answer?.body?.cancel();
        return answer?.status === 200;
      }, async () => new Error(`the operator was not ready in 30 s:\n${await logs()}`));
    },
    async stop() {
      signal("SIGTERM");
      await before(30_000, () => ended() !== undefined, async () => new Error(`it ignored SIGTERM:\n${await logs()}`));
      return ended()!;
    },
    async end() {
      running.delete(operator);
      await process_.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  running.add(operator);
  await before(5_000, () => readFileSync(pidFile, "utf8").endsWith("\n"), async () => new Error(await logs()));
  return operator;
}

/** What the operators that were not ended yet wrote last, for the report of a failure. */
export async function recentLogs(lines = 40): Promise<string> {
  const texts = await Promise.all([...running].map(async (operator) => {
    const tail = (await operator.logs()).trimEnd().split("\n").slice(-lines).join("\n");
    return `operator on ${operator.webhook} (${operator.ended() ?? "running"}):\n${tail}`;
  }));
  return texts.join("\n");
}

export async function freePorts(): Promise<Ports> {
  return { webhook: await freePort(), api: await freePort(), metrics: await freePort(), ui: await freePort() };
}

function settings(options: OperatorOptions, ports: Ports): Record<string, string> {
  return {
    ...(options.kubeconfig ? { KUBECONFIG: options.kubeconfig } : {}),
    ...(options.secret ? { HEADWIND_WEBHOOK_SECRET: options.secret } : {}),
    HEADWIND_NAMESPACES: options.namespaces.join(","),
    HEADWIND_LEASE_NAMESPACE: options.namespaces[0]!,
    HEADWIND_LEASE_NAME: "headwind",
    HEADWIND_REPLICA: options.replica ?? "replica-0",
    POD_UID: `uid-of-${options.replica ?? "replica-0"}`,
    HEADWIND_LOG_LEVEL: "debug",
    HEADWIND_HEALTH_CHECK_INTERVAL: "0.2",
    // Where the tests' registries are, also for one that runs as in a pod.
    HEADWIND_ALLOWED_ADDRESSES: "127.0.0.0/8",
    HEADWIND_POLLING_MIN_INTERVAL: "1",
    // The images of most tests are in no registry.
    HEADWIND_WEBHOOK_TRUST: "proof",
    // So that a test decides in any name.
    HEADWIND_APPROVALS: "open",
    HEADWIND_WEBHOOK_PORT: String(ports.webhook),
    HEADWIND_API_PORT: String(ports.api),
    HEADWIND_METRICS_PORT: String(ports.metrics),
    HEADWIND_UI_PORT: String(ports.ui),
  };
}

/** What a runtime needs of this process's environment: where its caches are, and no more. */
function inherited(): Record<string, string> {
  const names = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR"];
  const set = names.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(set), DENO_NO_UPDATE_CHECK: "1" };
}

async function before(
  ms: number,
  yes: () => boolean | Promise<boolean>,
  otherwise: () => Promise<Error>,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await attempt(yes))) {
    if (performance.now() > deadline) throw await otherwise();
    await new Promise((done) => setTimeout(done, 10));
  }
}

async function attempt(yes: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await yes();
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return false;
    throw error;
  }
}

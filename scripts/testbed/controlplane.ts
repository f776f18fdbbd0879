import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Ask, client } from "./api.ts";
import { assets } from "./assets.ts";
import { createAuthority, createSigningKey } from "./certificates.ts";
import * as components from "./components.ts";
import { files } from "./components.ts";
import { kubeconfig, readKubeconfig } from "./kubeconfig.ts";
import { addNode, nodeIsReady } from "./nodes.ts";
import { freePort } from "./ports.ts";
import { writeStages } from "./stages.ts";
import { startTied, type Tied } from "./processes.ts";
import { serviceAccountDir } from "./service_account.ts";

/** A real control plane of one machine. It ends with this process, however that ends. */
export interface ControlPlane {
  /** `https://127.0.0.1:port` */
  url: string;
  /** Path of an admin's kubeconfig, with client certificates inside. */
  kubeconfig: string;
  /** Path of the PEM file of the authority that signed the server's certificate. */
  ca: string;
  /** Folder with the logs. */
  dir: string;
  /** Ends all processes and removes `dir`; not with `keep`, where the caller named it, or where one had ended by itself. */
  stop(options?: { keep?: boolean }): Promise<void>;
  /** Standard output of `kubectl`; throws with its standard error. */
  kubectl(args: string[], stdin?: string): Promise<string>;
  /**
   * A folder with `token`, `ca.crt` and `namespace`, as a pod finds it under
   * `/var/run/secrets/kubernetes.io/serviceaccount`. Namespace and account are made if absent; no rights are given.
   */
  serviceAccountDir(namespace: string, name: string): Promise<string>;
  /**
   * Keeps what etcd holds now. What it gives brings that back, as an administrator restores a backup: resource versions are then
   * lower than those that were given out since. Both stop etcd and the API server, and wait until they are ready again.
   */
  backUp?(): Promise<() => Promise<void>>;
}

export interface ControlPlaneOptions {
  /** Nodes, all run by kwok: `kwok-node-0` and so on. Default 1. */
  nodes?: number;
  /** Whether pods and nodes are run (kwok, and a scheduler). Default true; without it there are no nodes. */
  kwok?: boolean;
  /** Whether it can be backed up. Its data then stays where this process is killed. */
  restorable?: boolean;
  progress?: (line: string) => void;
  /** Folder for logs and data; it stays. Without it a temporary one is used. */
  dir?: string;
  /** Gives the start up when it is aborted. */
  signal?: AbortSignal;
}

/**
 * Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok on free ports of 127.0.0.1, RBAC on,
 * and waits until the nodes are ready and pods can be created. Throws, and keeps the logs, when that fails.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { nodes = 1, kwok = true, progress = () => {}, signal } = options;
  const binaries = await assets(progress, kwok ? [...apiNames, ...podNames] : apiNames);
  const dir = options.dir ?? await mkdtemp(join(tmpdir(), "headwind-testbed-"));
  await mkdir(dir, { recursive: true });
  const plan = { binaries, dir, etcdPort: await freePort(), apiPort: await freePort() };
  const url = `https://127.0.0.1:${plan.apiPort}`;
  const ask = await writeFiles(dir, url);
  const running: Tied[] = [];
  const until = (what: string, yes: () => Promise<boolean>) => waitUntil(what, running, signal, yes);
  const run = ({ name, args, scratch }: components.Component) => {
    running.push(startTied({ name, command: join(binaries, name), args, dir, ...(scratch ? { scratch } : {}) }));
  };
  const stopAll = () => Promise.all(running.map((component) => component.stop()));
  async function startApi(): Promise<void> {
    const { scratch, ...etcd } = components.etcd(plan);
    run(options.restorable || scratch === undefined ? etcd : { ...etcd, scratch });
    run(components.apiServer(plan));
    await until("the API server is ready", async () => (await ask("GET", "/readyz")).status === 200);
  }
  /** Whatever is done to etcd's data is done while nobody uses it. */
  async function whileStopped(work: (data: string) => Promise<void>): Promise<void> {
    for (const component of running.filter(({ name }) => isApi.includes(name)).reverse()) {
      await component.stop();
      running.splice(running.indexOf(component), 1);
    }
    await work(join(dir, files.etcdData));
    await startApi();
  }
  try {
    await startApi();
    run(components.controllerManager(plan));
    if (kwok) {
      run(components.scheduler(plan));
      await writeStages(join(binaries, files.stages), join(dir, files.stages));
      run(components.kwok(plan));
      for (let index = 0; index < nodes; index++) await addNode(ask, `kwok-node-${index}`);
      for (let index = 0; index < nodes; index++) {
        await until(`node ${index} is ready`, () => nodeIsReady(ask, `kwok-node-${index}`));
      }
    }
    const account = "/api/v1/namespaces/default/serviceaccounts/default";
    await until("pods can be created", async () => (await ask("GET", account)).status === 200);
  } catch (error) {
    await stopAll();
    signal?.throwIfAborted();
    throw new Error(`${(error as Error).message}\nlogs: ${dir}`);
  }
  return {
    url,
    kubeconfig: join(dir, files.kubeconfig),
    ca: join(dir, files.ca),
    dir,
    async stop({ keep = false } = {}) {
      const broken = running.filter((component) => component.ended() !== undefined);
      await stopAll();
      for (const { name, ended } of broken) progress(`${name} had ended by itself (${ended()}); logs: ${dir}`);
      if (!keep && !options.dir && broken.length === 0) await rm(dir, { recursive: true, force: true });
    },
    kubectl: (args, stdin) => kubectl(binaries, dir, args, stdin),
    serviceAccountDir: (namespace, name) => serviceAccountDir(ask, dir, namespace, name),
    ...(options.restorable ? { backUp } : {}),
  };

  async function backUp(): Promise<() => Promise<void>> {
    const backup = await mkdtemp(join(dir, "backup-"));
    const copy = (from: string, to: string) => cp(from, to, { recursive: true });
    await whileStopped((data) => copy(data, backup));
    return () =>
      whileStopped(async (data) => {
        await rm(data, { recursive: true });
        await copy(backup, data);
      });
  }
}

const isApi = ["etcd", "kube-apiserver"];
const apiNames = [...isApi, "kube-controller-manager", "kubectl"];
/** What runs pods and nodes. */
const podNames = ["kube-scheduler", "kwok"];

/**
 * A control plane that another process started, by the path of its kubeconfig. `dir` is a folder of this process alone,
 * removed by `stop`, which leaves the control plane running.
 */
export async function attachControlPlane(path: string): Promise<ControlPlane> {
  const { url, ca, client: admin } = readKubeconfig(await readFile(path, "utf8"));
  const binaries = await assets(() => {}, ["kubectl"]);
  const dir = await mkdtemp(join(tmpdir(), "headwind-attached-"));
  for (const name of [files.ca, files.kubeconfig]) await copyFile(join(dirname(path), name), join(dir, name));
  const ask = client(url, ca, admin);
  return {
    url,
    kubeconfig: path,
    ca: join(dir, files.ca),
    dir,
    stop: () => rm(dir, { recursive: true, force: true }),
    kubectl: (args, stdin) => kubectl(binaries, dir, args, stdin),
    serviceAccountDir: (namespace, name) => serviceAccountDir(ask, dir, namespace, name),
  };
}

async function writeFiles(dir: string, url: string): Promise<Ask> {
  const authority = createAuthority("headwind-testbed-ca");
  const server = authority.server(["127.0.0.1", "10.0.0.1"], ["localhost", "kubernetes.default.svc"]);
  const admin = authority.client("headwind-testbed-admin", ["system:masters"]);
  const accounts = createSigningKey();
  const contents = {
    [files.ca]: authority.cert,
    [files.serverCert]: server.cert,
    [files.serverKey]: server.key,
    [files.accountPublicKey]: accounts.publicKey,
    [files.accountKey]: accounts.privateKey,
    [files.kubeconfig]: kubeconfig(url, authority.cert, admin),
  };
  for (const [name, content] of Object.entries(contents)) await writeFile(join(dir, name), content, { mode: 0o600 });
  return client(url, authority.cert, admin);
}

/** Asks again until the answer is yes. Throws when a component has ended, two minutes have passed, or `signal` is aborted. */
async function waitUntil(
  what: string,
  running: Tied[],
  signal: AbortSignal | undefined,
  yes: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await yes().catch(() => false))) {
    signal?.throwIfAborted();
    const dead = running.find((component) => component.ended() !== undefined);
    if (dead) throw new Error(`${dead.name} ended (${dead.ended()}):\n${await dead.tail()}`);
    if (Date.now() > deadline) throw new Error(`waited 120 s in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

function kubectl(binaries: string, dir: string, args: string[], stdin?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { HOME: dir, KUBECONFIG: join(dir, files.kubeconfig), PATH: binaries };
    const limits = { env, maxBuffer: 256 * 1024 * 1024 };
    const child = execFile(join(binaries, "kubectl"), args, limits, (error, stdout, stderr) => {
      if (error) reject(new Error(`kubectl ${args.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    child.stdin!.on("error", () => {});
    child.stdin!.end(stdin ?? "");
  });
}

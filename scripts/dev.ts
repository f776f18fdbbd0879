import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installDefinitions } from "../test/support/shared.ts";
import { HELP, readCommandLine, readOptions } from "./command_line.ts";
import type { PodActor } from "./demo/chapter.ts";
import { manifest } from "./demo/manifests.ts";
import { startOperator } from "./demo/operator.ts";
import { listenForStop, type Stopping } from "./demo/stopping.ts";
import { keepRestarting } from "./dev/restart.ts";
import { watchSources } from "./dev/sources.ts";
import { assetNames, assets } from "./testbed/assets.ts";
import { startControlPlane } from "./testbed/controlplane.ts";
import { installFluxCrds } from "./testbed/flux/install_crds.ts";
import { freePort } from "./testbed/ports.ts";
import { pushImage } from "./testbed/push.ts";
import { startRegistry } from "./testbed/registry.ts";

const usage = `usage: npm run dev [-- --help]

Starts a control plane with two nodes, a registry and a Deployment on this machine, and the operator with its log. They
stay up until Ctrl-C. The operator starts again at each change of a file in core/ or plugins/. Settings (HEADWIND_…) of
the environment are the operator's, too.

  --help   this text`;

const root = fileURLToPath(new URL("../", import.meta.url));
const folders = ["core", "plugins"];

/** What there is to follow from the beginning. */
const web: PodActor = {
  kind: "Deployment",
  name: "web",
  replicas: 2,
  annotations: { policy: "minor", "require-approval": "false" },
  containers: { app: "web:1.2.0" },
};

/** Gives the exit status. Everything that it starts has ended then, and its folder is gone unless something failed. */
async function dev(stopping: Stopping): Promise<number> {
  const { signal } = stopping;
  const say = (text: string) => console.error(`dev: ${text}`);
  const notForAll = ["crane", "helm"];
  const needs = assetNames.filter((name) => !notForAll.includes(name));
  const binaries = await stopping.unlessStopped(assets((line) => console.error(line), needs));
  const started = performance.now();
  const dir = await mkdtemp(join(tmpdir(), "headwind-dev-"));
  const folder = async (name: string) => {
    await mkdir(join(dir, name), { recursive: true });
    return join(dir, name);
  };
  const ends: (() => unknown)[] = [];
  let well = true;
  try {
    say("starting etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok and a registry");
    const ports = { webhook: await freePort(), api: await freePort(), metrics: await freePort(), ui: await freePort() };
    const secret = randomBytes(16).toString("hex");
    const url = (port: number) => `http://127.0.0.1:${port}`;
    const registry = await startRegistry({
      dir: await folder("registry"),
      notify: [{ url: `${url(ports.webhook)}/webhook/registry`, headers: { Authorization: [`Bearer ${secret}`] } }],
    });
    ends.unshift(() => registry.stop());
    const image = (short: string) => `${registry.host}/team/${short}`;
    const plane = await startControlPlane({ dir: await folder("control-plane"), nodes: 2, signal, progress: say });
    ends.unshift(() => plane.stop());
    await pushImage(registry.host, "team/web", "1.2.0");
    await installDefinitions(plane);
    await installFluxCrds(plane);
    for (const file of ["approvals.yaml", "account.yaml"]) {
      await plane.kubectl(["create", "--validate=false", "-f", join(root, "deploy", file)]);
    }
    await plane.kubectl(["create", "-f", "-"], JSON.stringify(manifest(web, image)));
    const serviceAccount = await plane.serviceAccountDir("headwind-system", "headwind");
    signal.throwIfAborted();

    console.log(whatToTry({
      kubeconfig: plane.kubeconfig,
      path: [await installCommand(await folder("bin")), binaries].join(":"),
      webhook: url(ports.webhook),
      api: url(ports.api),
      metrics: url(ports.metrics),
      ui: url(ports.ui),
      secret,
      image: image("web:1.3.0"),
    }));
    const operatorDir = await folder("operator");
    const env = { HEADWIND_LOG_LEVEL: "info", ...settingsOf(process.env) };
    const options = {
      dir: operatorDir,
      ports,
      secret,
      apiServer: plane.url,
      serviceAccount,
      replica: "dev",
      pretty: true,
      env,
    };
    const restarting = keepRestarting({ start: () => startOperator(options), say, signal });
    ends.unshift(() => restarting.done);
    ends.unshift(await watchSources(root, folders, restarting.changed));
    say(`up in ${((performance.now() - started) / 1000).toFixed(1)} s; the operator starts; Ctrl-C ends it all`);
    await restarting.done;
    return 0;
  } catch (error) {
    if (signal.aborted) return stopping.status()!;
    well = false;
    say(`failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    if (signal.aborted) say("stopping");
    for (const end of ends) await Promise.resolve().then(end).catch((error) => console.error(String(error)));
    if (well) await rm(dir, { recursive: true, force: true });
    else say(`logs: ${dir}`);
    if (signal.aborted) say("stopped: nothing is left running");
  }
}

/** What is the operator's, and not the test bed's. */
function settingsOf(env: Record<string, string | undefined>): Record<string, string> {
  const isSetting = (name: string) => /^HEADWIND_(?!CACHE$|CI$|TEST)/.test(name);
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => isSetting(name) ? [[name, value!]] : []));
}

/** `kubectl headwind` as it stands in `ui/`, unbuilt. Gives the folder, for a PATH. */
async function installCommand(dir: string): Promise<string> {
  const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;
  const command = `${quoted(process.execPath)} run --allow-all --quiet --config ${quoted(join(root, "deno.json"))}`;
  const script = `#!/bin/sh\nexec ${command} ${quoted(join(root, "ui/kubectl/kubectl-headwind.ts"))} "$@"\n`;
  await writeFile(join(dir, "kubectl-headwind"), script, { mode: 0o755 });
  return dir;
}

interface ToTry {
  kubeconfig: string;
  path: string;
  webhook: string;
  api: string;
  metrics: string;
  ui: string;
  secret: string;
  /** A version of web that is still to be pushed. */
  image: string;
}

function whatToTry({ kubeconfig, path, webhook, api, metrics, ui, secret, image }: ToTry): string {
  const run = process.env.npm_config_user_agent?.startsWith("deno/") ? "deno task testbed" : "npm run testbed --";
  return `
  dashboard     ${ui}
  webhooks      ${webhook}/webhook/registry?token=${secret}
  approval API  ${api}/api/v1/updates (described by ${api}/openapi.json)
  metrics       ${metrics}/metrics

In another terminal, here:
  export KUBECONFIG=${kubeconfig}
  export PATH=$PATH:${path}
  ${run} push ${image}   # a new version of Deployment web: see what follows
  kubectl headwind why web
  kubectl get updaterequests
`;
}

readCommandLine((args) => {
  return readOptions(args, HELP).values;
}, usage);
const stopping = listenForStop();
const status = await dev(stopping).catch((error) => {
  if (stopping.signal.aborted) return stopping.status()!;
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
process.exit(status);

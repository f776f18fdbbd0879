import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKubeClient, type KubeClient } from "../../core/kube/client.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { helmRepository } from "../../plugins/workloads/helmrelease/sources.ts";
import { installDefinitions } from "../../test/support/shared.ts";
import { type ControlPlane, startControlPlane } from "../testbed/controlplane.ts";
import { installFluxCrds } from "../testbed/flux/install_crds.ts";
import { freePort } from "../testbed/ports.ts";
import { pushImage } from "../testbed/push.ts";
import { type Registry, startRegistry } from "../testbed/registry.ts";
import type { Actor } from "./chapter.ts";
import { repositoryManifest } from "./charts.ts";
import { launchHelmController } from "../testbed/flux/helm_controller_process.ts";
import { imagesOf } from "./manifests.ts";
import { namespace } from "./namespace.ts";
import { type OperatorProcess, startOperator } from "./operator.ts";
import { bindings, meetPeople, type People } from "./people.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** Everything that runs. */
export interface Stage {
  controlPlane: ControlPlane;
  registry: Registry;
  operator: OperatorProcess;
  /** As an administrator. */
  kube: KubeClient;
  people: People;
  terminal: Terminal;
  /** Base URLs of the operator's servers. */
  webhook: string;
  api: string;
  metrics: string;
  ui: string;
  /** What proves a webhook. */
  secret: string;
  /** Folder of packaged charts. */
  archives: string;
  /** Whole name of an image that is called `web:1.2.0` in the story. */
  image(short: string): string;
}

export interface StageOptions {
  /** Folder for all logs and data. */
  dir: string;
  /** Folder of the test bed's programs. */
  binaries: string;
  actors: readonly Actor[];
  /** Told of each server once it runs. */
  progress(text: string): void;
  signal: AbortSignal;
  /** Given what ends each thing that was started, so that it can be ended at any time, last first. */
  onStarted(end: () => Promise<unknown>): void;
}

const approvals = fileURLToPath(new URL("../../deploy/approvals.yaml", import.meta.url));

/**
 * Starts the control plane and the registry side by side, then the operator, which the registry's notifications go to.
 * The images that the workloads start with are in the registry. Throws, also when `signal` is aborted; what was started
 * until then has been given to `onStarted`.
 */
export async function openStage({ dir, binaries, actors, progress, signal, onStarted }: StageOptions): Promise<Stage> {
  const [webhook, api, metrics, ui] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const secret = randomBytes(16).toString("hex");
  const folder = async (name: string) => {
    await mkdir(join(dir, name), { recursive: true });
    return join(dir, name);
  };

  const archives = await folder("charts");

  async function openRegistry(): Promise<Registry> {
    const registry = await startRegistry({
      dir: await folder("registry"),
      notify: [{ url: `${url(webhook)}/webhook/registry`, headers: { Authorization: [`Bearer ${secret}`] } }],
    });
    onStarted(() => registry.stop());
    await all([...new Set(actors.flatMap(imagesOf))].map((image) => pushFirst(registry.host, image)));
    progress("registry ready; its notifications go to the operator");
    return registry;
  }

  async function openControlPlane(): Promise<{ controlPlane: ControlPlane; people: People }> {
    const controlPlane = await startControlPlane({ dir: await folder("control-plane"), nodes: 2, signal, progress });
    onStarted(() => controlPlane.stop());
    progress("control plane ready, with two nodes");
    const [people] = await all([
      meetPeople(controlPlane, namespace),
      installDefinitions(controlPlane),
      installFluxCrds(controlPlane),
    ]);
    const objects = [await readFile(approvals, "utf8"), bindings(namespace)];
    // kubectl's own validation would have the API server describe all that it knows, which takes it seconds
    await controlPlane.kubectl(["create", "--validate=false", "-f", "-"], objects.join("\n---\n"));
    progress("CRD, namespace, rights and the policy of approvals of deploy/ installed, and Flux's CRDs");
    return { controlPlane, people };
  }

  const [{ controlPlane, people }, registry] = await all([openControlPlane(), openRegistry()]);
  const operator = startOperator({
    dir: await folder("operator"),
    ports: { webhook, api, metrics, ui },
    secret,
    apiServer: controlPlane.url,
    serviceAccount: await controlPlane.serviceAccountDir("headwind-system", "headwind"),
    replica: "demo",
  });
  onStarted(() => operator.stop());
  const connection = await loadKubeConfig({ KUBECONFIG: controlPlane.kubeconfig });
  onStarted(async () => connection.close());
  const kube = createKubeClient(connection);
  const terminal = openTerminal(await folder("terminal"), binaries, signal);
  const flux = await launchHelmController({
    kubeconfig: controlPlane.kubeconfig,
    namespaces: [namespace],
    dir: await folder("flux"),
  });
  onStarted(() => flux.stop());
  await all([
    flux.ready(signal),
    kube.request("POST", resourcePath(helmRepository.resource, namespace), { body: repositoryManifest(registry.host) }),
  ]);
  progress("a stand-in for Flux's helm-controller ready, which runs the real helm");
  return {
    controlPlane,
    registry,
    operator,
    kube,
    people,
    terminal,
    webhook: url(webhook),
    api: url(api),
    metrics: url(metrics),
    ui: url(ui),
    secret,
    archives,
    image: (short) => `${registry.host}/${namespace}/${short}`,
  };
}

/** What whoever builds an image writes into it, where they do: `store` is one that says where it comes from. */
export const labelsOf = (name: string, tag: string): { labels?: Record<string, string> } =>
  name === "store"
    ? {
      labels: {
        "org.opencontainers.image.source": `https://git.example/${namespace}/${name}`,
        "org.opencontainers.image.revision": `v${tag}`,
        "org.opencontainers.image.created": new Date().toISOString(),
      },
    }
    : {};

/** The content of an image is what it is called, unless a chapter says otherwise. */
async function pushFirst(host: string, image: string): Promise<void> {
  const plain = image.replace(/@.*/, "");
  const [name, tag] = plain.split(":") as [string, string];
  await pushImage(host, `${namespace}/${name}`, tag, { content: plain, ...labelsOf(name, tag) });
}

/** Like `Promise.all`, but never leaves another one running behind its back. */
async function all<T extends readonly unknown[]>(work: readonly [...T]): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  for (const settled of await Promise.allSettled(work)) {
    if (settled.status === "rejected") throw settled.reason;
  }
  return await Promise.all(work) as { [K in keyof T]: Awaited<T[K]> };
}

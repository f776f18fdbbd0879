import type { KubeClient } from "../../core/kube/client.ts";
import { createDeployments, namespacesOf, ownRepositories } from "./deployments.ts";
import { type Floor, startFloor } from "./floor_process.ts";
import { listsAlone } from "./lists_process.ts";
import { startOperator } from "./operator.ts";
import { idle } from "./idle.ts";
import { quiet } from "./api_calls.ts";
import { openView, type View } from "./view.ts";
import { type Phases, runPhases, warmUp } from "./phases.ts";
import { pushImage } from "../testbed/push.ts";
import type { Registry } from "../testbed/registry.ts";
import type { eventSource, ImageEvent, Subject } from "./subject.ts";
import type { BenchArguments } from "./arguments.ts";
import type { Cluster } from "./cluster.ts";
import type { SizeResult } from "./results.ts";

export interface SizeOptions {
  cluster: Cluster;
  /** Folder of the operator's bundle. */
  app: string;
  /** How many Deployments there are already, from a smaller size. */
  existing: number;
  workloads: number;
  /** Of all sizes: a workload has moved since the smaller one. */
  events: ReturnType<typeof eventSource>;
  /** Floor and operator ask it for each version. */
  registry?: Registry;
  arguments: BenchArguments;
  progress(line: string): void;
}

const starts = 3;

/** Measures floor, operator and floor again at one number of workloads. */
export async function measureSize(options: SizeOptions): Promise<SizeResult> {
  const { cluster, app, existing, workloads, registry, arguments: { samples, burst, profile }, progress } = options;
  const { admin, apiPort, serviceAccount, controlPlane } = cluster;
  const beside = registry ? " with a registry" : "";
  const told = (line: string) => progress(`${workloads.toLocaleString("en-US")} workloads${beside}: ${line}`);
  await createDeployments(admin, ownRepositories(workloads, existing), told);
  await quiet(admin);

  const names = ownRepositories(workloads).map(({ name }) => name);
  const plenty = () => options.events(names, warmUp + samples + burst);
  const view = await openView(admin);
  try {
    const measure = async (subject: Subject, view: View) => {
      const events = plenty();
      if (registry) await pushAll(registry, events);
      const next = (count: number) => events.splice(0, count);
      return await runPhases({ subject, view, admin, next, samples, burst });
    };
    const floor: Phases[] = [];
    const floorOwnTimes: number[] = [];
    const measureFloor = async () => {
      told("floor");
      await idle();
      const subject: Floor = await startFloor(controlPlane.url, serviceAccount, registry?.url);
      try {
        floor.push(await measure(subject, view));
        // The warm-up stands first, the burst last: only the sequential ones are compared.
        floorOwnTimes.push(...subject.ownTimes.slice(-burst - samples, -burst));
      } finally {
        await subject.stop();
      }
      await forget(admin, namespacesOf(names));
    };

    const readyMs: number[] = [];
    const start = async () => {
      await idle();
      const { dir } = controlPlane;
      const env: Record<string, string> = registry ? { HEADWIND_WEBHOOK_TRUST: "registry" } : {};
      const operator = await startOperator({ app, dir, apiPort, serviceAccount, env, ...(profile ? { profile } : {}) });
      readyMs.push(operator.readyMs);
      return operator;
    };
    await measureFloor();
    const listsMs: number[] = [];
    const measureLists = async () => {
      if (registry) return;
      await idle();
      listsMs.push(await listsAlone(controlPlane.url, serviceAccount, workloads));
    };
    told("operator");
    for (let count = 1; !registry && count < starts; count++) {
      await measureLists();
      await (await start()).stop();
    }
    await measureLists();
    const operator = await start();
    let result: Phases;
    try {
      result = await measure(operator, view);
    } finally {
      await operator.stop();
    }
    await forget(admin, namespacesOf(names));
    await measureFloor();
    return { workloads, floor, floorOwnTimes, operator: result, readyMs, listsMs };
  } finally {
    view.close();
  }
}

/** Puts what the events tell of into the registry. */
async function pushAll({ host }: Registry, events: readonly ImageEvent[]): Promise<void> {
  const queue = events.values();
  const worker = async () => {
    for (const { repository, tag } of queue) await pushImage(host, repository.slice(host.length + 1), tag);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Removes what was recorded, so that the next one starts as this one did. */
async function forget(admin: KubeClient, namespaces: string[]): Promise<void> {
  for (const namespace of namespaces) {
    await admin.request("DELETE", `/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests`);
    await admin.request("DELETE", `/api/v1/namespaces/${namespace}/events`);
  }
  await quiet(admin);
}

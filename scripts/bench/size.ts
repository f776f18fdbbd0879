import type { KubeClient } from "../../core/kube/client.ts";
import { createDeployments, namespacesOf, ownRepositories } from "./deployments.ts";
import { type Floor, startFloor } from "./floor_process.ts";
import { startOperator } from "./operator.ts";
import { idle } from "./idle.ts";
import { quiet } from "./api_calls.ts";
import { openView, type View } from "./view.ts";
import { type Phases, runPhases } from "./phases.ts";
import type { eventSource, Subject } from "./subject.ts";
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
  arguments: BenchArguments;
  progress(line: string): void;
}

const starts = 3;

/** Measures floor, operator and floor again at one number of workloads. */
export async function measureSize(options: SizeOptions): Promise<SizeResult> {
  const { cluster, app, existing, workloads, arguments: { samples, burst, profile }, progress } = options;
  const { admin, apiPort, serviceAccount, controlPlane } = cluster;
  const told = (line: string) => progress(`${workloads.toLocaleString("en-US")} workloads: ${line}`);
  await createDeployments(admin, ownRepositories(workloads, existing), told);
  await quiet(admin);

  const names = ownRepositories(workloads).map(({ name }) => name);
  const next = (count: number) => options.events(names, count);
  const view = await openView(admin);
  try {
    const measure = (subject: Subject, view: View) => runPhases({ subject, view, admin, next, samples, burst });
    const floor: Phases[] = [];
    const floorOwnTimes: number[] = [];
    const measureFloor = async () => {
      told("floor");
      await idle();
      const subject: Floor = await startFloor(controlPlane.url, serviceAccount);
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
      const operator = await startOperator({ app, dir, apiPort, serviceAccount, ...(profile ? { profile } : {}) });
      readyMs.push(operator.readyMs);
      return operator;
    };
    await measureFloor();
    told("operator");
    for (let count = 1; count < starts; count++) await (await start()).stop();
    const operator = await start();
    let result: Phases;
    try {
      result = await measure(operator, view);
    } finally {
      await operator.stop();
    }
    await forget(admin, namespacesOf(names));
    await measureFloor();
    return { workloads, floor, floorOwnTimes, operator: result, readyMs };
  } finally {
    view.close();
  }
}

/** Removes what was recorded, so that the next one starts as this one did. */
async function forget(admin: KubeClient, namespaces: string[]): Promise<void> {
  for (const namespace of namespaces) {
    await admin.request("DELETE", `/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests`);
    await admin.request("DELETE", `/api/v1/namespaces/${namespace}/events`);
  }
  await quiet(admin);
}

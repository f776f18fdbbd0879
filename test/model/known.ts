import deployment from "../../plugins/workloads/deployment.ts";
import type { Known, Mutation } from "./move.ts";
import { projectWorkload } from "../../core/workloads/project.ts";
import type { Workload } from "../../core/workloads/workload.ts";
import type { Deployment, World } from "./world.ts";

const projected = new WeakMap<Deployment, Workload>();

/** A Deployment as the operator keeps it. */
export function project(object: Deployment): Workload {
  let workload = projected.get(object);
  if (!workload) projected.set(object, workload = projectWorkload(deployment, object, { pollingInterval: 300 }));
  return workload;
}

/** What a replica knows; the workload is as the API server has it where it has heard of none. */
export function knownTo(world: World, index: 0 | 1, mutation: Mutation): Known {
  const { requests, deployment = world.deployment, killedAt } = world.replicas[index];
  const known = { workload: project(deployment), requests: Object.values(requests) };
  return mutation.memory && killedAt !== undefined ? mutation.memory(known, killedAt) : known;
}

export const nameOf = (index: 0 | 1): string => `replica ${"AB"[index]}`;

import type { Bounds, Deployment, World } from "./world.ts";
import type { NewUpdateRequest } from "../../core/requests/store.ts";
import type { PatchOperation } from "../../core/kube/client.ts";
import type { PatchStep } from "../../core/lifecycle/step.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import type { Workload } from "../../core/workloads/workload.ts";

/** One thing that happens: in words, the world after it, and what of it the promises are about. */
export interface Move {
  what: string;
  world: World;
  facts: readonly Fact[];
}

export type Fact =
  /** `isInformed`: the replica knew all that there is when it decided. */
  | { type: "created"; request: UpdateRequest; isInformed: boolean }
  | { type: "removed"; request: UpdateRequest }
  /** `known`: what the replica knew under that name. */
  | { type: "acknowledged"; name: string; known: UpdateRequest | undefined }
  | { type: "statusWritten"; before: UpdateRequest; after: UpdateRequest }
  /** `step.workload` is what the replica had read. */
  | { type: "patched"; step: PatchStep; after: Deployment };

/** What a walk is made of. */
export interface Setting {
  bounds: Bounds;
  requests: NewRequests;
  mutation: Mutation;
}

/** The request that a sighting of `wanted` leads to where `current` runs in all of these containers of a workload that is otherwise as in `deployment`. */
export type NewRequests = (
  containers: readonly string[],
  current: string,
  wanted: string,
  deployment: Deployment,
) => NewUpdateRequest | undefined;

/** What is wrong with the operator, on purpose. */
export interface Mutation {
  patch?(operations: PatchOperation[]): PatchOperation[];
  name?(name: string, serial: number): string;
  /** It works before its lists are there. */
  isEarly?: boolean;
  /** It ends requests by what it has heard of their workload, without reading that anew. */
  endsUnread?: boolean;
  /** What a replica still knows that was killed at this time. */
  memory?(known: Known, killedAt: string): Known;
}

/** What a replica decides on. */
export interface Known {
  workload: Workload;
  requests: readonly UpdateRequest[];
}

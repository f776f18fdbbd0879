import { createUpdateCache } from "../../core/requests/cache.ts";
import type { NewUpdateRequest } from "../../core/requests/store.ts";
import type { PatchOperation } from "../../core/kube/client.ts";
import type { Decision, UpdateRequest, UpdateRequestStatus } from "../../core/requests/update_request.ts";
import { type Deployment, type Heard, type Replica, type Requests, withReplica, type World } from "./world.ts";
import { patched } from "../support/json_patch.ts";

/** What a write came to. Undefined in the place of the object: it was refused. */
export interface Answer<T> {
  world: World;
  object: T | undefined;
}

/** Refused where there is one of that name. */
export function create(world: World, { metadata, spec }: NewUpdateRequest): Answer<UpdateRequest> {
  if (world.requests[metadata.name]) return { world, object: undefined };
  const serial = world.serial + 1;
  const object: UpdateRequest = {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      uid: `${metadata.name}~${serial}`,
      resourceVersion: String(serial),
      creationTimestamp: new Date(world.now).toISOString(),
    },
    spec,
  };
  return { world: stored({ ...world, serial }, object), object };
}

/** A merge patch of the status, refused where the object is not as it was read. */
export function writeStatus(
  world: World,
  read: UpdateRequest,
  status: UpdateRequestStatus,
): Answer<UpdateRequest> {
  const current = asRead(world, read);
  if (!current) return { world, object: undefined };
  return change(world, { ...current, status: { ...current.status, ...status } });
}

/** Refused where there is one already: the CRD lets nobody change a decision. */
export function decide(world: World, name: string, decision: Decision): Answer<UpdateRequest> {
  const current = world.requests[name];
  if (!current || current.spec.decision) return { world, object: undefined };
  return change(world, { ...current, spec: { ...current.spec, decision } });
}

/** Deletes exactly what was read; gone already is success, so `object` is what was deleted. */
export function remove(world: World, read: UpdateRequest): Answer<UpdateRequest> {
  const current = asRead(world, read);
  if (!current) return { world, object: undefined };
  const { [current.metadata.name]: _, ...requests } = world.requests;
  const event = { name: current.metadata.name, object: undefined, isListed: false };
  return { world: tell({ ...world, requests }, "requests", event), object: current };
}

export function patchDeployment(world: World, operations: readonly PatchOperation[]): Answer<Deployment> {
  const object = patched(world.deployment, operations);
  return object ? { world: withDeployment(world, object), object } : { world, object };
}

export function withDeployment(world: World, deployment: Deployment): World {
  const isRevision = JSON.stringify(deployment.spec) !== JSON.stringify(world.deployment.spec);
  const before = isRevision ? world.deployment : world.before;
  const event = { name: deployment.metadata.name, object: deployment, isListed: false };
  return tell({ ...world, deployment, before, now: world.now + 1 }, "deployments", event);
}

/** The next thing that a watch of a replica delivers, taken in as the operator takes it in. */
export function hear(replica: Replica, from: "deployments" | "requests"): Replica {
  const { unheard } = replica;
  if (from === "deployments") {
    const [next, ...deployments] = unheard.deployments;
    return { ...replica, deployment: next!.object, unheard: { ...unheard, deployments } };
  }
  const [next, ...requests] = unheard.requests;
  return { ...replica, requests: taken(replica.requests, next!), unheard: { ...unheard, requests } };
}

/** What a replica knows, with the answer to its own write, or a read. */
export function withAnswer(world: World, index: 0 | 1, name: string, object: UpdateRequest | undefined): World {
  const requests = taken(world.replicas[index].requests, { name, object, isListed: false });
  return settled(withReplica(world, index, { requests }));
}

/** Without the deliveries at the head of the watches that tell nothing new; with those that cannot wait any longer. */
export function settled(world: World): World {
  const [a, b] = world.replicas.map((replica) => settledReplica(replica, world.lag)) as [Replica, Replica];
  return a === world.replicas[0] && b === world.replicas[1] ? world : { ...world, replicas: [a, b] };
}

function settledReplica(replica: Replica, lag: number): Replica {
  let now = replica;
  for (;;) {
    const { deployments, requests } = now.unheard;
    const [deployment, request] = [deployments[0], requests[0]];
    const isLate = (events: readonly Heard<unknown>[]) => events.filter(({ isListed }) => !isListed).length > lag;
    if (deployment && (deployment.object === now.deployment || isLate(deployments))) {
      now = hear(now, "deployments");
    } else if (request && (taken(now.requests, request) === now.requests || isLate(requests))) {
      now = hear(now, "requests");
    } else return now;
  }
}

function taken(known: Requests, { name, object }: Heard<UpdateRequest>): Requests {
  if (!object) {
    if (!known[name]) return known;
    const { [name]: _, ...others } = known;
    return others;
  }
  if (known[name] === object) return known;
  const cache = createUpdateCache();
  if (known[name]) cache.upsert(known[name]);
  return cache.upsert(object) ? sorted({ ...known, [name]: object }) : known;
}

const sorted = (requests: Requests): Requests =>
  Object.fromEntries(Object.entries(requests).sort(([a], [b]) => a < b ? -1 : 1));

function asRead(world: World, { metadata }: UpdateRequest): UpdateRequest | undefined {
  const current = world.requests[metadata.name];
  const isSame = current?.metadata.uid === metadata.uid &&
    current.metadata.resourceVersion === metadata.resourceVersion;
  return isSame ? current : undefined;
}

function change(world: World, request: UpdateRequest): Answer<UpdateRequest> {
  const serial = world.serial + 1;
  const object = { ...request, metadata: { ...request.metadata, resourceVersion: String(serial) } };
  return { world: stored({ ...world, serial }, object), object };
}

function stored(world: World, object: UpdateRequest): World {
  const { name } = object.metadata;
  const requests = sorted({ ...world.requests, [name]: object });
  return tell({ ...world, requests, now: world.now + 1 }, "requests", { name, object, isListed: false });
}

function tell(world: World, what: "deployments" | "requests", event: Heard<unknown>): World {
  const replicas = world.replicas.map((replica) => ({
    ...replica,
    unheard: { ...replica.unheard, [what]: [...replica.unheard[what], event] },
  })) as unknown as World["replicas"];
  return settled({ ...world, replicas });
}

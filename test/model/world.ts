import type { NewUpdateRequest } from "../../core/requests/store.ts";
import type { WebhookTrust } from "../../core/lifecycle/step.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";

/** All that there is at one moment. Nothing in it is ever changed: a move makes a new one, which shares what stayed. */
export interface World {
  deployment: Deployment;
  /** As it was before its pod template last changed: where `kubectl rollout undo` goes, annotations included. */
  before: Deployment;
  requests: Requests;
  replicas: readonly [Replica, Replica];
  /** Milliseconds since 1970. */
  now: number;
  /** Of the last uid, or resourceVersion, that was given out. */
  serial: number;
  budget: Budget;
  /** Changes that each watch of a replica may be behind. */
  lag: number;
  /** Versions that were left on purpose and not let go since, as `app app:1.1.0`. */
  left: readonly string[];
  /** Containers that a person has changed since Headwind last did. */
  touched: readonly string[];
  /** Uids of the requests whose version was brought in. */
  applied: readonly string[];
  /** Uids of the requests that a person has deleted. */
  deleted: readonly string[];
}

export interface Deployment {
  metadata: { namespace: string; name: string; uid: string; annotations: Readonly<Record<string, string>> };
  spec: { template: { spec: { containers: readonly { name: string; image: string }[] } } };
}

/** By name. */
export type Requests = Readonly<Record<string, UpdateRequest>>;

/** One operator: what it knows, and what it has not heard yet. */
export interface Replica {
  deployment: Deployment | undefined;
  requests: Requests;
  /** What its two watches are still to deliver, the oldest first. */
  unheard: { deployments: readonly Heard<Deployment>[]; requests: readonly Heard<UpdateRequest>[] };
  /** A sighting that is not acknowledged yet. */
  hand: Hand | undefined;
  /** When it was last killed, in RFC 3339. */
  killedAt: string | undefined;
  /** By uid of the request: what the registry was asked for, and what it has answered. */
  lookups: Readonly<Record<string, "asked" | "found">>;
}

export interface Heard<T> {
  name: string;
  /** Undefined: it was deleted. */
  object: T | undefined;
  /** Whether it is of the list that a start begins with. */
  isListed: boolean;
}

export interface Hand {
  request: NewUpdateRequest;
  /** The request that has to go before. */
  inTheWay: UpdateRequest | undefined;
}

/** What may still happen. */
export interface Budget {
  /** By image: how often it is seen. */
  sightings: Readonly<Record<string, number>>;
  /** Things that a person does. */
  deeds: number;
  kills: number;
  /** Writes whose answer does not arrive. */
  answersLost: number;
}

export type Deed =
  | "set image"
  | "undo"
  | "approve"
  | "reject"
  | "roll back"
  | "resume"
  | "hold"
  | "delete request"
  | "change setting";
export type Found = "healthy" | "failing" | "progressing" | "unready";

/** How large a world is, and what may happen in it. */
export interface Bounds extends Budget {
  annotations: Readonly<Record<string, string>>;
  /** By container; the first is what runs, the others are what may come. */
  images: Readonly<Record<string, readonly string[]>>;
  does: readonly Deed[];
  /** What settings a person may change, each as an annotation without prefix, and to what: undefined takes it away. */
  sets?: readonly (readonly [name: string, value: string | undefined])[];
  /** How the workload may be found at a reading. */
  readings: readonly Found[];
  /** Whether a reading tells of pods too. */
  countsPods?: true;
  /** Changes that each watch of a replica may be behind. */
  lag: number;
  keepFinished: number;
  /** Default `proof`. With `registry` it is asked for each version, and answers at any time later. */
  trust?: WebhookTrust;
  /** Milliseconds by which the clock of each replica is wrong. */
  clocks: readonly [number, number];
}

export const soakSeconds = 30;
export const timeoutSeconds = 300;
export const readingInterval = 10_000;

/** How long something is ago, as far as that counts: in intervals, until the soak time and the deadline are over. */
export function age(ms: number): number {
  return Math.max(
    -1,
    Math.min(Math.floor(ms / readingInterval), (soakSeconds + timeoutSeconds) * 1000 / readingInterval),
  );
}

export function firstWorld({ annotations, images, lag, sightings, deeds, kills, answersLost }: Bounds): World {
  const all = {
    policy: "major",
    "min-update-interval": "0",
    soak: `${soakSeconds}s`,
    "rollback-timeout": `${timeoutSeconds}s`,
  };
  const deployment: Deployment = {
    metadata: {
      namespace: "default",
      name: "web",
      uid: "web-1",
      annotations: Object.fromEntries(
        Object.entries({ ...all, ...annotations }).map(([name, value]) => [`headwind.sh/${name}`, value]),
      ),
    },
    spec: {
      template: { spec: { containers: Object.entries(images).map(([name, [image]]) => ({ name, image: image! })) } },
    },
  };
  const replica: Replica = {
    deployment,
    requests: {},
    unheard: { deployments: [], requests: [] },
    hand: undefined,
    killedAt: undefined,
    lookups: {},
  };
  return {
    deployment,
    before: deployment,
    requests: {},
    replicas: [replica, replica],
    now: Date.UTC(2026, 0, 1),
    serial: 100,
    budget: { sightings, deeds, kills, answersLost },
    lag,
    left: [],
    touched: [],
    applied: [],
    deleted: [],
  };
}

export function withContainer(deployment: Deployment, container: string, image: string): Deployment {
  const containers = deployment.spec.template.spec.containers.map((one) =>
    one.name === container ? { ...one, image } : one
  );
  return { ...deployment, spec: { template: { spec: { containers } } } };
}

/** With one of Headwind's annotations written by a person. */
export function withSetting(deployment: Deployment, name: string, value: string | undefined): Deployment {
  const { [`headwind.sh/${name}`]: _, ...others } = deployment.metadata.annotations;
  const annotations = value === undefined ? others : { ...others, [`headwind.sh/${name}`]: value };
  return { ...deployment, metadata: { ...deployment.metadata, annotations } };
}

/** A world with another replica in the place of one. */
export function withReplica(world: World, index: 0 | 1, change: Partial<Replica>): World {
  const replica = { ...world.replicas[index], ...change };
  return { ...world, replicas: index === 0 ? [replica, world.replicas[1]] : [world.replicas[0], replica] };
}

export function spend(world: World, what: Partial<Budget>): World {
  return { ...world, budget: { ...world.budget, ...what } };
}

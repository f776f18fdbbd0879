import type { Phase } from "../../core/requests/phases.ts";
import type { Condition, UpdateRequest } from "../../core/requests/update_request.ts";
import type { HistoryEntry } from "../../core/requests/history.ts";
import type { Hold } from "../../core/requests/holds.ts";
import type { Operator } from "../support/operator.ts";
import { untilAcknowledged } from "./calls.ts";
import { type Container, workload, type WorkloadKind } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { known, token } from "./fixture.ts";
import { eventually } from "./suite.ts";

/** An Event on a workload, as much as is looked at. */
export interface WorkloadEvent {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  involvedObject: { name: string };
}

export interface WorkloadOptions {
  /** Default Deployment. */
  kind?: WorkloadKind;
  /** Without `headwind.sh/`; approval is never asked for unless they say so. */
  annotations?: Record<string, string>;
  /** Default 1. */
  replicas?: number;
  /** Default 1.0.0. */
  tag?: string;
  containers?: Container[];
  initContainers?: Container[];
  /** More of its `spec`. */
  spec?: Record<string, unknown>;
}

/** Workloads that each run an image of their own name, and what becomes of them. */
export interface TestWorkloads {
  image(name: string, tag: string): string;
  /** Creates a workload and waits until the operator knows it. */
  add(name: string, options?: WorkloadOptions): Promise<void>;
  tell(name: string, tag: string): Promise<void>;
  /** As the container `app` has it now. */
  running(name: string): Promise<string>;
  request(name: string, tag: string): Promise<UpdateRequest | undefined>;
  requests(name: string): Promise<UpdateRequest[]>;
  /** Waits until the request for this version is in a phase. */
  phase(name: string, tag: string, phase: Phase, seconds?: number): Promise<UpdateRequest>;
  /** Tells of a version and waits until it is brought in and verified. */
  updated(name: string, tag: string): Promise<UpdateRequest>;
  /** Newest first. */
  history(name: string): Promise<HistoryEntry[]>;
  holds(name: string): Promise<Hold[]>;
  /** Reasons of the Events on it, in no order. */
  events(name: string): Promise<WorkloadEvent[]>;
  /** Puts another image into the container `app`, as a person does. */
  edit(name: string, tag: string): Promise<void>;
  annotate(name: string, annotations: Record<string, string | null>): Promise<void>;
  kindOf(name: string): WorkloadKind;
}

/** `operator` is asked each time, since it may be another one by then. */
export function openWorkloads(ns: TestNamespace, operator: () => Operator): TestWorkloads {
  const kinds = new Map<string, WorkloadKind>();
  const image = (name: string, tag: string) => `registry.example/${name}:${tag}`;
  const kindOf = (name: string) => kinds.get(name)!;
  const requests = async (name: string) => (await ns.requests()).filter(({ spec }) => spec.targetRef.name === name);
  const request = async (name: string, tag: string) =>
    (await requests(name)).find(({ spec }) => spec.newImage === image(name, tag));
  const list = async <T>(name: string, annotation: string) => {
    const { metadata } = await ns.workload(kindOf(name), name);
    return JSON.parse(metadata.annotations?.[`headwind.sh/${annotation}`] ?? "[]") as T[];
  };
  const tell = async (name: string, tag: string) => {
    await untilAcknowledged(operator().webhook, { image: `registry.example/${name}`, tag }, { token });
  };
  const phase = (name: string, tag: string, wanted: Phase, seconds = 30) =>
    eventually(`${name} ${tag} is ${wanted}`, async () => {
      const found = await request(name, tag);
      return found?.status?.phase === wanted && found;
    }, { seconds, last: () => requests(name) });
  return {
    image,
    kindOf,
    request,
    requests,
    tell,
    phase,
    async add(
      name,
      { kind = "Deployment", annotations, replicas = 1, tag = "1.0.0", containers, initContainers, spec } = {},
    ) {
      kinds.set(name, kind);
      const object = workload(kind, {
        name,
        replicas,
        ...(containers ? { containers } : { image: image(name, tag) }),
        ...(initContainers ? { initContainers } : {}),
        annotations: { "require-approval": "false", ...annotations },
      });
      await ns.create({ ...object, spec: { ...object.spec, ...spec } });
      const alike = [...containers ?? [], ...initContainers ?? []].filter((one) => one.image === image(name, tag));
      await known(operator(), image(name, tag), alike.length || 1);
    },
    running: async (name) => (await ns.images(kindOf(name), name)).app!,
    async updated(name, tag) {
      await tell(name, tag);
      return await phase(name, tag, "Completed");
    },
    history: (name) => list<HistoryEntry>(name, "update-history"),
    holds: (name) => list<Hold>(name, "held"),
    async events(name) {
      const path = `/api/v1/namespaces/${ns.namespace}/events`;
      const { items } = await ns.kube.request<{ items: WorkloadEvent[] }>("GET", path);
      return items.filter(({ involvedObject, reason }) =>
        involvedObject.name === name && /^(Update|InvalidAnnotation)/.test(reason)
      );
    },
    async edit(name, tag) {
      const pod = { template: { spec: { containers: [{ name: "app", image: image(name, tag) }] } } };
      const spec = kindOf(name) === "CronJob" ? { jobTemplate: { spec: pod } } : pod;
      await ns.change(kindOf(name), name, { spec });
    },
    async annotate(name, annotations) {
      const prefixed = Object.entries(annotations).map(([key, value]) => [`headwind.sh/${key}`, value]);
      await ns.change(kindOf(name), name, { metadata: { annotations: Object.fromEntries(prefixed) } });
    },
  };
}

/** A condition of a request, which has to be there. */
export function condition({ metadata, status }: UpdateRequest, type: string): Condition {
  const found = status?.conditions?.find((one) => one.type === type);
  if (!found) throw new Error(`${metadata.name} has no condition ${type}`);
  return found;
}

/** The phases that a request went through. */
export const phases = ({ status }: UpdateRequest): Phase[] => [
  ...new Set(status?.steps?.map(({ phase }) => phase)),
];

import type { Phase } from "../../core/requests/phases.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import type { Name } from "./people.ts";

/** One part of the story: who is in it, what happens, and how it has to end. */
export interface Chapter {
  title: string;
  /** What to know beforehand, in a sentence or two. */
  about: string;
  workloads: Actor[];
  play(scene: Scene): Promise<void>;
  expects: Expected[];
}

/** A workload of the story. Its images, or its chart, are pushed before it is created. */
export type Actor = PodActor | ReleaseActor;

interface SomeActor {
  name: string;
  /** Default 1. */
  replicas?: number;
  /** Whether the chapter itself creates it; else it is there from the beginning. */
  late?: boolean;
  /** Without `headwind.sh/`. */
  annotations: Record<string, string>;
}

export interface PodActor extends SomeActor {
  kind: "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob";
  /** From container to image, as it is called in the demo's registry: `web:1.2.0`. */
  containers: Record<string, string>;
  initContainers?: Record<string, string>;
}

export interface ReleaseActor extends SomeActor {
  kind: "HelmRelease";
  /** Name and version: `portal:1.2.0`. */
  chart: string;
}

/** What a chapter can do, and wait for. All that happens is told by itself; each wait throws after a minute. */
export interface Scene {
  /** Creates a late one, and waits until its pods are ready. */
  create(actor: Actor): Promise<void>;
  /** A real client pushes an image, `web:1.3.0`, to the registry; gives its digest. The same content has the same digest. */
  push(image: string, content?: string): Promise<string>;
  /** The real helm packages and pushes a chart, `portal:1.3.0`. Of a broken one no release can be made. */
  pushChart(chart: string, options?: { broken?: boolean }): Promise<void>;
  /** Tells the operator of an image by the plain webhook, and gives its answer once an onlooker sees what follows. */
  tell(workload: string, image: string): Promise<WebhookAnswer>;
  /** Waits for the UpdateRequest of a workload that wants this version, in this phase. */
  request(workload: string, version: string, phase: Phase): Promise<UpdateRequest>;
  /** A person decides, over the approval API with their own token. */
  approve(request: UpdateRequest, by: Name): Promise<void>;
  reject(request: UpdateRequest, by: Name, reason: string): Promise<void>;
  /** A person tries to approve who may not. Throws where it is not refused. */
  isRefused(request: UpdateRequest, by: Name): Promise<void>;
  /** A person types a `kubectl` command, about a workload. What it prints is shown. Throws where it fails. */
  types(workload: string, by: Name, ...args: string[]): Promise<void>;
  /** Waits until the workload's controller is done with its newest template, and the pods are ready. */
  rolledOut(workload: string): Promise<void>;
  /** Runs a Job of a CronJob to its end. */
  ranOnce(cronJob: string): Promise<void>;
  /** Waits for a Warning of the operator on a workload. */
  warned(workload: string): Promise<void>;
}

export interface WebhookAnswer {
  /** Names of the UpdateRequests that follow, `namespace/name`. */
  updateRequests: string[];
  /** Containers that use the image. */
  matched: number;
}

/** How one container (or whatever else has a version) of a workload has to end. */
export interface Expected {
  workload: string;
  part: string;
  /** Tag, with its digest if it is pinned: `1.3.0`, `edge@sha256:…`. */
  runs: string;
  /** Whether what runs was verified, by Headwind. Default false. */
  verified?: boolean;
  /** All UpdateRequests for it, oldest first. */
  requests: { to: string; phase: Phase; by?: string }[];
  /** What is or was held, in words, newest first. Default nothing. */
  held?: string[];
  /** Reasons of the operator's Warnings on the workload. Default none. */
  warnings?: string[];
  /** How many pods have to run it and be ready, or have run it to their end. */
  pods?: number;
}

/** What the API server says of it in the end. */
export interface Observed {
  runs: string | undefined;
  verified: boolean;
  requests: { to: string; phase: string; by?: string; message?: string }[];
  held: string[];
  warnings: string[];
  pods: number;
}

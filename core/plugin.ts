/**
 * The plugin contract: the one module that a plugin imports, and types only, so that a plugin's file runs unbundled on
 * every runtime. A plugin is a plain object, the default export of its file; `define…` exists for the editor's sake.
 *
 * @module
 */
import type * as zod from "zod";

/** What is published under a name: an image repository, or a chart in an OCI or Helm repository. */
export interface Artifact {
  type: "image" | "chart";
  /** Canonical name with its registry, such as `docker.io/library/nginx`. */
  repository: string;
}

/** A version that was seen: a tag, and its digest where the source tells it. */
export interface SeenVersion {
  tag: string;
  digest?: string;
}

/** "Artifact A has version V": said by a trigger. A hint, never an order. */
export interface Sighting {
  artifact: Artifact;
  versions: readonly SeenVersion[];
  /** How it came, matched against `headwind.sh/event-source`. */
  via: "webhook" | "polling";
  /** Whether `versions` is the whole list of tags, so that the highest of them is the highest there is. */
  complete: boolean;
  /** Only for workloads with one of these polling intervals, in seconds. Absent: for all. */
  intervals?: readonly number[];
}

/** What core did with a sighting, once it is stored. */
export interface SightingResult {
  /** Names of UpdateRequests that now exist for it, `namespace/name`. */
  updateRequests: string[];
  /** Containers that use the artifact. */
  matched: number;
  /** How many of the UpdateRequests are new. */
  created: number;
}

/** The settings of a plugin: a zod object whose keys are environment variables, each with `.describe()` and a default. */
export type Settings = zod.ZodObject<Record<string, zod.ZodType>>;

/** The library that settings and bodies are written in, handed to plugins so that they import nothing at run time. */
export type Zod = typeof zod;

/** Writes one JSON line per call. Values of fields are plain data; secrets do not belong there. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose lines all carry `fields`. */
  with(fields: LogFields): Log;
}
export type LogFields = Record<string, unknown>;

/** A metric of a plugin's own. */
export interface MetricDeclaration {
  /** Starts with `headwind_`. */
  name: string;
  type: "counter" | "gauge";
  /** One sentence, for the generated documentation. */
  help: string;
  labels?: readonly string[];
}

/** What every plugin's functions are given. */
export interface PluginContext<S = Record<string, unknown>> {
  settings: S;
  log: Log;
  /** Adds to a counter that the plugin declares in `metrics`. Default 1. */
  count(name: string, labels?: Record<string, string>, by?: number): void;
  /** Sets a gauge that the plugin declares in `metrics`. */
  gauge(name: string, value: number, labels?: Record<string, string>): void;
  /** For calls to the outside, with the operator's certificate authorities. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

interface Named<K extends string> {
  kind: K;
  /** Lower case, unique within its kind: `dockerhub`, `deployment`, `slack`. */
  name: string;
  /** One sentence, for the generated documentation. */
  description: string;
  settings?: (z: Zod) => Settings;
  metrics?: readonly MetricDeclaration[];
}

// ---------------------------------------------------------------- trigger

/** A webhook call that has passed authentication, the size limit and JSON parsing. */
export interface WebhookCall {
  body: unknown;
  headers: Headers;
  url: URL;
  z: Zod;
  /** Ends the call with 400 and a JSON body that names the field, such as `repository.repo_name`. */
  refuse(field: string, message: string): never;
}

/** What a webhook's body says. `ignored` tells in a sentence each what was understood and left out on purpose. */
export interface WebhookReading {
  sightings: Sighting[];
  ignored: string[];
}

/** An artifact that some workload wants to be polled. */
export interface PolledArtifact {
  artifact: Artifact;
  /** Seconds between polls, as its workloads ask for or the global one. */
  interval: number;
  /** Whether some container's policy looks at the list of tags. */
  wantsTags: boolean;
  /** Tags of which some container follows the digest. */
  followedTags: string[];
}

/** The registry as a trigger sees it: credentials of the workloads that use the artifact are found by core. */
export interface RegistryReader {
  /** All tags, or an error: never half a list. */
  tags(artifact: Artifact): Promise<string[]>;
  /** The digest of a tag; undefined when there is no such tag. */
  digest(artifact: Artifact, tag: string): Promise<string | undefined>;
}

export interface TriggerContext<S = Record<string, unknown>> extends PluginContext<S> {
  /** Resolves once every UpdateRequest that follows from the sighting is stored. */
  report(sighting: Sighting): Promise<SightingResult>;
  /** The artifacts to poll now, from the index: no API call. */
  polled(): PolledArtifact[];
  registry: RegistryReader;
}

export interface TriggerPlugin<S = Record<string, unknown>> extends Named<"trigger"> {
  /** A route on the webhook port, and the reading of its bodies: pure. */
  webhook?: { path: `/${string}`; read(call: WebhookCall): WebhookReading };
  /** A loop, run on the one replica that holds the Lease, until `signal` is aborted. */
  run?(context: TriggerContext<S>, signal: AbortSignal): Promise<void>;
}

// ---------------------------------------------------------------- workload

/** A place in a workload that holds one version of one artifact: a container's image, a chart's version. */
export interface Slot {
  /** The container's name. */
  name: string;
  init: boolean;
  /** As it is written in the workload, such as `nginx:1.27`. */
  current: string;
  /** JSON pointer of the container in the workload, with its index. */
  pointer: string;
}

/** How far a workload has come with what its `spec` says, read from its `status`. */
export interface Rollout {
  /**
   * `complete`: all of it runs, and is available; `progressing`: not yet; `failed`: the cluster itself has given it up;
   * `waiting`: nothing has run since, as with a CronJob whose next Job is to come; `none`: there is nothing to be seen
   * (no replicas, paused, suspended).
   */
  state: "complete" | "progressing" | "failed" | "waiting" | "none";
  /** In CamelCase, such as `ProgressDeadlineExceeded`. */
  reason: string;
  /** A sentence without a full stop. No figures that change often: it is written down whenever it changes. */
  message: string;
  /** RFC 3339: when what it tells of began, where that may have been before the change in question. */
  at?: string;
}

/** As in the Kubernetes API, `metav1.LabelSelector`. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A kind of API object that runs containers. */
export interface WorkloadPlugin extends Named<"workload"> {
  resource: { group: string; version: string; plural: string; kind: string };
  /** JSON pointer of the pod template, such as `/spec/template`: containers and init containers are found under its `spec`. */
  podTemplate: `/${string}`;
  /** Reads the rollout of the object's own generation; pure, and throws on no object. */
  rollout(object: unknown): Rollout;
  /** Which pods are its own; undefined where pods are not to be watched. */
  podSelector?(object: unknown): LabelSelector | undefined;
  /** What people have to know after a rollback, if its controller does not do all of it; a sentence without a full stop. */
  afterRollback?: string;
}

// ---------------------------------------------------------------- check

/** What a check says now. `waiting` is no failure: the answer is not there yet. */
export interface CheckReading {
  state: "ok" | "waiting" | "failing";
  /** A sentence without a full stop, of at most 500 characters. While it is `ok`, without figures that change. */
  message: string;
}

/** The change that is being verified. */
export interface CheckSubject<A = Record<string, unknown>> {
  /** The plugin's annotations, parsed by its schema. */
  annotations: A;
  workload: { apiVersion: string; kind: string; namespace: string; name: string; uid: string };
  container: string;
  image: string;
  updateRequest: { namespace: string; name: string; uid: string };
  /** RFC 3339. */
  appliedAt: string;
}

/** What a check may ask of the API server, by paths such as `/api/v1/namespaces/shop/pods/web`, with the operator's rights. */
export interface CheckAccess {
  /** One object by its path; undefined when there is none. Throws an error with the answer's `status`; 0 when there was none. */
  get<T>(path: string): Promise<T | undefined>;
  /** Creates an object by the path of its collection; one of that name that is there already is success. Throws as `get`. */
  create(path: string, object: unknown): Promise<void>;
}

export interface CheckContext<S = Record<string, unknown>> extends PluginContext<S>, CheckAccess {}

/** What must hold besides the rollout, for all of the soak time, before an update counts as good. */
export interface CheckPlugin<S = Record<string, unknown>, A = Record<string, unknown>> extends Named<"check"> {
  /**
   * Annotations without `headwind.sh/`, each with `.describe()`. The check is made where the first one is set, which may
   * therefore be required; the others are optional. No other check may have them.
   */
  annotations(z: Zod): zod.ZodObject<Record<string, zod.ZodType>>;
  /**
   * One reading, of a workload whose rollout is complete. It is asked again every few seconds, so what it starts must be
   * named such that it is started once. A throw, or no answer in time, counts as failing; then `signal` is aborted.
   */
  read(subject: CheckSubject<A>, context: CheckContext<S>, signal: AbortSignal): Promise<CheckReading>;
}

// ---------------------------------------------------------------- notifier

export type UpdateEventType =
  | "created"
  | "approved"
  | "rejected"
  | "completed"
  | "failed"
  | "rolledBack"
  | "held"
  | "superseded"
  | "expired";

/** A step of an UpdateRequest, from its stored status. It is delivered at least once. */
export interface UpdateEvent {
  type: UpdateEventType;
  /** The same for every delivery of the same step. */
  idempotencyKey: string;
  /** RFC 3339. */
  timestamp: string;
  updateRequest: { namespace: string; name: string; uid: string };
  workload: { apiVersion: string; kind: string; namespace: string; name: string };
  container: string;
  currentImage: string;
  newImage: string;
  policy: string;
  requiresApproval: boolean;
  approvedBy?: string;
  message?: string;
}

export interface NotifierPlugin<S = Record<string, unknown>> extends Named<"notifier"> {
  /** Whether these settings ask for deliveries at all. */
  enabled(settings: S): boolean;
  /** Delivers one event; a throw means that it is tried again later. */
  deliver(event: UpdateEvent, context: PluginContext<S>, signal: AbortSignal): Promise<void>;
}

// ---------------------------------------------------------------- metrics backend

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}
/** Points are [Unix seconds, value], oldest first. */
export interface Series {
  labels: Record<string, string>;
  points: [number, number][];
}
export interface MetricsContext<S = Record<string, unknown>> extends PluginContext<S> {
  /** The operator's own metrics in the Prometheus text format. */
  exposition(): Promise<string>;
}

/** Where the numbers of the past are read from. */
export interface MetricsPlugin<S = Record<string, unknown>> extends Named<"metrics"> {
  /** Whether the backend answers; used to find one by itself. */
  available(context: MetricsContext<S>, signal: AbortSignal): Promise<boolean>;
  /** Current values of all metrics named `headwind_…`. */
  current(context: MetricsContext<S>, signal: AbortSignal): Promise<Sample[]>;
  /** One metric between two Unix times in seconds; a backend without a past gives the last point only. */
  range(
    query: { metric: string; start: number; end: number; step: number },
    context: MetricsContext<S>,
    signal: AbortSignal,
  ): Promise<Series[]>;
}

export type Plugin = TriggerPlugin | WorkloadPlugin | CheckPlugin | NotifierPlugin | MetricsPlugin;
export type PluginKind = Plugin["kind"];

/** For the editor's sake: gives back what it is given. */
export const defineTrigger = <S = Record<string, unknown>>(plugin: TriggerPlugin<S>): TriggerPlugin<S> => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineWorkload = (plugin: WorkloadPlugin): WorkloadPlugin => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineCheck = <S = Record<string, unknown>, A = Record<string, unknown>>(
  plugin: CheckPlugin<S, A>,
): CheckPlugin<S, A> => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineNotifier = <S = Record<string, unknown>>(plugin: NotifierPlugin<S>): NotifierPlugin<S> => plugin;
/** For the editor's sake: gives back what it is given. */
export const defineMetrics = <S = Record<string, unknown>>(plugin: MetricsPlugin<S>): MetricsPlugin<S> => plugin;

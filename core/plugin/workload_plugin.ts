import type { FindObject, ResourceKind, SlotReading } from "./slot.ts";
import type { Named } from "./common.ts";

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

/** A kind of API object that runs containers, or a chart. One of `podTemplate` and `slots` is there. */
export interface WorkloadPlugin extends Named<"workload"> {
  resource: ResourceKind;
  /** JSON pointer of the pod template, such as `/spec/template`: containers and init containers are found under its `spec`. */
  podTemplate?: `/${string}`;
  /**
   * Where the versions stand in what is no pod template; pure. `find` gives objects of the kinds in `related`: those that
   * it was asked for are followed, and the slots are read again when one of them changes.
   */
  slots?(object: unknown, find: FindObject): SlotReading;
  /** The kinds of objects that `slots` looks at. `keep` takes from one what `slots` reads of it, besides its names. */
  related?: readonly { resource: ResourceKind; keep(object: unknown): object }[];
  /** With `related`: takes from the workload what `slots` and `rollout` read of it, besides its metadata, of which only Headwind's annotations stay. */
  keep?(object: unknown): object;
  /** Annotations of its own, without `headwind.sh/`, and what they mean. */
  annotations?: Readonly<Record<string, string>>;
  /** Its artifacts are polled, where `headwind.sh/event-source` is not written and `HEADWIND_HELM_AUTO_DISCOVERY` is not off. */
  discovers?: true;
  /** Reads the rollout of the object's own generation; pure, and throws on no object. `find` as with `slots`. */
  rollout(object: unknown, find: FindObject): Rollout;
  /** Which pods are its own; undefined where pods are not to be watched. */
  podSelector?(object: unknown): LabelSelector | undefined;
  /** What people have to know after a rollback, if its controller does not do all of it; a sentence without a full stop. */
  afterRollback?: string;
}

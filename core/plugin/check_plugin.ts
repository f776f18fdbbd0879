import type * as zod from "zod";
import type { Named, PluginContext, Zod } from "./common.ts";

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
  /** The first of `containers`, where these are several. */
  container: string;
  /** All containers and init containers that moved together, where these are several. */
  containers?: readonly string[];
  image: string;
  updateRequest: { namespace: string; name: string; uid: string };
  /** RFC 3339. */
  appliedAt: string;
}

/** What a check may ask of the API server, by paths such as `/api/v1/namespaces/shop/pods/web`, with the operator's rights. */
export interface CheckAccess {
  /**
   * One object by its path; undefined when there is none.
   *
   * @throws an error with the answer's `status`; 0 when there was none
   */
  get<T>(path: string): Promise<T | undefined>;
  /**
   * Creates an object by the path of its collection; one of that name that is there already is success.
   *
   * @throws as `get`
   */
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

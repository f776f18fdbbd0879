import type { Outcome } from "../../../core/lifecycle/do_step.ts";
import { createReconciler, type Rest } from "../../../core/lifecycle/reconcile.ts";
import { createUpdateCache, requestKey, type UpdateCache } from "../../../core/requests/cache.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import type { Log } from "../../../core/plugin.ts";
import { type RequestStore, requestStore } from "../../support/request_store.ts";
import { patchOf } from "../../../core/lifecycle/patch.ts";
import type { Lookup, PatchStep, WebhookTrust } from "../../../core/lifecycle/step.ts";
import type { HealthReading } from "../../../core/plugin/reading.ts";
import { projectRequest, type UpdateRequest } from "../../../core/requests/update_request.ts";
import { type HistoryEntry, readHistory } from "../../../core/requests/history.ts";
import { readHolds } from "../../../core/requests/holds.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf, workloadPatched } from "../../support/build/workload.ts";

export const key = "Deployment/default/web";
export const noon = Date.parse("2026-01-01T12:00:00Z");

/** What a reconciler works on: requests in a store, and one workload `default/web`, as the API server has it. */
export interface Harness {
  store: RequestStore;
  cache: UpdateCache;
  workload: Workload | "missing";
  /** What the watch still believes, where it lags behind. */
  believed?: Workload;
  /** Milliseconds since 1970. */
  now: number;
  leads: boolean;
  lookup: Lookup;
  trust: WebhookTrust;
  lookups: number;
  /** Uids of the requests that still await an answer, as was said last. */
  awaited: string[];
  /** How the workload is found. Default: there is nothing to be seen, so that what is applied is done. */
  reading: HealthReading;
  /** How often it was asked how the workload is. */
  readings: number;
  /** How often it was said that nothing of the workload is verified. */
  releases: number;
  owed: boolean;
  /** Images that were applied, in their order. */
  applied: string[];
  /** Changes of the workload of any kind, such as `roll back app:1.0.0`, in their order. */
  changed: string[];
  /** What was told of right after the workload was changed. */
  patched: PatchStep["type"][];
  /** Called before and after each change of the workload: may throw. */
  meddle?: (call: "patch" | "patched", type: PatchStep["type"]) => void;
  /** Called at each Event. */
  recording?: () => void;
  recorded: Outcome[];
  told: Outcome[];
  keep: number;
  /** A new process that has only what the API server has. */
  restarted(): Harness;
  run(): Promise<Rest>;
  /** `name phase reason`, each request that is stored, with its namespace if it is another. */
  statuses(): string[];
}

export interface HarnessState {
  requests?: UpdateRequest[];
  workload?: Workload | "missing";
}

export const healthy: HealthReading = { state: "healthy", reason: "Healthy", message: "all pods are available" };
export const failing: HealthReading = { state: "failing", reason: "CrashLoopBackOff", message: "pod web-1: back-off" };
export const progressing: HealthReading = {
  state: "progressing",
  reason: "PodsNotUpdated",
  message: "not all pods yet",
};
export const unseen: HealthReading = { state: "none", reason: "NoReplicas", message: "it is scaled to zero" };
/** Its checks are being read. */
export const unread: HealthReading = {
  state: "progressing",
  reason: "CheckWaiting",
  message: "not yet",
  pending: true,
};
export const readingInterval = 10_000;

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => log };

export function harness(
  { requests = [], workload = workloadOf() }: HarnessState = {},
  store = requestStore(),
): Harness {
  for (const request of requests) store.put(request);
  const cache = createUpdateCache();
  store.changed = (request) => void cache.upsert(request);
  store.gone = (request) => void cache.remove(requestKey(request), request.metadata.uid);
  for (const request of store.requests.values()) cache.upsert(projectRequest(request));
  const serves = (target: { apiVersion: string }) => target.apiVersion === "apps/v1";
  let reconcile: ReturnType<typeof createReconciler> | undefined;
  const made: Harness = {
    store,
    cache,
    workload,
    now: noon,
    leads: true,
    lookup: "found",
    trust: "proof",
    lookups: 0,
    awaited: [],
    reading: unseen,
    readings: 0,
    releases: 0,
    owed: false,
    applied: [],
    changed: [],
    patched: [],
    recorded: [],
    told: [],
    keep: 10,
    restarted() {
      const { workload, now, keep, reading } = made;
      return Object.assign(harness({ workload }, store), { now, keep, reading });
    },
    async run() {
      reconcile ??= createReconciler({
        cache,
        store,
        workloads: {
          get: async (target) => serves(target) ? made.believed ?? made.workload : "unknown kind",
          read: async (target) => serves(target) ? made.workload : "unknown kind",
          async patch(step) {
            made.meddle?.("patch", step.type);
            const workload = await patch(made.workload, step, new Date(made.now));
            made.workload = workload;
            made.changed.push(inWords(step));
            if (step.type === "apply") made.applied.push(step.request.spec.newImage);
            made.meddle?.("patched", step.type);
            return workload;
          },
        },
        health: {
          read() {
            made.readings++;
            return made.reading;
          },
          release: () => void made.releases++,
        },
        patched: ({ type }) => void made.patched.push(type),
        lookups: {
          ask() {
            made.lookups++;
            return made.lookup;
          },
          keep: (_, requests) => void (made.awaited = [...requests]),
        },
        async recordEvents(outcome) {
          made.recorded.push(outcome);
          made.recording?.();
        },
        statusWritten: (outcome) => void made.told.push(outcome),
        leads: () => made.leads,
        hasNotifiers: false,
        hasPendingNotifications: () => made.owed,
        keepFinished: made.keep,
        trust: made.trust,
        readingInterval,
        now: () => new Date(made.now),
        log,
      });
      for (const other of cache.workloads()) if (other.endsWith(" from other")) await reconcile(other);
      return await reconcile(key);
    },
    statuses: () =>
      [...store.requests.values()].map(({ metadata, status }) => {
        const reason = status?.conditions?.find(({ type }) => type === "Applied")?.reason;
        const name = metadata.namespace === "default" ? metadata.name : `${metadata.namespace}/${metadata.name}`;
        return `${name} ${status?.phase ?? "-"} ${reason ?? "-"}`;
      }).sort(),
  };
  return made;
}

/** The workload after a step's patch whose tests hold; 422 where one does not, as for what a person changed in between. */
async function patch(workload: Workload | "missing", step: PatchStep, now: Date): Promise<Workload> {
  if (workload === "missing") throw new KubeError(404, "NotFound", "not found");
  const changed = workloadPatched(workload, patchOf(step, now));
  if (!changed) throw new KubeError(422, "Invalid", "the server rejected our request: test failed");
  return changed;
}

function inWords(step: PatchStep): string {
  if (step.type === "roll back") return `roll back ${step.moves[0].image}`;
  if (step.type === "hold") return `hold ${step.holds[0].image}`;
  return `${step.type} ${step.request.spec.newImage}`;
}

/** A harness with one request, whose workload is found so. Annotations are without their prefix. */
export function found(reading: HealthReading, annotations: Record<string, string> = {}): Harness {
  const workload = workloadOf({ annotations: { "min-update-interval": "0", ...annotations } });
  return Object.assign(harness({ requests: [requestOf()], workload }), { reading });
}

/** Lets time pass as long as time alone can change something. Gives how long that was, in seconds. */
export async function settled(one: Harness): Promise<number> {
  const began = one.now;
  for (let { again } = await one.run(); again !== undefined; { again } = await one.run()) one.now += again;
  return (one.now - began) / 1000;
}

/** As a person puts another image there, with any tool. */
export function edit(one: Harness, image: string): void {
  const path = "/spec/template/spec/containers/0/image";
  one.workload = workloadPatched(workload(one), [{ op: "replace", path, value: image }])!;
}

const workload = (one: Harness) => one.workload as Workload;
export const imageOf = (one: Harness): string => workload(one).slots[0]!.current;
export const historyOf = (one: Harness): readonly HistoryEntry[] => readHistory(workload(one).annotations.history);
export const heldOf = (one: Harness): (string | undefined)[] =>
  readHolds(workload(one).annotations.held).map(({ image }) => image);
/** Phase and reason of what was written last. */
export function lastSaid(one: Harness): string {
  const { phase, reason } = one.told.at(-1)!.statusUpdate;
  return `${phase} ${reason}`;
}

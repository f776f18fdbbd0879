import { applyPatch, type PatchOperation } from "../../../core/updates/patch.ts";
import { createReconciler, type Outcome, type Rest } from "../../../core/updates/reconcile.ts";
import { createUpdateCache, type UpdateCache } from "../../../core/updates/cache.ts";
import { KubeError } from "../../../core/kube/errors.ts";
import type { Log } from "../../../core/plugin.ts";
import type { Lookup } from "../../../core/updates/lifecycle.ts";
import { type MemoryStore, memoryStore } from "./memory_store.ts";
import type { UpdateRequest } from "../../../core/updates/update_request.ts";
import type { Workload } from "../../../core/match/workload.ts";
import { workloadOf } from "./world.ts";

export const key = "Deployment/default/web";
export const noon = Date.parse("2026-01-01T12:00:00Z");

/** What a reconciler works on: requests in a store, and one workload `default/web`, as the API server has it. */
export interface Floor {
  store: MemoryStore;
  cache: UpdateCache;
  workload: Workload | "missing";
  /** What the watch still believes, where it lags behind. */
  believed?: Workload;
  /** Milliseconds since 1970. */
  now: number;
  leads: boolean;
  lookup: Lookup;
  lookups: number;
  owed: boolean;
  /** Images that were applied, in their order. */
  applied: string[];
  /** Called before and after each change of the workload: may throw. */
  meddle?: (call: "apply" | "applied") => void;
  /** Called at each Event. */
  recording?: () => void;
  recorded: Outcome[];
  told: Outcome[];
  keep: number;
  /** Runs a new process that has only what the API server has. */
  restarted(): Floor;
  run(): Promise<Rest>;
  /** `name phase reason`, each request that is stored, with its namespace if it is another. */
  stands(): string[];
}

export interface FloorState {
  requests?: UpdateRequest[];
  workload?: Workload | "missing";
}

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => log };

export function floor({ requests = [], workload = workloadOf() }: FloorState = {}, store = memoryStore()): Floor {
  for (const request of requests) store.put(request);
  const cache = createUpdateCache();
  store.changed = (request) => void cache.upsert(request);
  for (const request of store.requests.values()) cache.upsert(request);
  const serves = (target: { apiVersion: string }) => target.apiVersion === "apps/v1";
  const made: Floor = {
    store,
    cache,
    workload,
    now: noon,
    leads: true,
    lookup: "found",
    lookups: 0,
    owed: false,
    applied: [],
    recorded: [],
    told: [],
    keep: 10,
    restarted: () => Object.assign(floor({ workload: made.workload }, store), { now: made.now, keep: made.keep }),
    run: () =>
      createReconciler({
        cache,
        store,
        workloads: {
          get: async (target) => serves(target) ? made.believed ?? made.workload : "unknown kind",
          read: async (target) => serves(target) ? made.workload : "unknown kind",
          async apply(request, { workload, slot }) {
            made.meddle?.("apply");
            made.workload = patched(made.workload, applyPatch(request, workload, slot, new Date(made.now)));
            made.applied.push(request.spec.newImage);
            made.meddle?.("applied");
            return made.workload;
          },
        },
        async lookUp() {
          made.lookups++;
          return made.lookup;
        },
        async record(outcome) {
          made.recorded.push(outcome);
          made.recording?.();
        },
        told: (outcome) => void made.told.push(outcome),
        leads: () => made.leads,
        tellsNotifiers: false,
        owed: () => made.owed,
        keepFinished: made.keep,
        lookUpAgainAfter: 15_000,
        now: () => new Date(made.now),
        log,
      })(key),
    stands: () =>
      [...store.requests.values()].map(({ metadata, status }) => {
        const reason = status?.conditions?.find(({ type }) => type === "Applied")?.reason;
        const name = metadata.namespace === "default" ? metadata.name : `${metadata.namespace}/${metadata.name}`;
        return `${name} ${status?.phase ?? "-"} ${reason ?? "-"}`;
      }).sort(),
  };
  return made;
}

/** The workload after a patch whose tests hold; 422 where one does not, as for what a person changed in between. */
function patched(workload: Workload | "missing", operations: PatchOperation[]): Workload {
  if (workload === "missing") throw new KubeError(404, "NotFound", "not found");
  const value = (op: PatchOperation["op"], end: string) =>
    operations.find((operation) => operation.op === op && operation.path.endsWith(end))?.value;
  const slot = workload.slots.find(({ pointer }) =>
    operations.some(({ op, path }) => op === "replace" && path === `${pointer}/image`)
  );
  const holds = slot?.current === value("test", "/image") && workload.uid === value("test", "/metadata/uid") &&
    (workload.annotations.history ?? null) === value("test", "update-history");
  if (!holds) throw new KubeError(422, "Invalid", "the server rejected our request: test failed");
  return {
    ...workload,
    slots: workload.slots.map((one) => one === slot ? { ...one, current: String(value("replace", "/image")) } : one),
    annotations: {
      ...workload.annotations,
      history: String(value("add", "update-history")),
      lastUpdate: String(value("add", "last-update")),
    },
  };
}

import type { AuditEntry } from "../../../core/server/audit.ts";
import { requestStore } from "../../support/request_store.ts";
import daemonset from "../../../plugins/workloads/daemonset.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";
import type { UpdateReads } from "../../../core/requests/cache.ts";
import { approvalApp } from "../../../core/server/approval_api.ts";
import type { openApiDocument } from "../../../core/server/openapi.ts";
import { createCallers } from "../../../core/server/callers.ts";
import { proxiedSubject } from "../../../core/server/proxy_identity.ts";
import type { Decision, UpdateRequest } from "../../../core/requests/update_request.ts";
import { type Line, recordedLog } from "../../support/recorded_log.ts";
import type { HistoryEntry } from "../../../core/requests/history.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { type MemoryWorkloads, memoryWorkloads } from "../../support/memory_workloads.ts";
import { workloadOf } from "../../support/build/workload.ts";
import { waitOf } from "../../../core/read_model/update_wait.ts";

export interface Harness {
  fetch(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Response>;
  /** What the store was asked, such as `get default/a`. */
  asked: string[];
  /** The decisions that were stored. */
  decided(): Decision[];
  lines: Line[];
  /** What people did. */
  audit: AuditEntry[];
  workloads: MemoryWorkloads;
  /** Thrown by every question to the store and for a workload, once set. */
  fault?: Error;
  unready: string[];
  routes(): { method: string; path: string }[];
}

// deno-fmt-ignore
export const history: HistoryEntry[] = [
  {
    container: "app",
    image: "app:1.2.0",
    previousImage: "app:1.1.0",
    timestamp: "2026-01-01T11:00:00.000Z",
    updateRequestName: "web-app-1-2-0",
    approvedBy: "ann",
  },
  { container: "app", image: "app:1.1.0", previousImage: "app:1.0.0", timestamp: "2026-01-01T10:00:00.000Z", verified: true },
];

export const proxySecret = "a-secret-of-16-characters";

/** With all that the API server adds. */
function stored(changes: RequestChanges): UpdateRequest {
  const request = requestOf(changes);
  const managedFields = [{ manager: "headwind", operation: "Update", fieldsV1: { "f:spec": {} } }];
  return { ...request, metadata: Object.assign(request.metadata, { managedFields }) };
}

/**
 * The approval API, open, with a proxy whose users have no rights, over three requests of `default`: `a` waits, `done` is
 * completed, `said` is rejected. And over workloads: Deployment `web`, which was moved from 1.0.0 to 1.1.0 and on to 1.2.0,
 * StatefulSet `db`, and Deployment and DaemonSet `both`, of which nobody moved any.
 */
export function harness({ open = true, waiting }: { open?: boolean; waiting?: UpdateRequest[] } = {}): Harness {
  const rejected: Decision = { approved: false, by: "bob" };
  const changes: RequestChanges[] = [{ name: "a" }, { name: "done", phase: "Completed" }, {
    name: "said",
    decision: rejected,
  }];
  const store = requestStore(...changes.map(stored));
  const asked: string[] = [];
  const ask = (what: string) => {
    asked.push(what);
    if (made.fault) throw made.fault;
  };
  store.meddle = ask;
  const reads: UpdateReads = {
    pending(namespace) {
      ask(`pending ${namespace ?? "everywhere"}`);
      if (waiting) return waiting;
      return namespace === undefined || namespace === "default" ? [store.requests.get("default/a")!] : [];
    },
    get(namespace, name) {
      ask(`get ${namespace}/${name}`);
      return store.requests.get(`${namespace}/${name}`);
    },
  };
  const workloads = memoryWorkloads(
    workloadOf({ image: "app:1.2.0", history }),
    workloadOf({ plugin: statefulset, name: "db" }),
    workloadOf({ name: "both" }),
    workloadOf({ plugin: daemonset, name: "both" }),
  );
  const { find } = workloads;
  workloads.known = () => [];
  workloads.find = async (...where) => {
    if (made.fault) throw made.fault;
    return await find(...where);
  };
  const { log, lines } = recordedLog();
  const audit: AuditEntry[] = [];
  const proxy = { secret: proxySecret, userHeader: "X-Forwarded-User", groupsHeader: "X-Forwarded-Groups" };
  const callers = createCallers({
    open,
    holderOf: () => Promise.reject(new Error("no call here has a token")),
    proxied: (request) => proxiedSubject(request, proxy),
    mayDo: () => Promise.resolve(false),
  });
  const app = approvalApp({
    decisions: store,
    reads,
    waitOf: (request) => waitOf(request, undefined, Date.now()),
    workloads,
    callers,
    namespaces: [],
    health: { unready: () => made.unready, version: "1.2.3" },
    audit: (entry) => void audit.push(entry),
    log,
  });
  const made: Harness = {
    async fetch(method, path, body, headers = {}) {
      const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      const init = { method, headers: { ...type, ...headers }, ...(body === undefined ? {} : { body }) };
      return await app.fetch(new Request(`http://headwind.example${path}`, init));
    },
    asked,
    decided: () => ["a", "done"].flatMap((name) => store.requests.get(`default/${name}`)!.spec.decision ?? []),
    workloads,
    lines,
    audit,
    unready: [],
    routes: () => app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => ({ method, path })),
  };
  return made;
}

/** What the API says of itself. */
export async function documentOf(options: { open?: boolean } = {}): Promise<ReturnType<typeof openApiDocument>> {
  return await (await harness(options).fetch("GET", "/openapi.json")).json();
}

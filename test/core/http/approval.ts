import { AlreadyDecided, type Decisions } from "../../../core/updates/decisions.ts";
import { approvalApp } from "../../../core/http/api.ts";
import type { Decision, UpdateRequest } from "../../../core/updates/update_request.ts";
import { keptLog, type Line } from "./log.ts";
import { requestOf } from "../updates/world.ts";

export interface Approval {
  fetch(method: string, path: string, body?: string): Promise<Response>;
  /** What the store was asked, such as `get default/a`. */
  asked: string[];
  decided: Decision[];
  lines: Line[];
  /** Thrown by every question to the store, once set. */
  fault?: Error;
  unready: string[];
  routes(): { method: string; path: string }[];
}

/** The approval API over three requests of `default`: `a` waits, `done` is completed, `said` is rejected. */
export function approval(): Approval {
  const rejected: Decision = { approved: false, by: "bob" };
  const requests = new Map<string, UpdateRequest>([
    ["default/a", requestOf({ name: "a" })],
    ["default/done", requestOf({ name: "done", phase: "Completed" })],
    ["default/said", requestOf({ name: "said", decision: rejected })],
  ]);
  const asked: string[] = [];
  const decided: Decision[] = [];
  const ask = (what: string) => {
    asked.push(what);
    if (made.fault) throw made.fault;
  };
  const decisions: Decisions = {
    async pending(namespace) {
      ask(`pending ${namespace ?? "everywhere"}`);
      return namespace === undefined || namespace === "default" ? [requests.get("default/a")!] : [];
    },
    async get(namespace, name) {
      ask(`get ${namespace}/${name}`);
      return requests.get(`${namespace}/${name}`);
    },
    async decide(namespace, name, decision) {
      ask(`decide ${namespace}/${name}`);
      const request = requests.get(`${namespace}/${name}`);
      if (!request) return undefined;
      if (name === "done") throw new AlreadyDecided("it is Completed");
      if (name === "said") throw new AlreadyDecided("it was rejected by bob");
      decided.push(decision);
      return { ...request, spec: { ...request.spec, decision } };
    },
  };
  const { log, lines } = keptLog();
  const app = approvalApp({ decisions, health: { unready: () => made.unready, version: "1.2.3" }, log });
  const made: Approval = {
    async fetch(method, path, body) {
      const init = { method, ...(body === undefined ? {} : { body }) };
      return await app.fetch(new Request(`http://headwind.example${path}`, init));
    },
    asked,
    decided,
    lines,
    unready: [],
    routes: () => app.routes.map(({ method, path }) => ({ method, path })),
  };
  return made;
}

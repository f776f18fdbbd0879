import { activeHolds, type Hold, readHolds } from "../requests/holds.ts";
import { type HistoryEntry, readHistory } from "../requests/history.ts";
import { keyOf } from "../workloads/workload_index.ts";
import { NO_POLICY } from "../policy/policies.ts";
import type { UpdateRow } from "./update_row.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";

/** How a workload stands, what wants a look first. */
export const WORKLOAD_STATES = ["misread", "waiting", "updating", "held", "watched"] as const;
export type WorkloadState = (typeof WORKLOAD_STATES)[number];

/** A workload as a line of a list. */
export interface WorkloadRow {
  /** Its key in the index. */
  key: string;
  workload: Workload;
  namespace: string;
  name: string;
  kind: string;
  /** `deployment/web` */
  target: string;
  policy: string;
  /** `misread`: its annotations cannot be read. `held` where something is held and nothing else is under way. */
  state: WorkloadState;
  /** What would be brought in, or is: the update that is furthest, of those that are not finished. */
  candidate: UpdateRow | undefined;
  /** What a search looks in, in lower case. */
  text: string;
}

type Plain = Omit<WorkloadRow, "state" | "candidate">;

const plain = new WeakMap<Workload, Plain>();

function plainRow(workload: Workload): Plain {
  let row = plain.get(workload);
  if (row) return row;
  const { plugin: { resource: { kind } }, namespace, name, settings, mistakes, slots } = workload;
  const target = `${kind.toLowerCase()}/${name}`;
  const policy = settings?.policy.name ?? (mistakes.length > 0 ? "unreadable" : NO_POLICY.name);
  const text = [namespace, target, ...slots.flatMap((slot) => [slot.name, slot.current])].join("\n").toLowerCase();
  plain.set(workload, row = { key: keyOf(workload), workload, namespace, name, kind, target, policy, text });
  return row;
}

/** Its line, with those of its updates that are not finished. Pure. */
export function workloadRow(workload: Workload, open: readonly UpdateRow[]): WorkloadRow {
  const held = open.some(({ stage }) => stage === "held") || holdsSomething(workload.annotations.held);
  const candidate = open.find(({ stage }) => stage === "running") ?? open.find(({ stage }) => stage === "waiting");
  const state = workload.mistakes.length > 0
    ? "misread"
    : candidate
    ? candidate.stage === "running" ? "updating" : "waiting"
    : held
    ? "held"
    : "watched";
  return { ...plainRow(workload), state, candidate };
}

const holdsSomething = (held: string | undefined): boolean =>
  readHolds(held).some(({ resumedAt }) => resumedAt === undefined);

/** What is held now, of all containers. Pure. */
export const holdsNow = (workload: Workload, requests: readonly UpdateRequest[]): Hold[] =>
  workload.slots.flatMap((slot) => activeHolds(workload, slot, requests));

/** The last change that Headwind made. Pure. */
export function lastChange({ annotations }: Workload): HistoryEntry | undefined {
  return readHistory(annotations.history).reduce<HistoryEntry | undefined>(
    (last, entry) => last && last.timestamp >= entry.timestamp ? last : entry,
    undefined,
  );
}

import type { Change } from "./change.ts";
import type { Line } from "./telling.ts";

/** How to approve what has just begun to wait for it. `api` is the base URL of the approval API. */
export function hintOf(change: Change, api: string): Line | undefined {
  if (change.of !== "request") return undefined;
  const { metadata, spec } = change.after;
  if (!isWaiting(change.after) || (change.before && isWaiting(change.before))) return undefined;
  const text = `curl -sS -o /dev/null -X POST ${api}/api/v1/updates/${metadata.namespace}/${metadata.name}/approve`;
  return { workload: spec.targetRef.name, step: "try", text };
}

const isWaiting = ({ status, spec }: Extract<Change, { of: "request" }>["after"]): boolean =>
  status?.phase === "Pending" && spec.requireApproval !== false && spec.decision === undefined;

import type { Change } from "./change.ts";
import { isUndecided } from "../../core/requests/update_request.ts";
import type { Line } from "./telling.ts";

/** How to approve what has just begun to wait for it. */
export function hintOf(change: Change): Line | undefined {
  if (change.of !== "request") return undefined;
  const { metadata, spec } = change.after;
  if (!isWaiting(change.after) || (change.before && isWaiting(change.before))) return undefined;
  const text = `kubectl headwind -n ${metadata.namespace} approve ${metadata.name}`;
  return { workload: spec.targetRef.name, step: "try", text };
}

const isWaiting = (request: Extract<Change, { of: "request" }>["after"]): boolean =>
  request.status?.phase !== undefined && isUndecided(request) && request.spec.requireApproval !== false;

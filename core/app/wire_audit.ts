import { API_VERSION } from "../requests/update_request.ts";
import { type Audit, type AuditedAction, type AuditedObject, createAudit } from "../server/audit.ts";
import type { Cluster } from "./wire_cluster.ts";
import { createLog } from "../telemetry/log.ts";
import type { OperatorContext } from "./operator_context.ts";

/** What people do is written down with what the watches have told of its object. */
export function auditOf(
  { config, identity, now }: Pick<OperatorContext, "config" | "identity" | "now">,
  { cache, source, record }: Pick<Cluster, "cache" | "source" | "record">,
): Audit {
  return createAudit({
    // its own, since the level of the other may leave it out
    log: createLog({ format: config.HEADWIND_LOG_FORMAT }),
    find: (action) => action.kind === "UpdateRequest" ? request(action) : workload(action),
    record,
    now,
    instance: identity,
  });

  function request({ namespace, name }: AuditedAction): AuditedObject | undefined {
    const known = cache.get(`${namespace}/${name}`);
    if (!known) return undefined;
    const object = { apiVersion: API_VERSION, kind: "UpdateRequest", namespace, name, uid: known.metadata.uid };
    return { object, workloadKind: known.spec.targetRef.kind };
  }

  function workload({ kind, namespace, name }: AuditedAction): AuditedObject | undefined {
    const [known, ...others] = source.known(namespace, name, kind);
    if (!known || others.length > 0) return undefined;
    const { group, version, kind: workloadKind } = known.plugin.resource;
    const apiVersion = group === "" ? version : `${group}/${version}`;
    return { object: { apiVersion, kind: workloadKind, namespace, name, uid: known.uid }, workloadKind };
  }
}

import type { Audit } from "../server/audit.ts";
import { auditOf } from "./wire_audit.ts";
import type { ChangeableWorkloads } from "../server/change_workload.ts";
import type { Cluster } from "./wire_cluster.ts";
import { createPeopleActions, type PeopleActions } from "../server/people_actions.ts";
import { keyOf } from "../workloads/workload_index.ts";
import { neverTwice } from "../lib/never_twice.ts";
import type { OperatorContext } from "./operator_context.ts";

/** What people do over the API and the dashboard, and what that needs. */
export interface People {
  workloads: ChangeableWorkloads;
  audit: Audit;
  actions: PeopleActions;
}

export function wireActions(context: OperatorContext, cluster: Cluster): People {
  const { config, client, log, bus, now } = context;
  const { cache, store, source } = cluster;
  const workloads: ChangeableWorkloads = {
    known: source.known,
    find: source.find,
    resources: source.resources,
    requests: (workload) => cache.ofWorkload(keyOf(workload)),
    patch: source.patch,
    now: neverTwice(now),
    onDone: (what) => bus.emit("byHand", what),
  };
  const audit = auditOf(context, cluster);
  const actions = createPeopleActions({
    store,
    client,
    workloads,
    namespaces: config.HEADWIND_NAMESPACES,
    audit,
    log,
  });
  return { workloads, audit, actions };
}

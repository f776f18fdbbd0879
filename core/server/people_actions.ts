import type { Audit } from "./audit.ts";
import type { Caller } from "./callers.ts";
import { type ChangeableWorkloads, type ChangeWish, changeWorkload, type WorkloadChanged } from "./change_workload.ts";
import { type CheckWish, checkWorkload } from "./check_workload.ts";
import { type Decided, decideUpdate, type DecisionWish } from "./decide_update.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../plugin.ts";
import type { Retried } from "../lifecycle/retry_update.ts";
import { retryRequest, type RetryWish } from "./retry_request.ts";
import type { UpdateStore } from "../requests/store.ts";

/** All that people do. All throw `BadRequest`, and each is told to the audit, whatever came of it. */
export interface PeopleActions {
  decide(caller: Caller, wish: DecisionWish): Promise<Decided>;
  change(caller: Caller, wish: ChangeWish): Promise<WorkloadChanged>;
  retry(caller: Caller, wish: RetryWish): Promise<Retried>;
  /** Gives what stands in `check-requested-at` then. */
  check(caller: Caller, wish: CheckWish): Promise<string>;
}

export interface PeopleActionsOptions {
  store: Pick<UpdateStore, "decide" | "get" | "create" | "remove">;
  /** Headwind's own. */
  client: KubeClient;
  workloads: ChangeableWorkloads;
  /** The namespaces that it is for; all if empty. */
  namespaces: readonly string[];
  audit: Audit;
  log: Log;
}

export function createPeopleActions(options: PeopleActionsOptions): PeopleActions {
  return {
    decide: (caller, wish) => decideUpdate(caller, wish, { ...options, decisions: options.store }),
    change: (caller, wish) => changeWorkload(caller, wish, options),
    retry: (caller, wish) => retryRequest(caller, wish, options),
    check: (caller, wish) => checkWorkload(caller, wish, options),
  };
}

import createDashboard from "../../../../ui/web/app.ts";
import type { AuditEntry } from "../../../../core/server/audit.ts";
import { createPeopleActions } from "../../../../core/server/people_actions.ts";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import type { DashboardContext } from "../../../../core/web.ts";
import { keyOf } from "../../../../core/workloads/workload_index.ts";
import { memoryWorkloads } from "../../../support/memory_workloads.ts";
import { recordedLog } from "../../../support/recorded_log.ts";
import type { UpdateRequest } from "../../../../core/requests/update_request.ts";
import { requestStore } from "../../../support/request_store.ts";
import type { Workload } from "../../../../core/workloads/workload.ts";
import { workloadOf } from "../../../support/build/workload.ts";

export interface WorldOptions {
  requests?: readonly UpdateRequest[];
  workload?: Workload;
  /** What `ann` may, such as `approve updaterequests`. */
  rights?: readonly string[];
  /** Nobody is asked who they are, and nobody decides. */
  nobody?: boolean;
}

const everything = ["approve", "create", "delete", "patch", "get", "list"];
const secret = "a-secret-of-16-characters";

/** The dashboard over what `ann` may, who is named by a proxy; what is pressed is done to requests in memory, by the operator's own code. */
export async function world(
  { requests = [], workload = workloadOf(), rights = everything, nobody = false }: WorldOptions,
) {
  const store = requestStore(...requests);
  const audit: AuditEntry[] = [];
  const workloads = {
    ...memoryWorkloads(workload),
    requests: () => [...store.requests.values()],
    now: () => new Date("2026-11-30T12:00:00Z"),
  };
  const written: string[] = [];
  const { client } = store.server;
  const actions = createPeopleActions({
    store,
    client: {
      stream: client.stream,
      request: (method, path, options) => {
        if (!path.includes("/deployments/")) return client.request(method, path, options);
        written.push(JSON.stringify(options?.body));
        return Promise.resolve({} as never);
      },
    },
    workloads,
    namespaces: [],
    audit: (entry) => void audit.push(entry),
    log: recordedLog().log,
  });
  const context: DashboardContext = dashboardContext({
    env: nobody ? {} : { HEADWIND_UI_AUTH_MODE: "proxy", HEADWIND_PROXY_SECRET: secret },
    requests,
    workloads: [workload],
    actions,
    mayDo: ({ verb }) => rights.includes(verb),
  });
  const dashboard = await createDashboard(context);
  const proof: Record<string, string> = nobody ? {} : { "x-headwind-proxy-secret": secret, "x-forwarded-user": "ann" };
  const fetch = (path: string, init: RequestInit = {}) =>
    dashboard.fetch(
      new Request(`http://127.0.0.1:8082${path}`, {
        ...init,
        headers: { ...proof, ...init.headers as Record<string, string> },
      }),
      { address: "127.0.0.1" },
    );
  return {
    audit,
    written,
    workload: () => workloads.all.get(keyOf(workload))!,
    requests: store.requests,
    put: store.put,
    fetch,
    /** As a browser sends a form that stands on a page. */
    press: (path: string, fields: string[][] = [], headers: Record<string, string> = {}) =>
      fetch(path, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams(fields).toString(),
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "sec-fetch-site": "same-origin",
          referer: "http://127.0.0.1:8082/updates?search=web",
          ...headers,
        },
      }),
  };
}

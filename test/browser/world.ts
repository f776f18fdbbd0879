import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { call } from "../e2e/calls.ts";
import type { Dashboard, Name } from "./dashboard.ts";

/** Updates in each of their states, by the name of the workload. */
export const STATES = [
  "waits",
  "major",
  "interval",
  "rolling",
  "completed",
  "rejected",
  "failed",
  "rolled-back",
  "held",
] as const;

export type State = typeof STATES[number];

/** A call to the API of a replica that runs, by somebody's own token. */
export async function byApi({ running, people }: Dashboard, who: Name, path: string, json: unknown) {
  const answer = await call(`${running().api}/api/v1/${path}`, {
    json,
    headers: { authorization: `Bearer ${people[who].token}` },
  });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Where the dashboard has an update. */
export const pathOf = ({ metadata }: UpdateRequest): string => `/updates/${metadata.namespace}/${metadata.name}`;

/** A workload whose update to 1.1.0 waits for a person. */
export async function offer({ workloads }: Dashboard, name: string, tag = "1.1.0"): Promise<UpdateRequest> {
  await workloads.add(name, { annotations: { "require-approval": "true" }, replicas: 0 });
  await workloads.tell(name, tag);
  return await workloads.phase(name, tag, "Pending");
}

/** Makes them all, and waits until each is in its state. */
export async function makeStates(dashboard: Dashboard): Promise<Record<State, UpdateRequest>> {
  const { workloads, ns } = dashboard;
  const by: Record<State, () => Promise<UpdateRequest>> = {
    waits: () => offer(dashboard, "waits"),
    async major() {
      await workloads.add("major", { annotations: { policy: "major", "require-approval": "true" }, replicas: 0 });
      await workloads.tell("major", "2.0.0");
      return await workloads.phase("major", "2.0.0", "Pending");
    },
    async interval() {
      await workloads.add("interval", { annotations: { "min-update-interval": "1h" } });
      await workloads.updated("interval", "1.1.0");
      await workloads.tell("interval", "1.2.0");
      return await workloads.phase("interval", "1.2.0", "Pending");
    },
    async rolling() {
      await workloads.add("rolling", { replicas: 3, annotations: { "rollback-timeout": "1h" } });
      await workloads.tell("rolling", `1.1.${FAULTS.unready}`);
      return await workloads.phase("rolling", `1.1.${FAULTS.unready}`, "Verifying");
    },
    async completed() {
      await workloads.add("completed", { replicas: 2 });
      return await workloads.updated("completed", "1.1.0");
    },
    async rejected() {
      const { metadata } = await offer(dashboard, "rejected");
      const reason = "logins fail on staging since this version, see the release notes";
      await byApi(dashboard, "bob", `updates/${ns.namespace}/${metadata.name}/reject`, { reason });
      return await workloads.phase("rejected", "1.1.0", "Rejected");
    },
    async failed() {
      await workloads.add("failed");
      await workloads.tell("failed", `1.1.${FAULTS.unpullable}`);
      return await workloads.phase("failed", `1.1.${FAULTS.unpullable}`, "Failed");
    },
    async "rolled-back"() {
      await workloads.add("rolled-back", { annotations: { "auto-rollback": "true" } });
      await workloads.updated("rolled-back", "1.1.0");
      await workloads.tell("rolled-back", `1.2.${FAULTS.unpullable}`);
      return await workloads.phase("rolled-back", `1.2.${FAULTS.unpullable}`, "RolledBack");
    },
    async held() {
      await workloads.add("held", { annotations: { "require-approval": "true" }, replicas: 0 });
      const reason = "the migration runs until Friday";
      await byApi(dashboard, "ann", `hold/${ns.namespace}/held/app`, { image: "1.1.0", reason });
      await workloads.tell("held", "1.2.0");
      return await workloads.phase("held", "1.2.0", "Pending");
    },
  };
  const made = await Promise.all(STATES.map(async (state) => [state, await by[state]()] as const));
  return Object.fromEntries(made) as Record<State, UpdateRequest>;
}

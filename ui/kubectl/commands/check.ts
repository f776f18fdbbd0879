import {
  type CheckOutcome,
  delay,
  KubeError,
  readCheckOutcome,
  reasonForNoCheck,
  requestCheck,
  targetOf,
  type Workload,
} from "../../../core/ui.ts";
import { type Cluster, dryMark } from "../cluster.ts";
import type { Call, Command } from "../command.ts";
import { Failure, UsageError } from "../errors.ts";
import { findWorkload, readWorkload } from "../find_objects.ts";
import { fullName, shortName, workloadKinds } from "../kinds.ts";
import { managedNames } from "../suggest.ts";

export default {
  name: "check",
  summary: "Asks the registries of workloads at once, instead of at the next poll",
  about:
    "Without WORKLOAD it is for all of the namespace that Headwind looks after. Headwind asks for one repository at most once " +
    "in ten seconds; what is asked for meanwhile is done then. It takes the right to patch the workload, whose annotation " +
    "headwind.sh/check-requested-at it writes. With --wait it fails where something could not be read.",
  arguments: [{ name: "WORKLOAD", optional: true, several: true, offer: "workload" }],
  flags: [
    { name: "wait", help: "until Headwind has looked, and say what came of it" },
    { name: "timeout", value: "SECONDS", help: "how long to wait; 60 if absent" },
  ],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: ["check deployment/web --wait", "check web api", "check -n shop"],
  async run(call) {
    const patience = patienceOf(call);
    const cluster = await call.cluster();
    const workloads = await workloadsMeant(cluster, call.all("WORKLOAD"));
    const at = call.now().toISOString();
    for (const workload of workloads) await requestCheck(cluster.client, workload, at, "kubectl-headwind");
    const isWaiting = call.has("wait") && !cluster.dryRun;
    const checks = isWaiting ? await waitFor(cluster, workloads, at, patience) : new Map<Workload, CheckOutcome>();
    const textOf = (workload: Workload): string => {
      const name = fullName(workload.plugin, workload.name);
      const last = checks.get(workload);
      if (last) return `${name} ${outcomeText(last)}`;
      return isWaiting
        ? `${name} was not looked at within ${patience} s: it is asked for still`
        : `${name} is asked for${dryMark(cluster)}`;
    };
    return {
      data: {
        requested: at,
        workloads: workloads.map((workload) => {
          const lastCheck = checks.get(workload);
          return { ...targetOf(workload), ...(lastCheck ? { lastCheck } : {}) };
        }),
      },
      names: workloads.map(({ plugin, name }) => fullName(plugin, name)),
      text: () => workloads.map(textOf).join("\n"),
      failed: isWaiting &&
        workloads.some((workload) => checks.get(workload)?.error !== undefined || !checks.has(workload)),
    };
  },
} satisfies Command;

function outcomeText({ updateRequests, error }: CheckOutcome): string {
  const found = updateRequests.length > 0 ? `has ${updateRequests.join(", ")}` : "has nothing new";
  return error === undefined ? `was looked at and ${found}` : `could not be looked at: ${error}`;
}

function patienceOf(call: Call): number {
  const said = call.value("timeout");
  if (said === undefined) return 60;
  if (!/^[1-9]\d{0,4}$/.test(said)) throw new UsageError(`--timeout is ${said}: a number of seconds is wanted`);
  return Number(said);
}

/** @throws {Failure} where there is none, or where one that is named has nothing to be asked for */
async function workloadsMeant(cluster: Cluster, names: readonly string[]): Promise<Workload[]> {
  if (names.length > 0) {
    const found = await Promise.all(names.map((name) => findWorkload(cluster, name)));
    for (const workload of found) {
      const why = reasonForNoCheck(workload);
      if (why !== undefined) {
        throw new Failure(`${shortName(workload.plugin, workload.name)} has nothing to be asked for: ${why}`);
      }
    }
    return found;
  }
  const all = await Promise.all(workloadKinds.map(async (kind) => {
    const names = await managedNames(cluster, kind).catch((error: unknown) => {
      if (error instanceof KubeError && [403, 404].includes(error.status)) return [];
      throw error;
    });
    return await Promise.all(names.map((name) => readWorkload(cluster, kind, name)));
  }));
  const found = all.flat().flatMap((workload) =>
    workload && reasonForNoCheck(workload) === undefined ? [workload] : []
  );
  if (found.length > 0) return found;
  throw new Failure(`Headwind looks after nothing in namespace ${cluster.namespace} that has versions to be asked for`);
}

const lookMs = 500;

/** What came of each, by the end of the time. */
async function waitFor(
  cluster: Cluster,
  workloads: readonly Workload[],
  at: string,
  seconds: number,
): Promise<Map<Workload, CheckOutcome>> {
  const end = performance.now() + seconds * 1000;
  const done = new Map<Workload, CheckOutcome>();
  for (;;) {
    for (const workload of workloads) {
      if (done.has(workload)) continue;
      const now = await readWorkload(cluster, workload.plugin, workload.name);
      const last = readCheckOutcome(now?.lastCheck);
      if (last?.requested === at) done.set(workload, last);
    }
    if (done.size === workloads.length || performance.now() > end) return done;
    await delay(lookMs);
  }
}

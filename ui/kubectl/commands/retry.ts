import {
  actorText,
  createUpdateStore,
  heldText,
  isOfKind,
  ManualChangeRefused,
  NotMadeAnew,
  requestsOf,
  RetryRefused,
  retryUpdate,
  type RetryWrites,
  slotsText,
  versionText,
} from "../../../core/ui.ts";
import { type Cluster, dryMark } from "../cluster.ts";
import type { Call, Command } from "../command.ts";
import { Failure, sentenceOf } from "../errors.ts";
import { fullRequestName, getRequest, readWorkload } from "../find_objects.ts";
import { patchWorkload } from "../by_hand.ts";
import { shortName, workloadKinds } from "../kinds.ts";

export default {
  name: "retry",
  summary: "Makes an UpdateRequest anew that is finished or held",
  about:
    "It is deleted and created again without its decision, as one that is made by hand, by you: no registry is asked " +
    "whether it has the version. What holds its version is let go. It takes the verbs create and delete on " +
    "updaterequests.headwind.sh, and approve where the request wants no approval.",
  arguments: [{ name: "NAME", offer: "ended request" }],
  flags: [],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: ["retry web-app-1-3-0-4f1c9a2b3d"],
  async run(call) {
    const cluster = await call.cluster();
    const { old, anew, workload, slots, hold, stored } = await retried(cluster, call);
    const what = `${slotsText(slots)} of ${shortName(workload.plugin, workload.name)}`;
    if (hold) call.note(`${heldText(hold)} is held for ${what} by ${actorText(hold.by)}: ${hold.reason}; it is let go`);
    const { phase, message } = old.status!;
    return {
      data: stored ?? { apiVersion: old.apiVersion, kind: old.kind, ...anew },
      names: [fullRequestName(old)],
      text: () =>
        `${fullRequestName(old)} made anew${dryMark(cluster)}: ${what}, ` +
        `${versionText(slots[0].current)} → ${versionText(anew.spec.newImage)} (it was ${phase}: ${message})`,
    };
  },
} satisfies Command;

/** @throws {Failure} where it cannot be done, `KubeError` where it is refused */
async function retried(cluster: Cluster, call: Call) {
  const name = call.argument("NAME")!;
  try {
    return (await retryUpdate({
      read: () => getRequest(cluster, name),
      async workload(target) {
        const plugin = workloadKinds.find(({ resource }) => isOfKind(resource, target));
        return plugin && await readWorkload(cluster, plugin, target.name);
      },
      requests: (workload) => requestsOf(cluster, workload),
      rehearsal: writesOf(cluster.asDryRun()),
      writes: cluster.dryRun ? undefined : writesOf(cluster),
      madeBy: await cluster.me(),
      now: call.now,
    }))!;
  } catch (error) {
    if (error instanceof RetryRefused) {
      const { newer } = error;
      throw new Failure(error.message + (newer ? `: ${call.advise("reject", newer.metadata.name)}` : ""));
    }
    if (error instanceof NotMadeAnew) throw new Failure(`${error.message}: ${sentenceOf(error.cause)}`);
    if (error instanceof ManualChangeRefused) throw new Failure(error.message);
    throw error;
  }
}

const writesOf = (cluster: Cluster): RetryWrites => ({
  ...createUpdateStore(cluster.client, () => {}),
  patch: async (workload, operations) => (await patchWorkload(cluster, workload, operations)).workload,
});

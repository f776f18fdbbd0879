import {
  containersOf,
  createUpdateStore,
  delay,
  hasEnded,
  heldForAny,
  heldText,
  type Hold,
  isAlreadyExists,
  isConflict,
  isOfKind,
  isRetryable,
  type NewUpdateRequest,
  phaseOf,
  recreated,
  requestsOf,
  resumeManually,
  type SlotGroup,
  slotsText,
  supersedesRecreated,
  type UpdateRequest,
  versionText,
  type Workload,
} from "../../../core/ui.ts";
import { changeByHand } from "../by_hand.ts";
import { type Cluster, dryMark } from "../cluster.ts";
import type { Call, Command } from "../command.ts";
import { Failure, sentenceOf } from "../errors.ts";
import { slotNamed } from "../containers.ts";
import { fullRequestName, getRequest, readWorkload } from "../find_objects.ts";
import { shortName, workloadKinds } from "../kinds.ts";

const tries = 3;

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
    for (let attempt = 1;; attempt++) {
      const plan = await planOf(cluster, call);
      try {
        return await carryOut(plan, cluster, call);
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (attempt === tries) throw new Failure(`${plan.old.metadata.name} was changed by somebody else at each try`);
      }
    }
  },
} satisfies Command;

interface Plan {
  old: UpdateRequest;
  anew: NewUpdateRequest;
  workload: Workload;
  slots: SlotGroup;
  requests: UpdateRequest[];
  hold: Hold | undefined;
}

/**
 * What is to be done, as things stand.
 *
 * @throws {Failure} where it would come to nothing
 */
async function planOf(cluster: Cluster, call: Call): Promise<Plan> {
  const old = await getRequest(cluster, call.argument("NAME")!);
  const { metadata, spec } = old;
  if (!hasEnded(old)) {
    throw new Failure(`${metadata.name} is ${phaseOf(old)}, and goes on by itself: there is nothing to retry`);
  }
  const { kind, apiVersion, name } = spec.targetRef;
  const plugin = workloadKinds.find(({ resource }) => isOfKind(resource, spec.targetRef));
  const workload = plugin && await readWorkload(cluster, plugin, name);
  if (!workload) throw new Failure(`${metadata.name} is for ${kind} ${name} (${apiVersion}), which does not exist`);
  const [first = "", ...others] = containersOf(old);
  const slots: SlotGroup = [slotNamed(workload, first), ...others.map((name) => slotNamed(workload, name))];
  const anew = recreated(old, workload, slots, await cluster.me(), call.now());
  if (typeof anew === "string") throw new Failure(`${metadata.name} would come to nothing: ${anew}`);
  const requests = await requestsOf(cluster, workload);
  const newer = supersedesRecreated(old, requests);
  if (newer) {
    throw new Failure(
      `${metadata.name} would come to nothing: ${newer.metadata.name} is for ${versionText(newer.spec.newImage)}, ` +
        `which is newer; that one first: ${call.advise("reject", newer.metadata.name)}`,
    );
  }
  return { old, anew, workload, slots, requests, hold: heldForAny(workload, slots, spec.newImage, requests) };
}

/** Everything is tried as a dry run before the first write, so that nothing is deleted that cannot be made again. */
async function carryOut(plan: Plan, cluster: Cluster, call: Call) {
  const { old, workload, slots, hold } = plan;
  const rehearsal = cluster.asDryRun();
  await create(plan, rehearsal);
  await createUpdateStore(rehearsal.client, () => {}).remove(old);
  if (hold) await resume(plan, hold, rehearsal);
  const what = `${slotsText(slots)} of ${shortName(workload.plugin, workload.name)}`;
  if (hold) call.note(`${heldText(hold)} is held for ${what} by ${hold.by}: ${hold.reason}; it is let go`);
  let stored: UpdateRequest | undefined;
  if (!cluster.dryRun) {
    await createUpdateStore(cluster.client, () => {}).remove(old);
    stored = await createAfterAll(plan, cluster);
    if (hold) await resumeAll(plan, cluster);
  }
  const { phase, message } = old.status!;
  return {
    data: stored ?? { apiVersion: old.apiVersion, kind: old.kind, ...plan.anew },
    names: [fullRequestName(old)],
    text: () =>
      `${fullRequestName(old)} made anew${dryMark(cluster)}: ${what}, ` +
      `${versionText(slots[0].current)} → ${versionText(plan.anew.spec.newImage)} (it was ${phase}: ${message})`,
  };
}

/** The request that has the name then. That there is one already is no fault: it may be the old one, or Headwind's own. */
async function create({ anew }: Plan, { client }: Cluster): Promise<UpdateRequest | undefined> {
  try {
    return await createUpdateStore(client, () => {}).create(anew);
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    throw error;
  }
}

/** The old one is gone: whatever fails now is tried again, and told. */
async function createAfterAll(plan: Plan, cluster: Cluster): Promise<UpdateRequest> {
  const { name } = plan.old.metadata;
  for (let attempt = 1;; attempt++) {
    try {
      const there = await create(plan, cluster) ?? await getRequest(cluster, name);
      if (there.metadata.uid !== plan.old.metadata.uid) return there;
      throw new Error("something keeps the old one from going away");
    } catch (error) {
      if (isRetryable(error) && attempt < tries) {
        await delay(500 * attempt);
        continue;
      }
      throw new Failure(
        `${name} is deleted but could not be made anew, so it comes back when its version is seen again: ${
          sentenceOf(error)
        }`,
      );
    }
  }
}

/** What else is held for the container stays so. */
async function resume({ workload, requests, anew }: Plan, hold: Hold, cluster: Cluster): Promise<Workload> {
  const wish = { container: hold.container, by: await cluster.me(), image: hold.image ?? anew.spec.newImage };
  return (await changeByHand(cluster, workload, requests, resumeManually, wish)).workload;
}

/** A version may be held by several: itself, and everything. */
async function resumeAll(plan: Plan, cluster: Cluster): Promise<void> {
  let { workload, hold } = plan;
  const others = plan.requests.filter(({ metadata }) => metadata.uid !== plan.old.metadata.uid);
  for (let attempt = 0; hold && attempt < 10; attempt++) {
    workload = await resume(plan, hold, cluster);
    hold = heldForAny(workload, plan.slots, plan.anew.spec.newImage, others);
  }
}

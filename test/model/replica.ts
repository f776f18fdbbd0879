import { asks } from "./lookups.ts";
import type { Fact, Move, Setting } from "./move.ts";
import { knownTo, nameOf, project } from "./known.ts";
import { nextSteps } from "../../core/lifecycle/lifecycle.ts";
import { patchOf } from "../../core/lifecycle/patch.ts";
import { prunable } from "../../core/lifecycle/prune.ts";
import { needsAction, statusOf } from "../../core/lifecycle/status.ts";
import { patchDeployment, remove, settled, withAnswer, writeStatus } from "./api_server.ts";
import type { PatchStep, Step } from "../../core/lifecycle/step.ts";
import type { HealthReading, PodCounts } from "../../core/plugin/reading.ts";
import type { Phase } from "../../core/requests/phases.ts";
import type { UpdateRequest, UpdateRequestStatus } from "../../core/requests/update_request.ts";
import { withLeft } from "./left.ts";
import { type Bounds, type Found, readingInterval, spend, withReplica, type World } from "./world.ts";

const underWay = {
  state: "progressing",
  reason: "PodsNotUpdated",
  message: "not all pods are of this revision",
} as const;
const readings: Record<Found, HealthReading> = {
  healthy: { state: "healthy", reason: "Healthy", message: "all pods are of this revision, and available" },
  failing: { state: "failing", reason: "CrashLoopBackOff", message: "pod web-1: back-off" },
  progressing: underWay,
  unready: { ...underWay, unreadyFrom: new Date(0).toISOString() },
};
/** Of a workload with one pod. */
const pods: Record<Found, PodCounts> = {
  healthy: { old: 0, new: 1, ready: 1 },
  failing: { old: 0, new: 1, ready: 0 },
  progressing: { old: 1, new: 0, ready: 0 },
  unready: { old: 1, new: 1, ready: 0 },
};
const readingOf = (found: Found, { countsPods }: Bounds): HealthReading =>
  countsPods ? { ...readings[found], pods: pods[found] } : readings[found];

/** What the operator's loop may do next, as `core/lifecycle/reconcile.ts` does it: one write, or nothing. */
export function reconcile(world: World, index: 0 | 1, setting: Setting): Move[] {
  const { bounds, mutation } = setting;
  const { workload, requests } = knownTo(world, index, mutation);
  const isListed = world.replicas[index].unheard.requests.every(({ isListed }) => !isListed);
  if (requests.length === 0 || (!isListed && !mutation.isEarly)) return [];
  const now = new Date(world.now + bounds.clocks[index]);
  const pass = (found: ReadonlyMap<string, HealthReading>, told: string): Move[] => {
    const lookups = new Map(Object.entries(world.replicas[index].lookups));
    const known = { lookups, readings: found, readingInterval, trust: bounds.trust ?? "proof" };
    const steps = nextSteps({ requests, workload, now: now.getTime(), ...known });
    const news = steps.find(needsAction);
    if (!news) return prune(world, index, setting);
    if (news.type === "look up") return asks(world, index, news.request);
    if (news.type === "write status" && ends.includes(news.statusUpdate.phase) && readsAnew(world, index, setting)) {
      return reconcile(withReplica(world, index, { deployment: world.deployment }), index, setting);
    }
    if (news.type === "write status") return update(world, index, news, now, told);
    if (news.type === "write samples") return sample(world, index, news, told);
    if (news.type !== "read health") return patch(world, index, news, now, setting, told);
    return bounds.readings.flatMap((state) =>
      pass(new Map([...found, [news.request.metadata.uid, readingOf(state, bounds)]]), ` (found ${state})`)
    );
  };
  return pass(new Map(), "");
}

const ends: readonly (Phase | undefined)[] = ["Completed", "Superseded", "Failed", "RolledBack"];

/** An end is decided on the workload as it is. */
function readsAnew(world: World, index: 0 | 1, { mutation }: Setting): boolean {
  return !mutation.endsUnread && world.replicas[index].deployment !== world.deployment;
}

function patch(world: World, index: 0 | 1, news: PatchStep, now: Date, { mutation }: Setting, told: string): Move[] {
  const step = { ...news, workload: project(world.replicas[index].deployment ?? world.deployment) };
  const operations = patchOf(step, now);
  const { world: after, object } = patchDeployment(world, mutation.patch?.(operations) ?? operations);
  const what = `${nameOf(index)} ${inWords(step)}${told}`;
  if (!object) {
    const read = withReplica(world, index, { deployment: world.deployment });
    return [{ what: `${what}: refused by a test of the patch, reads anew`, world: settled(read), facts: [] }];
  }
  const noted = withMemory(after, step);
  const facts: Fact[] = [{ type: "patched", step, after: object }];
  return [
    { what, world: settled(withReplica(noted, index, { deployment: object })), facts },
    ...unanswered(noted, what, facts),
  ];
}

function inWords(step: PatchStep): string {
  const { current } = step.slots[0];
  switch (step.type) {
    case "apply":
      return `applies ${step.request.spec.newImage} in the place of ${current}`;
    case "mark verified":
      return `marks ${current} as verified`;
    case "roll back":
      return `rolls ${current} back to ${step.moves[0].image}`;
    case "hold":
      return `writes down that ${step.holds[0].image} is held`;
  }
}

/** What the promises are measured by is remembered apart from what the operator remembers. */
function withMemory(world: World, { type, request, slots }: PatchStep): World {
  const touched = world.touched.filter((name) => !slots.some((slot) => slot.name === name));
  if (type === "apply") return { ...world, touched, applied: [...world.applied, request.metadata.uid] };
  if (type === "roll back") {
    return {
      ...world,
      touched,
      left: slots.reduce((left, { name, current }) => withLeft(left, name, current), world.left),
    };
  }
  return world;
}

function update(
  world: World,
  index: 0 | 1,
  { request, statusUpdate }: Extract<Step, { type: "write status" }>,
  now: Date,
  told: string,
): Move[] {
  const { phase, reason } = statusUpdate;
  const what = `${nameOf(index)} writes that ${request.spec.newImage} is ${phase} (${reason})${told}`;
  return written(world, index, request, statusOf(request, statusUpdate, now, false), what);
}

function sample(
  world: World,
  index: 0 | 1,
  { request, rollout }: Extract<Step, { type: "write samples" }>,
  told: string,
): Move[] {
  const what = `${nameOf(index)} writes a sample of the rollout of ${request.spec.newImage}${told}`;
  return written(world, index, request, { ...request.status, rollout }, what);
}

function written(
  world: World,
  index: 0 | 1,
  request: UpdateRequest,
  status: UpdateRequestStatus,
  what: string,
): Move[] {
  const { name } = request.metadata;
  const { world: after, object } = writeStatus(world, request, status);
  if (!object) {
    const read = withAnswer(world, index, name, world.requests[name]);
    return [{ what: `${what}: conflict, reads anew`, world: read, facts: [] }];
  }
  const facts: Fact[] = [{ type: "statusWritten", before: request, after: object }];
  return [{ what, world: withAnswer(after, index, name, object), facts }, ...unanswered(after, what, facts)];
}

function prune(world: World, index: 0 | 1, { bounds: { keepFinished }, mutation }: Setting): Move[] {
  const { workload, requests } = knownTo(world, index, mutation);
  const [request] = requests.length > keepFinished ? prunable(requests, workload, keepFinished, () => false) : [];
  if (!request) return [];
  const { world: after, object } = remove(world, request);
  const facts: Fact[] = object ? [{ type: "removed", request: object }] : [];
  const what = `${nameOf(index)} removes the finished request for ${request.spec.newImage}`;
  return [{
    what,
    world: withAnswer(after, index, request.metadata.name, after.requests[request.metadata.name]),
    facts,
  }];
}

/** The write is done, but its answer does not arrive. */
function unanswered(world: World, what: string, facts: readonly Fact[]): Move[] {
  const { answersLost } = world.budget;
  if (answersLost === 0) return [];
  return [{ what: `${what}, and hears no answer`, world: spend(world, { answersLost: answersLost - 1 }), facts }];
}

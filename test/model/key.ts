import { AUTO_ROLLBACK, DECIDING_ANNOTATIONS } from "../../core/workloads/annotations.ts";
import { containersOf } from "../../core/requests/containers.ts";
import { readHistory } from "../../core/requests/history.ts";
import { readHolds } from "../../core/requests/holds.ts";
import { isFinished, type UpdateRequest } from "../../core/requests/update_request.ts";
import type { Setting } from "./move.ts";
import { age, type Deployment, type Heard, type Replica, type World } from "./world.ts";

/**
 * What tells worlds apart. Two worlds of one key have the same future: of uids, resourceVersions and times only the order
 * counts, of a verification's times whether the soak time or the deadline is over, and which replica is which does not.
 * Left out is what only tells people something.
 */
export function keyOf(world: World, { bounds, mutation }: Setting): string {
  const { budget, left, applied, deleted, requests, deployment, before, replicas, now } = world;
  const { clocks, images } = bounds;
  const isUndoable = budget.deeds > 0 && bounds.does.includes("undo");
  const areAlike = clocks[0] === clocks[1];
  const shared: Part[] = [
    Object.values(budget.sightings).join(),
    `${budget.deeds} ${budget.kills} ${budget.answersLost}`,
    left.join(),
    world.touched.join(),
    ...applied.map(uidPart),
    ...deleted.filter((uid) => isKnown(replicas, uid)).map(uidPart),
    ...Object.values(requests).map(requestPart),
    deploymentPart(deployment),
    isUndoable && before !== deployment ? deploymentPart(before) : "",
    ...(areAlike
      ? []
      : Object.keys(images).flatMap((name) => clocks.map((clock) => part(`<t ${name} ${now + clock}>`)))),
  ];
  const [a, b] = replicas.map((replica) => replicaParts(replica, world, mutation.memory !== undefined)) as [
    Part[],
    Part[],
  ];
  const text = inOrder(
    [...shared, ...a, ...b],
    areAlike ? [now] : clocks.map((clock) => now + clock),
    unverified(world),
  );
  const [x, y] = [a.map(text).join("|"), b.map(text).join("|")];
  return `${shared.map(text).join("|")}\n${areAlike && x > y ? `${y}\n${x}` : `${x}\n${y}`}`;
}

/** Whether a replica still knows of a request, or is to hear of it. */
const isKnown = (replicas: World["replicas"], uid: string): boolean =>
  replicas.some(({ requests, unheard }) =>
    Object.values(requests).some(({ metadata }) => metadata.uid === uid) ||
    unheard.requests.some(({ object }) => object?.metadata.uid === uid)
  );

/** A text with its numbers taken out: of each, what it is one of, and its value. */
interface Numbered {
  text: number;
  groups: readonly string[];
  numbers: readonly number[];
}
type Part = string | Numbered;

const token = /<(\w+ [^ >]*) (\d+)>/g;
const ageOf = "age ";
const ids = new Map<string, number>();

function part(text: string): Numbered {
  const groups: string[] = [];
  const numbers: number[] = [];
  const without = text.replace(token, (_, group: string, number: string) => {
    groups.push(group);
    numbers.push(Number(number));
    return `<${group.startsWith(ageOf) ? ageOf : group}>`;
  });
  let id = ids.get(without);
  if (id === undefined) ids.set(without, id = ids.size);
  return { text: id, groups, numbers };
}

/** Uids of the requests that are still to be verified, as far as somebody knows. */
function unverified({ requests, replicas }: World): Set<string> {
  const uids = new Set<string>();
  const look = (request: UpdateRequest | undefined) => {
    if (request && !isFinished(request) && request.status?.phase !== "Held") uids.add(request.metadata.uid);
  };
  for (const one of [requests, ...replicas.map((replica) => replica.requests)]) Object.values(one).forEach(look);
  for (const { unheard } of replicas) unheard.requests.forEach(({ object }) => look(object));
  return uids;
}

/**
 * Writes a part with each number replaced by what counts of it: its rank, or how long it is ago, which counts for requests
 * that are still to be verified.
 */
function inOrder(parts: readonly Part[], clocks: readonly number[], uids: Set<string>): (part: Part) => string {
  const found: Record<string, number[]> = {};
  for (const part of parts) {
    if (typeof part === "string") continue;
    for (let index = 0; index < part.numbers.length; index++) {
      const [group, number] = [part.groups[index]!, part.numbers[index]!];
      const numbers = found[group] ??= [];
      if (!numbers.includes(number)) numbers.push(number);
    }
  }
  for (const numbers of Object.values(found)) numbers.sort((a, b) => a - b);
  return (part) => {
    if (typeof part === "string") return part;
    let text = String(part.text);
    for (let index = 0; index < part.numbers.length; index++) {
      const [group, number] = [part.groups[index]!, part.numbers[index]!];
      if (!group.startsWith(ageOf)) text += `,${found[group]!.indexOf(number)}`;
      else if (uids.has(group.slice(ageOf.length))) text += `,${clocks.map((now) => age(now - number)).join("/")}`;
    }
    return text;
  };
}

const nothing = "-";

function replicaParts(replica: Replica, { deployment, requests }: World, isTold: boolean): Part[] {
  const { hand, unheard } = replica;
  const { containers } = deployment.spec.template.spec;
  const ofDeployment = (one: Deployment | undefined): Part =>
    one === undefined ? nothing : one === deployment ? "=" : deploymentPart(one);
  const ofRequest = (one: UpdateRequest | undefined): Part =>
    one === undefined ? nothing : one === requests[one.metadata.name] ? `=${one.metadata.name}` : requestPart(one);
  const ofHeard = <T>({ name, object, isListed }: Heard<T>, text: (one: T | undefined) => Part): Part[] => [
    `${isListed ? "listed " : ""}${name}`,
    text(object),
  ];
  return [
    ofDeployment(replica.deployment),
    ...Object.values(replica.requests).map(ofRequest),
    "unheard",
    ...unheard.deployments.flatMap((one) => ofHeard(one, ofDeployment)),
    ...unheard.requests.flatMap((one) => ofHeard(one, ofRequest)),
    ...(hand ? [`hand ${hand.request.metadata.name} ${hand.request.spec.currentImage}`, ofRequest(hand.inTheWay)] : []),
    ...Object.entries(replica.lookups).flatMap(([uid, said]) => [said, uidPart(uid)]),
    ...(isTold ? containers.map(({ name }) => part(timeToken(`t ${name}`, replica.killedAt))) : []),
  ];
}

const parts = new WeakMap<object, Numbered>();

function remembered<T extends object>(object: T, make: (object: T) => string): Numbered {
  let known = parts.get(object);
  if (!known) parts.set(object, known = part(make(object)));
  return known;
}

const uidPart = (uid: string) => part(uidToken(uid));
const uidToken = (uid: string | undefined) => uid === undefined ? "" : `<u ${uid.replace("~", " ")}>`;
const timeToken = (group: string, time: string | undefined) =>
  time === undefined ? "" : `<${group} ${Date.parse(time)}>`;

function requestPart(request: UpdateRequest): Numbered {
  return remembered(request, (request) => {
    const { metadata, spec, status = {} } = request;
    const isVerifying = status.phase === "Verifying";
    const last = status.rollout?.at(-1);
    const healthy = status.conditions?.find(({ type }) => type === "Healthy");
    return [
      uidToken(metadata.uid),
      `<v ${metadata.name} ${metadata.resourceVersion}>`,
      spec.currentImage,
      spec.decision?.approved,
      spec.requireApproval,
      status.phase,
      status.message,
      status.approvedBy,
      ...containersOf(request).map((name) => timeToken(`t ${name}`, status.appliedAt)),
      ...(status.conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`),
      last && `${last.old} ${last.new} ${last.ready}`,
      isVerifying ? timeToken(ageOf + metadata.uid, last?.at) : "",
      isVerifying ? timeToken(ageOf + metadata.uid, status.appliedAt) : "",
      isVerifying ? timeToken(ageOf + metadata.uid, healthy?.lastTransitionTime) : "",
    ].join();
  });
}

function deploymentPart(deployment: Deployment): Numbered {
  return remembered(deployment, ({ metadata: { annotations }, spec }) => {
    const history = readHistory(annotations["headwind.sh/update-history"]).map((entry) => [
      entry.container,
      entry.image,
      entry.previousImage,
      timeToken(`t ${entry.container}`, entry.timestamp),
      uidToken(entry.updateRequestUid),
      entry.verified,
      entry.rollback?.of,
      entry.rollback?.by,
      entry.updateRequestUid ? timeToken(ageOf + entry.updateRequestUid, entry.timestamp) : "",
    ]);
    const held = readHolds(annotations["headwind.sh/held"]).map((hold) => [
      hold.container,
      hold.image,
      timeToken(`t ${hold.container}`, hold.at),
      timeToken(`t ${hold.container}`, hold.resumedAt),
    ]);
    const settings = [...DECIDING_ANNOTATIONS, AUTO_ROLLBACK].map((name) => annotations[`headwind.sh/${name}`]);
    return [...spec.template.spec.containers.map(({ image }) => image), ...history, "held", ...held, ...settings]
      .join();
  });
}

import { runToEnd } from "../../core/lib/time_slices.ts";
import { create, remove, settled, withAnswer } from "./api_server.ts";
import type { Fact, Known, Move, NewRequests, Setting } from "./move.ts";
import { heldForAny } from "../../core/requests/holds.ts";
import { remainderOf } from "../../core/intake/existing_requests.ts";
import { groupOf, isNonEmpty, type SlotGroup } from "../../core/workloads/slot_group.ts";
import { knownTo, nameOf, project } from "./known.ts";
import { canRecreate } from "../../core/requests/recreate.ts";
import type { NewUpdateRequest } from "../../core/requests/store.ts";
import { parseReference, repositoryName } from "../../core/versions/reference.ts";
import { repositoryOf } from "../../core/versions/slot_reference.ts";
import { newRequest } from "../../core/intake/new_request.ts";
import { runs } from "../../core/versions/compare.ts";
import type { Sighting } from "../../core/plugin.ts";
import { proposeUpdates } from "../../core/intake/proposed_updates.ts";
import type { WorkloadSettings } from "../../core/workloads/annotations.ts";
import { type Bounds, type Deployment, spend, withContainer, withReplica, type World } from "./world.ts";

/** All requests that there can be, made by the operator's own functions, once: a walk has no time for the same hashes again. */
export function newRequests(bounds: Bounds): NewRequests {
  const bySettings = new Map<WorkloadSettings | undefined, ReturnType<typeof madeFor>>();
  return (containers, current, wanted, deployment) => {
    const { settings } = project(deployment);
    let made = bySettings.get(settings);
    if (!made) bySettings.set(settings, made = madeFor(bounds, deployment));
    return made.get(`${containers} ${current} ${wanted}`);
  };
}

function madeFor(bounds: Bounds, deployment: Deployment): ReadonlyMap<string, NewUpdateRequest> {
  const made = new Map<string, NewUpdateRequest>();
  for (const names of groupsOf(bounds)) {
    const images = bounds.images[names[0]!]!;
    for (const current of images) {
      const pod = names.reduce((pod, name) => withContainer(pod, name, current), deployment);
      const slots = project(pod).slots.filter(({ name }) => names.includes(name));
      const workload = { ...project(pod), slots };
      for (const image of images) {
        const [want] = runToEnd(proposeUpdates(sightingOf(image), slots.map((slot) => ({ workload, slot }))));
        const source = { trigger: "registry", trusted: true };
        if (want) made.set(`${names} ${current} ${image}`, newRequest(want, sightingOf(image), source, new Date(0)));
      }
    }
  }
  return made;
}

/** All that may move together: containers of the same images, some of them or all, by name. */
function groupsOf({ images }: Bounds): string[][] {
  const groups: string[][] = [];
  for (const name of Object.keys(images).sort()) {
    const alike = groups.filter(([first]) => images[first!]!.join() === images[name]!.join());
    groups.push(...alike.map((group) => [...group, name]), [name]);
  }
  return groups;
}

function sightingOf(image: string): Sighting {
  const reference = parseReference(image);
  const artifact = { type: "image", repository: repositoryName(reference) } as const;
  return { artifact, versions: [{ tag: reference.tag! }], via: "webhook", complete: false };
}

/** A trusted webhook reaches a replica, which takes it in as `core/intake/intake.ts` does, up to its first write. */
export function sighted(world: World, index: 0 | 1, image: string, { requests, mutation }: Setting): Move[] {
  const { deployment, hand, unheard } = world.replicas[index];
  const all = [...unheard.deployments, ...unheard.requests];
  if (hand || !deployment || all.some(({ isListed }) => isListed)) return [];
  const known = knownTo(world, index, mutation);
  const repository = repositoryName(parseReference(image));
  const { slots } = known.workload;
  const groups = slots.filter((slot) => repositoryOf(slot) === repository).map((slot) => groupOf(slots, slot));
  const firsts = groups.filter(([{ name }], at) => groups.findIndex(([first]) => first.name === name) === at);
  return firsts.flatMap((group) => sightedFor(world, index, image, group, known, { requests, mutation }));
}

/** What it leads to for containers that move together: other such groups are told of it by sightings of their own. */
function sightedFor(
  world: World,
  index: 0 | 1,
  image: string,
  group: SlotGroup,
  known: Known,
  { requests, mutation }: Pick<Setting, "requests" | "mutation">,
): Move[] {
  const { deployment, unheard } = world.replicas[index];
  const all = [...unheard.deployments, ...unheard.requests];
  const what = `${nameOf(index)} is told of ${image}`;
  const whole = requests(group.map(({ name }) => name), group[0].current, image, deployment!);
  if (!whole) return [];
  const { existing: standing, rest = [] } = remainderOf(whole, group, known.workload, known.requests);
  if (!isNonEmpty(rest)) {
    const facts = standing.map((known): Fact => ({ type: "acknowledged", name: known.metadata.name, known }));
    return [{ what: `${what}: there are requests for parts of it`, world, facts }];
  }
  const [slot] = rest;
  const request = requests(rest.map(({ name }) => name), slot.current, image, deployment!)!;
  if (heldForAny(known.workload, rest, request.spec.newImage, known.requests)) return [];
  const existing = known.requests.find(({ metadata }) => metadata.name === request.metadata.name);
  if (existing && !canRecreate(existing, { workload: known.workload, slot })) {
    const fact: Fact = { type: "acknowledged", name: existing.metadata.name, known: existing };
    return [{ what: `${what}: there is a request`, world, facts: [fact] }];
  }
  const name = mutation.name?.(request.metadata.name, world.serial) ?? request.metadata.name;
  const taken = { request: { ...request, metadata: { ...request.metadata, name } }, inTheWay: undefined };
  const { sightings } = world.budget;
  const seen = spend(world, { sightings: { ...sightings, [image]: sightings[image]! - 1 } });
  return goOn(withReplica(seen, index, { hand: taken }), index, all.length === 0)
    .map((move) => ({ ...move, what: `${what}: ${move.what}` }));
}

/** The next write of a sighting that is in hand. */
export function goOn(world: World, index: 0 | 1, isInformed = false): Move[] {
  const { hand } = world.replicas[index];
  if (!hand) return [];
  const { request, inTheWay } = hand;
  const { name } = request.metadata;
  const image = request.spec.newImage;
  if (inTheWay) {
    const { world: after, object } = remove(world, inTheWay);
    const facts: Fact[] = object ? [{ type: "removed", request: object }] : [];
    const told = withAnswer(after, index, name, after.requests[name]);
    const next = withReplica(told, index, { hand: { request, inTheWay: undefined } });
    return [{ what: `removes the old request for ${image}`, world: next, facts }];
  }
  const done = (world: World, what: string, facts: Fact[]): Move => ({
    what,
    world: withReplica(world, index, { hand: undefined }),
    facts: [...facts, { type: "acknowledged", name, known: undefined }],
  });
  const { world: after, object } = create(world, request);
  if (object) {
    const fact: Fact = { type: "created", request: object, isInformed };
    return [done(withAnswer(after, index, name, object), `makes a request for ${image}`, [fact])];
  }
  const existing = world.requests[name]!;
  const read = settled(withReplica(world, index, { deployment: world.deployment }));
  const workload = project(world.deployment);
  const slot = workload.slots.find(({ name }) => name === request.spec.containerName)!;
  if (runs(slot.current, image) || !canRecreate(existing, { workload, slot })) {
    return [done(read, `there is a request for ${image} already`, [])];
  }
  const next = withReplica(read, index, { hand: { request, inTheWay: existing } });
  return [{ what: `finds an old request for ${image}, to be made anew`, world: next, facts: [] }];
}

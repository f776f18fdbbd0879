import { create, remove, settled, withAnswer } from "./api_server.ts";
import type { Fact, Move, NewRequests, Setting } from "./move.ts";
import { heldBy } from "../../core/updates/holds.ts";
import { knownTo, nameOf, project } from "./known.ts";
import { mayBeMadeAnew } from "../../core/intake/again.ts";
import type { NewUpdateRequest } from "../../core/updates/store.ts";
import { parseReference, repositoryName } from "../../core/image/reference.ts";
import { repositoryOf } from "../../core/match/repository.ts";
import { requestFor } from "../../core/intake/request.ts";
import { runs } from "../../core/updates/compare.ts";
import type { Sighting } from "../../core/plugin.ts";
import { wanted } from "../../core/intake/wanted.ts";
import { type Bounds, firstWorld, spend, withContainer, withReplica, type World } from "./world.ts";

/** All requests that there can be, made by the operator's own functions, ahead: a walk has no time for the same hashes again. */
export function newRequests(bounds: Bounds): NewRequests {
  const made = new Map<string, NewUpdateRequest>();
  const { deployment } = firstWorld(bounds);
  for (const [name, images] of Object.entries(bounds.images)) {
    for (const current of images) {
      const workload = project(withContainer(deployment, name, current));
      const slot = workload.slots.find((slot) => slot.name === name)!;
      for (const image of images) {
        const [want] = wanted(sightingOf(image), [{ workload, slot }]);
        const source = { trigger: "registry", trusted: true };
        if (want) {
          made.set(`${name} ${current} ${image}`, requestFor(want, sightingOf(image), source, new Date(0)));
        }
      }
    }
  }
  return (container, current, wanted) => made.get(`${container} ${current} ${wanted}`);
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
  const slot = known.workload.slots.find((slot) => repositoryOf(slot) === repository);
  const request = slot && requests(slot.name, slot.current, image);
  if (!slot || !request || heldBy(known.workload, slot, request.spec.newImage, known.requests)) return [];
  const what = `${nameOf(index)} is told of ${image}`;
  const existing = known.requests.find(({ metadata }) => metadata.name === request.metadata.name);
  if (existing && !mayBeMadeAnew(existing, { workload: known.workload, slot })) {
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
    const next = withReplica(after, index, { hand: { request, inTheWay: undefined } });
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
  if (runs(slot.current, image) || !mayBeMadeAnew(existing, { workload, slot })) {
    return [done(read, `there is a request for ${image} already`, [])];
  }
  const next = withReplica(read, index, { hand: { request, inTheWay: existing } });
  return [{ what: `finds an old request for ${image}, to be made anew`, world: next, facts: [] }];
}

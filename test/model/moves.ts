import { answered } from "./lookups.ts";
import { appliedAt } from "../../core/lifecycle/after_apply.ts";
import { deeds } from "./person.ts";
import { goOn, sighted } from "./sightings.ts";
import { hear, settled } from "./api_server.ts";
import { isFinished } from "../../core/requests/update_request.ts";
import type { Move, Setting } from "./move.ts";
import { nameOf, project } from "./known.ts";
import { reconcile } from "./replica.ts";
import { type Replica, soakSeconds, spend, timeoutSeconds, withReplica, type World } from "./world.ts";

/**
 * All that may happen next. Nobody holds a Lease here: both replicas may act at any moment, as they do while one does not
 * know yet that it has lost it.
 */
export function movesOf(world: World, setting: Setting): Move[] {
  const ofReplica = (index: 0 | 1): Move[] => [
    ...reconcile(world, index, setting),
    ...goOn(world, index).map((move) => ({ ...move, what: `${nameOf(index)} ${move.what}` })),
    ...Object.entries(world.budget.sightings).flatMap(([image, left]) =>
      left > 0 ? sighted(world, index, image, setting) : []
    ),
    ...hearing(world, index),
    ...answered(world, index),
    ...killed(world, index),
  ];
  return [...ofReplica(0), ...ofReplica(1), ...deeds(world, setting.bounds), ...timePasses(world)];
}

function hearing(world: World, index: 0 | 1): Move[] {
  const replica = world.replicas[index];
  const heard = (from: "deployments" | "requests", what: string): Move[] =>
    replica.unheard[from].length === 0
      ? []
      : [{ what, world: settled(withReplica(world, index, hear(replica, from))), facts: [] }];
  const name = replica.unheard.requests[0]?.name;
  return [
    ...heard("deployments", `${nameOf(index)} hears of the Deployment`),
    ...heard("requests", `${nameOf(index)} hears of the request ${name}`),
  ];
}

/** It forgets all, and begins with a list of what is. */
function killed(world: World, index: 0 | 1): Move[] {
  const { kills } = world.budget;
  if (kills === 0) return [];
  const listed = <T>(name: string, object: T) => ({ name, object, isListed: true });
  const replica: Replica = {
    deployment: undefined,
    requests: {},
    unheard: {
      deployments: [listed(world.deployment.metadata.name, world.deployment)],
      requests: Object.entries(world.requests).map(([name, request]) => listed(name, request)),
    },
    hand: undefined,
    killedAt: new Date(world.now).toISOString(),
    lookups: {},
  };
  const what = `${nameOf(index)} is killed and starts anew`;
  return [{ what, world: withReplica(spend(world, { kills: kills - 1 }), index, replica), facts: [] }];
}

/** Time passes where that changes what somebody does: until a change has had its soak time, or its deadline. */
export function timePasses(world: World): Move[] {
  const workload = project(world.deployment);
  const waiting = Object.values(world.requests).filter((request) =>
    !isFinished(request) && request.status?.phase !== "Held"
  );
  const healthy = waiting.flatMap(({ status }) =>
    status?.conditions?.find(({ type }) => type === "Healthy")?.lastTransitionTime ?? []
  );
  const applied = waiting.flatMap((request) => appliedAt(request, workload) ?? []);
  return [
    ...later(world, soakSeconds, healthy, "half a minute passes"),
    ...later(world, soakSeconds + timeoutSeconds, [...healthy, ...applied], "the deadline passes"),
  ];
}

function later(world: World, seconds: number, since: string[], what: string): Move[] {
  const isAwaited = since.some((time) => Date.parse(time) + seconds * 1000 > world.now);
  return isAwaited ? [{ what, world: { ...world, now: world.now + seconds * 1000 }, facts: [] }] : [];
}

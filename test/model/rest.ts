import { type Breach, offered } from "./promises.ts";
import { answered } from "./lookups.ts";
import { goOn } from "./sightings.ts";
import { isFinished } from "../../core/requests/update_request.ts";
import { lastEntry } from "../../core/requests/history.ts";
import { project } from "./known.ts";
import { runs } from "../../core/versions/compare.ts";
import { keyOf } from "./key.ts";
import { reconcile } from "./replica.ts";
import type { Setting } from "./move.ts";
import { soakSeconds, timeoutSeconds, withReplica, type World } from "./world.ts";

const MOST_STEPS = 200;

export interface Restless {
  breach: Breach;
  /** What happened until then. */
  path: string[];
}

/**
 * Whether a world does not come to rest in which nothing more happens: nobody does anything, all is heard of, one replica
 * works, and the workload is found the same at each reading. At rest each request has ended, or waits for a person.
 * `known` are worlds that do, by key and by how the workload is found.
 */
export function restless(world: World, setting: Setting, known: Set<string>): Restless | undefined {
  const calm = quiet({ ...world, budget: { sightings: {}, deeds: 0, kills: 0, answersLost: 0 } });
  const key = keyOf(calm, setting);
  for (const found of setting.bounds.readings) {
    const path: string[] = [];
    const constant = { ...setting, bounds: { ...setting.bounds, readings: [found] } };
    const breach = follow(calm, key, constant, known, path);
    if (breach) {
      return { breach, path: [`(from here on nothing but the operator, and it finds all ${found})`, ...path] };
    }
  }
}

function follow(
  from: World,
  firstKey: string,
  setting: Setting,
  known: Set<string>,
  path: string[],
): Breach | undefined {
  const found = setting.bounds.readings.join();
  const keys = [`${found} ${firstKey}`];
  for (let [world, waited] = [from, 0]; !known.has(keys.at(-1)!);) {
    if (path.length >= MOST_STEPS) return { promise: "the world comes to rest", how: `not in ${MOST_STEPS} steps` };
    const [move] = [...goOn(world, 0), ...goOn(world, 1), ...answered(world, 0), ...reconcile(world, 0, setting)];
    if (move) {
      path.push(move.what);
      world = quiet(move.world);
      keys.push(`${found} ${keyOf(world, setting)}`);
      waited = 0;
      continue;
    }
    const seconds = [soakSeconds, timeoutSeconds + soakSeconds][waited++];
    if (seconds === undefined) {
      const breach = unsettled(world);
      if (breach) return breach;
      break;
    }
    path.push(`${seconds} s pass`);
    world = { ...world, now: world.now + seconds * 1000 };
  }
  for (const key of keys) known.add(key);
}

/** Both replicas know all. */
function quiet(world: World): World {
  const { deployment, requests } = world;
  const informed = { deployment, requests, unheard: { deployments: [], requests: [] } };
  return withReplica(withReplica(world, 0, informed), 1, informed);
}

function unsettled(world: World): Breach | undefined {
  const { slots, annotations } = project(world.deployment);
  for (const slot of slots) {
    const { image = "", updateRequestUid } = lastEntry(annotations.history, slot.name) ?? {};
    const request = Object.values(world.requests).find(({ metadata }) => metadata.uid === updateRequestUid);
    const phase = request?.status?.phase ?? "";
    const isOurs = request?.status?.appliedAt && runs(slot.current, image) && !world.touched.includes(slot.name);
    if (isOurs && !["Completed", "Failed"].includes(phase)) {
      return { promise: "what is brought in and runs is judged", how: `${request.metadata.name} is ${phase}` };
    }
  }
  for (const request of Object.values(world.requests)) {
    if (isFinished(request)) continue;
    const breach = offered(request, world);
    if (breach) return breach;
    const { phase, message, conditions } = request.status ?? {};
    const reason = conditions?.find(({ type }) => type === "Applied")?.reason;
    if (phase === "Held" || reason === "WaitingForApproval") continue;
    return { promise: "the world comes to rest", how: `${request.metadata.name} stays ${phase}: ${message}` };
  }
}

import type { Move } from "./move.ts";
import { nameOf } from "./known.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { withReplica, type World } from "./world.ts";

/** It goes on with all else, and knows the answer once that has come. */
export function asks(world: World, index: 0 | 1, { metadata, spec }: UpdateRequest): Move[] {
  const { lookups, requests } = world.replicas[index];
  const awaited = Object.entries(lookups).filter(([uid]) =>
    Object.values(requests).some((request) => request.metadata.uid === uid)
  );
  const asked = { ...Object.fromEntries(awaited), [metadata.uid]: "asked" as const };
  const what = `${nameOf(index)} asks the registry for ${spec.newImage}`;
  return [{ what, world: withReplica(world, index, { lookups: asked }), facts: [] }];
}

/** A registry answers when it likes. */
export function answered(world: World, index: 0 | 1): Move[] {
  const { lookups } = world.replicas[index];
  return Object.keys(lookups).filter((uid) => lookups[uid] === "asked").map((uid) => ({
    what: `the registry answers ${nameOf(index)} for ${uid.split("~")[0]}`,
    world: withReplica(world, index, { lookups: { ...lookups, [uid]: "found" } }),
    facts: [],
  }));
}

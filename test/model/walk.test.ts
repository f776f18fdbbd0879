// runs on: deno, node
// timeout: 900
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Bounds } from "./world.ts";
import type { Mutation } from "./move.ts";
import { mutations } from "./mutations.ts";
import { newRequests } from "./sightings.ts";
import type { Promised } from "./promises.ts";
import { walk, type Walked } from "./walk.ts";
import { worlds } from "./worlds.ts";

const s = suite("all interleavings of small worlds");

async function walked(name: string, bounds: Bounds, mutation: Mutation = {}): Promise<Walked> {
  const started = performance.now();
  const result = walk({ bounds, requests: newRequests(bounds), mutation });
  const { states, moves, depth, rests, breach } = result;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const lines = [`${name}: ${states} states, ${moves} moves, ${depth} deep, ${rests} come to rest, ${seconds} s`];
  if (breach) lines.push(`  broken: ${breach.promise}: ${breach.how}`, ...numbered(breach.path));
  tell(lines);
  return result;
}

/** What happens again and again is told once. */
function numbered(path: readonly string[]): string[] {
  const runs: { what: string; times: number }[] = [];
  for (const what of path) {
    const last = runs.at(-1);
    if (last?.what === what) last.times++;
    else runs.push({ what, times: 1 });
  }
  return runs.map(({ what, times }, index) => `  ${index + 1}. ${what}${times > 1 ? ` (${times} times)` : ""}`);
}

/** `npm test` shows such lines of a file that passes too. */
function tell(lines: readonly string[]): void {
  console.log(`\n${lines.map((line) => `# ${line}`).join("\n")}`);
}

const seen = new Set<string>();
let states = 0;
/**
 * A walk is of pure functions: of the larger worlds each is walked on one of the two runtimes, and the smaller ones on both. That
 * both go the same way, those and the faults show.
 */
const alone: Record<"deno" | "node", (keyof typeof worlds)[]> = {
  deno: [
    "two versions of a container",
    "two containers and a person",
    "a person who edits while a replica lags",
    "a person who approves and rejects",
    "a pod of two containers of one version, and a person",
  ],
  node: [
    "two containers, each with a version",
    "a person who edits between two versions",
    "a person who changes settings while a replica lags",
    "a person who deletes requests, edits, rolls back and holds",
    "a pod of two containers of one version, kills and answers that do not arrive",
    "kills, with nothing kept that is finished",
  ],
};
const elsewhere: string[] = "Deno" in globalThis ? alone.node : alone.deno;
const here = Object.entries(worlds).filter(([name]) => !elsewhere.includes(name));
for (const [name, bounds] of here) {
  s(`every promise is kept: ${name}`, async () => {
    const result = await walked(name, bounds);
    assert.is(result.breach, undefined);
    for (const one of result.seen) seen.add(one);
    states += result.states;
  });
}

s("the walks have been everywhere", () => {
  tell([`${states} states in all`]);
  const written = ["apply", "mark verified", "roll back", "hold", "created", "removed", "acknowledged"];
  const phases = [
    "Pending",
    "Approved",
    "Verifying",
    "Completed",
    "Rejected",
    "Failed",
    "RolledBack",
    "Superseded",
    "Held",
  ];
  assert.equal([...written, ...phases].filter((one) => !seen.has(one)), []);
  assert.ok(states > 50_000);
});

// deno-fmt-ignore
const faults: [keyof typeof mutations, Bounds, breaks: Promised][] = [
  ["the patch tests nothing", worlds["a person who edits while a replica lags"], "a person's change is never overwritten"],
  ["the request's name is random", worlds["a person who edits while a replica lags"], "one sighting, one request"],
  [
    "of a pod only the first container is moved",
    worlds["a pod of two containers of one version, and a person who approves"],
    "what is brought in and runs is judged",
  ],
  ["a hold is forgotten on restart", { ...worlds["everything is held after a rollback"], kills: 1 }, "a held version is neither offered nor applied"],
  ["it works before its lists are there", { ...worlds["a person who edits between two versions"], kills: 1 }, "a hold is remembered"],
  ["the patch tests no settings", worlds["a person who changes settings while a replica lags"], "what a person sets counts when it is applied"],
  [
    "a request is ended by what was heard of its workload",
    { ...worlds["a person who edits while a replica lags"], sightings: { "app:1.2.0": 1 } },
    "what is said is true",
  ],
];
for (const [name, bounds, promise] of faults) {
  s(`a fault is found: ${name}`, async () => {
    const { breach } = await walked(name, bounds, mutations[name]);
    assert.is(breach?.promise, promise);
    assert.ok(breach && breach.path.length > 1);
  });
}

s.run();

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Hang, type Hanging, hangs, startHanging } from "../../../scripts/testbed/hanging.ts";

const s = suite("a server that hangs");
const servers = new Map<Hang, Hanging>();

s.before(async () => {
  for (const hang of hangs) servers.set(hang, await startHanging(hang));
});
s.after(async () => {
  for (const server of servers.values()) await server.stop();
});

/** What one who asks has after so long: nothing, no answer, only a head, or a whole body. */
async function got(hang: Hang): Promise<"an error" | "nothing" | "a head" | "a body"> {
  const limit = AbortSignal.timeout(1_500);
  try {
    const answer = await fetch(servers.get(hang)!.url, { signal: limit });
    return await answer.text().then(() => "a body" as const, () => "a head" as const);
  } catch {
    return limit.aborted ? "nothing" : "an error";
  }
}

s("in each way", async () => {
  const all = await Promise.all(hangs.map(async (hang) => [hang, await got(hang)] as const));
  assert.equal(Object.fromEntries(all), {
    "silent": "nothing",
    "half head": "nothing",
    "head": "a head",
    "half body": "a head",
    "trickle": "a head",
    "open": "a head",
    "closes": "an error",
    "refuses": "an error",
  });
  assert.ok(servers.get("silent")!.connections() > 0);
});

s.run();

import type { Tied } from "./processes.ts";

/** Waits until a server's own page says that it is ready, for 30 s. Throws with the end of its log. */
export async function untilReady(name: string, server: Tied, url: string): Promise<void> {
  const yes = async () => {
    const answer = await fetch(url);
    await answer.body?.cancel();
    return answer.ok;
  };
  for (const deadline = Date.now() + 30_000; !(await yes().catch(() => false));) {
    const ended = server.ended() ?? (Date.now() > deadline ? "not ready in 30 s" : undefined);
    if (ended) throw new Error(`${name} did not start (${ended}):\n${await server.tail()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

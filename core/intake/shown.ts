import { delay } from "../lib/delay.ts";

const waits = [100, 300, 600, 1000];

/**
 * What the registry says of a version that a webhook told of. Registries tell of a push before they show it
 * (distribution sends its notification, then links the tag), so while the answer is not what was told of, it is asked
 * again, for two seconds; then its word stands. `told` is the digest that the webhook named, if it did.
 */
export async function retryUntilVisible(
  ask: () => Promise<string | undefined>,
  told: string | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  let answer = await ask();
  for (const wait of waits) {
    if (answer !== undefined && (told === undefined || answer === told)) break;
    await delay(wait, signal);
    answer = await ask();
  }
  return answer;
}

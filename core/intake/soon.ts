import { retryUntilVisible } from "./shown.ts";
import { withDeadline } from "../lib/deadline.ts";
import { RegistryError } from "../registry/errors.ts";

/** A sender waits for its answer, and with distribution all that it has to tell waits behind it. */
const patienceMs = 10_000;

/** `onceShown`, or `unreachable` where the registry has not answered soon enough for a sender that waits. */
export async function retryForSender(
  ask: () => Promise<string | undefined>,
  told: string | undefined,
  host: string,
  ms = patienceMs,
): Promise<string | undefined> {
  const late = () => new RegistryError("unreachable", host, `${host} gave no answer in ${ms / 1000} s.`);
  return await withDeadline({ ms, late }, () => retryUntilVisible(ask, told));
}

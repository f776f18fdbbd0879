import { onceShown } from "./shown.ts";
import { RegistryError } from "../registry/errors.ts";

/** A sender waits for its answer, and with distribution all that it has to tell waits behind it. */
const patienceMs = 10_000;

/** `onceShown`, or `unreachable` where the registry has not answered soon enough for a sender that waits. */
export async function soonShown(
  ask: () => Promise<string | undefined>,
  told: string | undefined,
  host: string,
  ms = patienceMs,
): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `${host} gave no answer in ${ms / 1000} s.`;
    timer = setTimeout(() => reject(new RegistryError("unreachable", host, message)), ms);
  });
  try {
    return await Promise.race([onceShown(ask, told), late]);
  } finally {
    clearTimeout(timer);
  }
}

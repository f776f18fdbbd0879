import { readSecret, type SecretReader, textOfValue } from "../read_secret.ts";
import type { PullSecret } from "../docker_config.ts";

/** A login at a chart repository, by Basic. */
export interface BasicLogin {
  username: string;
  password: string;
}

/** Reads a Secret of a chart source, or says in a sentence why there is nothing to read. */
export async function readSourceSecret(
  secrets: SecretReader,
  namespace: string,
  name: string,
): Promise<PullSecret | string> {
  const secret = await readSecret(secrets, "Secret", namespace, name);
  return typeof secret === "string" ? `${secret}.` : secret;
}

/**
 * The login that a Secret `which` (`namespace/name`) has in its keys `username` and `password`; undefined when it has neither. Where it
 * has but one of them, or what cannot be read, a sentence that says so.
 *
 * Source: https://github.com/fluxcd/source-controller/blob/v1.6.0/docs/spec/v1/helmrepositories.md#basic-access-authentication
 */
export function basicLoginOf(secret: PullSecret, which: string): BasicLogin | string | undefined {
  const texts = secretTexts(secret, ["username", "password"], which);
  if (typeof texts === "string") return texts;
  const { username, password } = texts;
  if (username !== undefined && password !== undefined) return { username, password };
  if (username === undefined && password === undefined) return undefined;
  const [there, missing] = username === undefined ? ["password", "username"] : ["username", "password"];
  return `Secret ${which} has the key ${there}, but not ${missing}.`;
}

/** The values of these keys that are there and not empty; a sentence where one of them is no text. */
export function secretTexts<K extends string>(
  { data = {} }: PullSecret,
  keys: readonly K[],
  which: string,
): Partial<Record<K, string>> | string {
  const texts: Partial<Record<K, string>> = {};
  for (const key of keys) {
    try {
      const text = textOfValue(data[key] ?? "");
      if (text !== "") texts[key] = text;
    } catch {
      return `Secret ${which} has a ${key} that is no text.`;
    }
  }
  return texts;
}

import type { PullSecret } from "./docker_config.ts";
import { decodeBase64, decodeUtf8 } from "../lib/bytes.ts";

/** Gives undefined for a Secret that does not exist. */
export interface SecretReader {
  getSecret(namespace: string, name: string): Promise<PullSecret | undefined>;
}

/**
 * Reads a Secret, or says why there is nothing to read: "pull secret apps/regcred does not exist", where `what` is
 * "pull secret".
 *
 * @throws what the reader throws, unless that is a refusal
 */
export async function readSecret(
  { getSecret }: SecretReader,
  what: string,
  namespace: string,
  name: string,
): Promise<PullSecret | string> {
  if (!isObjectName(name)) return `${what} ${namespace}/${JSON.stringify(name.slice(0, 64))} can have no such name`;
  try {
    return await getSecret(namespace, name) ?? `${what} ${namespace}/${name} does not exist`;
  } catch (error) {
    if (isForbidden(error)) return `${what} ${namespace}/${name} may not be read`;
    throw error;
  }
}

const OBJECT_NAME = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

/** Whether an object can have this name: what a pod template names is not checked by the API server, and `..` is a path. */
export const isObjectName = (name: string): boolean => name.length <= 253 && OBJECT_NAME.test(name);

/** Whether the Kubernetes API refused the reading. */
export const isForbidden = (error: unknown): boolean => (error as { status?: unknown } | null)?.status === 403;

/**
 * The text of a Secret's value.
 *
 * @throws when it is not base64 of UTF-8
 */
export function textOfValue(base64: string): string {
  return decodeUtf8(decodeBase64(base64));
}

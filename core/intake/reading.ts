import type { SeenVersion } from "../plugin.ts";

/** An artifact as it is read from one address with one login. All throw `RegistryError`. */
export interface ArtifactReader {
  /** Equal for what is read from the same address with the same login. No secret can be found from it. */
  identity: string;
  /** All versions, or an error: never half a list. */
  versions(signal?: AbortSignal): Promise<SeenVersion[]>;
  /** The digest of a tag of an image; undefined when there is no such tag. */
  digest(tag: string, signal?: AbortSignal): Promise<string | undefined>;
}

/** One that cannot begin. */
export function failingReader(identity: string, error: unknown): ArtifactReader {
  const fail = () => Promise.reject(error);
  return { identity, versions: fail, digest: fail };
}

import { KubeError } from "../kube/kube_error.ts";
import { RegistryError } from "../registry/errors.ts";

/** Why a reading failed, as its workload is told. */
export interface Failure {
  /** Of which it is told once. */
  kind: string;
  /** A sentence. */
  message: string;
}

/**
 * What a workload is told of an error that its reading ended with. Undefined where nothing failed: nobody waits for it any more, or whoever
 * asked has to end.
 */
export function failureOf(repository: string, error: unknown, signal?: AbortSignal): Failure | undefined {
  if (error instanceof RegistryError) return error;
  if (!(error instanceof Error) || error.name === "Unused") return undefined;
  const because = (kind: string, why: string) => ({ kind, message: `${repository} was not read: ${why}.` });
  if (error.name === "TimeoutError") return because("unreachable", error.message);
  if (signal?.aborted) return undefined;
  // who asks for what is none of the workload's business
  if (error instanceof KubeError) return because("secrets", "the API server does not give the Secrets that it takes");
  return because("internal", "the reason is an error in Headwind, which is in its log");
}

/** Of a tag that is followed and not there. */
export function missing(repository: string, tag: string): Failure {
  return { kind: "not-found", message: `the registry has no tag ${tag} of ${repository}.` };
}

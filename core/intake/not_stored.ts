import { isConflict, KubeError } from "../kube/kube_error.ts";
import { RegistryError } from "../registry/errors.ts";
import { isTerminal, TerminalError, TooManyRequests, Unavailable } from "../lib/retryable.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/** An update that a sighting led to and that coming again would not get stored. */
export interface NotStored {
  slotRef: SlotRef;
  image: string;
  /** `refused`: by the API server, in this namespace, or since it has too many. `registry`: a digest is needed, and the workload's login may not read it. */
  reason: "refused" | "registry" | "contested";
  /** A sentence without a full stop. */
  message: string;
}

/** A request that others change as fast as it is read. */
export class Contested extends TerminalError {
  override readonly name = "Contested";
}

/**
 * Why an update is lost for good, as far as the caller is concerned; undefined where coming again may mend it. What a person has to
 * mend first (a quota, an admission policy, rights, an expired Secret) is lost: else one tenant's would hold up all that a sender has.
 */
export function lostBy(error: unknown): Pick<NotStored, "reason" | "message"> | undefined {
  if (!isTerminal(error) || comesBack(error)) return undefined;
  if (error instanceof RegistryError) return { reason: "registry", message: error.message.replace(/\.$/, "") };
  if (error instanceof KubeError) {
    return { reason: "refused", message: `the API server refuses it: ${error.said || error.message}` };
  }
  return error instanceof Contested ? { reason: "contested", message: error.message } : undefined;
}

/** 401: the token is being replaced. 404: the kind is not there yet. */
const comesBack = (error: unknown): error is KubeError =>
  error instanceof KubeError &&
  (error.retryable || isConflict(error) || error.status === 401 || error.status === 404);

/** The error of a request that could not be stored: `Unavailable` where coming again may mend it. */
export function notStored(key: string, error: unknown): unknown {
  if (!comesBack(error)) return error;
  const message = `the UpdateRequest ${key} cannot be stored: ${error.message}`;
  return new Unavailable(message, error.retryAfterSeconds, { cause: error });
}

/**
 * Whether the next workload would meet the same: the API server is away, or wants fewer requests. A 500 may be one namespace's alone,
 * where an admission webhook of its own does not answer.
 */
export function isEverywhere(error: unknown): boolean {
  const cause = error instanceof Unavailable ? error.cause : error;
  if (cause instanceof KubeError) return cause.status !== 500;
  return !(cause instanceof RegistryError || cause instanceof TooManyRequests);
}

/** What the caller is told: a fault of ours before that the API server is away, and that before that a registry is. */
export function worstOf(troubles: readonly unknown[]): unknown {
  const isOfKube = (error: unknown) => error instanceof Unavailable || error instanceof KubeError;
  const isOfOne = (error: unknown) => error instanceof RegistryError || error instanceof TooManyRequests;
  return troubles.find((error) => !isOfKube(error) && !isOfOne(error)) ??
    troubles.find(isOfKube) ?? troubles[0];
}

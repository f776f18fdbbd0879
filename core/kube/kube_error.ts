import type { ClassifiedError } from "../lib/retryable.ts";

/** Why one field was refused, from `Status.details.causes`. */
export interface Cause {
  field: string;
  message: string;
  reason?: string;
}

interface KubeErrorDetails {
  said?: string;
  retryAfterSeconds?: number;
  causes?: Cause[];
  cause?: unknown;
}

/** What the API server refused, or status 0 when there was no answer of it. Retryable: no answer, 408, 429 and 5xx. */
export class KubeError extends Error implements ClassifiedError {
  override readonly name = "KubeError";
  readonly status: number;
  /** `Status.reason` of the API, such as `NotFound`; without an answer `ConnectionFailed` or `Timeout`. */
  readonly reason: string;
  /** The server's own words, without what was asked; empty where it gave none. */
  readonly said: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly causes?: Cause[];

  constructor(status: number, reason: string, message: string, details: KubeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = status;
    this.retryable = status === 0 || status >= 500 || status === 408 || status === 429;
    this.reason = reason;
    this.said = details.said ?? "";
    if (details.retryAfterSeconds !== undefined) this.retryAfterSeconds = details.retryAfterSeconds;
    if (details.causes !== undefined) this.causes = details.causes;
  }
}

/**
 * The error for what got no answer since `error` came in between. Its message may be told to whoever has a workload, so it has no address
 * of the cluster's inside: its cause does, for a log.
 */
export function connectionFailed(what: string, error: unknown): KubeError {
  return new KubeError(0, "ConnectionFailed", `${what}: no connection`, { cause: new Error(messageOf(error)) });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** The body of a refusal, `meta/v1` Status. */
export interface Status {
  code?: number;
  reason?: string;
  message?: string;
  details?: { retryAfterSeconds?: number; causes?: { field?: string; message?: string; reason?: string }[] };
}

/** The error for a Status, or for a body that is none (a proxy's page). */
export function statusError(
  status: number,
  what: string,
  body: Status | string,
  retryAfter?: string | null,
): KubeError {
  const parsed = typeof body === "string" ? {} : body;
  const text = typeof body === "string" ? body.trim().slice(0, 200) : body.message;
  const causes = parsed.details?.causes?.map(({ field = "", message = "", reason }) => ({
    field,
    message,
    ...(reason === undefined ? {} : { reason }),
  }));
  const seconds = retryAfter ? Number(retryAfter) : parsed.details?.retryAfterSeconds;
  return new KubeError(status, parsed.reason ?? "", `${what}: ${status}${text ? ` ${text}` : ""}`, {
    ...(text ? { said: text } : {}),
    ...(seconds !== undefined && Number.isFinite(seconds) && seconds >= 0 ? { retryAfterSeconds: seconds } : {}),
    ...(causes ? { causes } : {}),
  });
}

const hasStatus = (error: unknown, status: number): error is KubeError =>
  error instanceof KubeError && error.status === status;

/** By rights, by admission, or by a quota. */
export const isForbidden = (error: unknown): error is KubeError => hasStatus(error, 403);
/** The object, or its kind, does not exist. */
export const isNotFound = (error: unknown): boolean => hasStatus(error, 404);
/** Created by someone before. */
export const isAlreadyExists = (error: unknown): boolean => hasStatus(error, 409) && error.reason === "AlreadyExists";
/** Changed by someone since it was read. */
export const isConflict = (error: unknown): boolean => hasStatus(error, 409) && error.reason !== "AlreadyExists";
/** The resourceVersion or continue token is too old. */
export const isExpired = (error: unknown): boolean => hasStatus(error, 410);
/** A resourceVersion is too old, or one that this server has not come to, as after a restore of etcd: a new list is needed. */
export const isUnusableVersion = (error: unknown): boolean =>
  isExpired(error) || (error instanceof KubeError &&
    (error.reason === "Expired" ||
      (error.causes?.some(({ reason }) => reason === "ResourceVersionTooLarge") ?? false)));
/** An answer, and not that there are too many requests. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof KubeError && error.status >= 400 && error.status !== 429;
